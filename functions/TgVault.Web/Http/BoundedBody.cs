using System.Buffers;
using Microsoft.AspNetCore.Http;

namespace TgVault.Web.Http;

/// <summary>A request's body, whole and in memory: as much of it as came, not as much as may come.</summary>
internal static class BoundedBody
{
    const int PieceBytes = 16 << 10;

    /// <summary>The body; null where it is longer than it may be.</summary>
    /// <param name="request">The request.</param>
    /// <param name="maxBytes">How long it may be.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    public static async Task<ReadOnlyMemory<byte>?> ReadAsync(HttpRequest request, int maxBytes, CancellationToken cancellationToken)
    {
        if (request.ContentLength > maxBytes)
            return null;
        using var content = new MemoryStream((int)(request.ContentLength ?? 0));
        var piece = ArrayPool<byte>.Shared.Rent(PieceBytes);
        try
        {
            while (await request.Body.ReadAsync(piece, cancellationToken) is > 0 and var read)
            {
                if (content.Length + read > maxBytes)
                    return null;
                content.Write(piece, 0, read);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece);
        }

        return content.GetBuffer().AsMemory(0, (int)content.Length);
    }
}
