using System.Buffers;
using System.Collections.Immutable;
using TgVault.Core.Mp4.Boxes;
using TgVault.Core.Staging;
using TgVault.Core.Videos;

namespace TgVault.Core.Ingest.Prepare;

/// <summary>
/// Copies of staged blobs for ffmpeg, which reads files only: so no URL with a signature stands on its command line, and nothing that an
/// upload contains can make it open another address.
/// </summary>
static class SparseCopy
{
    const int PieceBytes = 1 << 20;

    // Headers, and the tracks' parameters behind attachments such as fonts and covers.
    const long HeadBytes = 16 << 20;

    // Indexes and last timestamps.
    const long TailBytes = 4 << 20;

    /// <summary>Writes a file of the blob's length that holds its head, its tail and the ranges wanted; the rest is a hole, which costs no disk. Enough for ffprobe.</summary>
    public static async Task WriteAsync(
        IStaging staging,
        StagedBlob blob,
        ImmutableArray<SourceRange> wanted,
        string path,
        CancellationToken cancellationToken
    )
    {
        await using var file = Open(path);
        file.SetLength(blob.LengthBytes);
        if (blob.LengthBytes <= HeadBytes + TailBytes)
        {
            await CopyAsync(staging, blob, 0, blob.LengthBytes, file, cancellationToken);
            return;
        }

        await CopyAsync(staging, blob, 0, HeadBytes, file, cancellationToken);
        await CopyAsync(staging, blob, blob.LengthBytes - TailBytes, TailBytes, file, cancellationToken);
        foreach (var range in wanted)
            await CopyAsync(staging, blob, range.Offset, range.LengthBytes, file, cancellationToken);
    }

    /// <summary>Writes the whole blob.</summary>
    public static async Task WriteAllAsync(IStaging staging, StagedBlob blob, string path, CancellationToken cancellationToken)
    {
        await using var file = Open(path);
        await CopyAsync(staging, blob, 0, blob.LengthBytes, file, cancellationToken);
    }

    /// <summary>Writes the whole file that these pieces make.</summary>
    public static async Task WriteAllAsync(
        IStaging staging,
        ImmutableArray<Extent> extents,
        string path,
        CancellationToken cancellationToken
    )
    {
        await using var file = Open(path);
        var at = 0L;
        foreach (var extent in extents)
        {
            await CopyAsync(staging, extent.Blob, extent.Offset, extent.LengthBytes, file, at, cancellationToken);
            at += extent.LengthBytes;
        }
    }

    static FileStream Open(string path) =>
        new(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.Asynchronous);

    static Task CopyAsync(
        IStaging staging,
        StagedBlob blob,
        long offset,
        long length,
        FileStream file,
        CancellationToken cancellationToken
    ) => CopyAsync(staging, blob, offset, length, file, offset, cancellationToken);

    static async Task CopyAsync(
        IStaging staging,
        StagedBlob blob,
        long offset,
        long length,
        FileStream file,
        long at,
        CancellationToken cancellationToken
    )
    {
        var piece = ArrayPool<byte>.Shared.Rent(PieceBytes);
        try
        {
            file.Position = at;
            for (var end = offset + length; offset < end; )
            {
                var memory = piece.AsMemory(0, (int)Math.Min(PieceBytes, end - offset));
                await staging.ReadAsync(blob, offset, memory, cancellationToken);
                await file.WriteAsync(memory, cancellationToken);
                offset += memory.Length;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece, clearArray: true);
        }
    }
}
