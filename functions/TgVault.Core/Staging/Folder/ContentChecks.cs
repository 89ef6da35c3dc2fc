using System.Buffers;
using System.Security.Cryptography;
using Azure.Storage;
using TgVault.Core.Files;

namespace TgVault.Core.Staging.Folder;

/// <summary>Writes what a client sends and holds it against the checksums that it sent along.</summary>
static class ContentChecks
{
    // Below the large object heap's threshold.
    const int BufferBytes = 80 << 10;

    /// <exception cref="UploadRefusedException">It is cut short, or not what the client took the checksum of.</exception>
    public static async Task WriteToAsync(this UploadContent content, DurableFile file, CancellationToken cancellationToken)
    {
#pragma warning disable CA5351 // Finds damage on the way, as RFC 1864 says; it protects from nobody.
        using var md5 = content.Md5 is null ? null : IncrementalHash.CreateHash(HashAlgorithmName.MD5);
#pragma warning restore CA5351
        var crc64 = content.Crc64 is null ? null : StorageCrc64HashAlgorithm.Create();
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        using var pause = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            while (await ReadAsync(content, buffer, pause, cancellationToken) is > 0 and var read)
            {
                if (file.LengthBytes + read > content.LengthBytes)
                    throw new UploadRefusedException(UploadRefusal.Incomplete, "More bytes came than the request said.");
                md5?.AppendData(buffer, 0, read);
                crc64?.Append(buffer.AsSpan(0, read));
                await file.AppendAsync(buffer.AsMemory(0, read), cancellationToken);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        if (file.LengthBytes != content.LengthBytes)
            throw new UploadRefusedException(UploadRefusal.Incomplete, "Fewer bytes came than the request said.");
        if (content.Md5 is { } wantedMd5 && !md5!.GetHashAndReset().AsSpan().SequenceEqual(wantedMd5.Span))
            throw new UploadRefusedException(UploadRefusal.Md5Mismatch, "What arrived does not have the MD5 that was sent with it.");
        if (content.Crc64 is { } wantedCrc64 && !crc64!.GetCurrentHash().AsSpan().SequenceEqual(wantedCrc64.Span))
            throw new UploadRefusedException(UploadRefusal.Crc64Mismatch, "What arrived does not have the CRC64 that was sent with it.");
    }

    static async ValueTask<int> ReadAsync(
        UploadContent content,
        byte[] buffer,
        CancellationTokenSource pause,
        CancellationToken cancellationToken
    )
    {
        pause.CancelAfter(content.LongestPause);
        try
        {
            return await content.Body.ReadAsync(buffer, pause.Token);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new UploadRefusedException(UploadRefusal.Incomplete, "Nothing came for too long.", exception);
        }
    }
}
