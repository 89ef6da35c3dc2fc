using System.Collections.Immutable;
using TgVault.Core.Videos;

namespace TgVault.Core.Staging;

/// <summary>Reads a staged file by range, whichever blobs its pieces lie in.</summary>
static class StagedExtents
{
    /// <summary>Fills the whole destination from <paramref name="offset"/> of the file that these pieces make.</summary>
    /// <exception cref="StagedBlobChangedException">A blob was replaced or removed.</exception>
    public static async Task ReadAsync(
        this IStaging staging,
        ImmutableArray<Extent> extents,
        long offset,
        Memory<byte> destination,
        CancellationToken cancellationToken
    )
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset + destination.Length, extents.Sum(extent => extent.LengthBytes));
        var start = 0L;
        foreach (var extent in extents)
        {
            if (destination.IsEmpty)
                return;
            var within = offset - start;
            if (within < extent.LengthBytes)
            {
                var length = (int)Math.Min(destination.Length, extent.LengthBytes - within);
                await staging.ReadAsync(extent.Blob, extent.Offset + within, destination[..length], cancellationToken);
                destination = destination[length..];
                offset += length;
            }

            start += extent.LengthBytes;
        }
    }
}
