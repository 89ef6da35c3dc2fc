using System.Collections.Immutable;
using TgVault.Core.Ingest.Decision;
using TgVault.Core.Mp4.Boxes;
using TgVault.Core.Staging;
using TgVault.Core.Videos;

namespace TgVault.Core.Ingest.Prepare;

/// <summary>
/// Copies of staged blobs for ffmpeg, which reads files only: so no URL with a signature stands on its command line, and nothing that an
/// upload contains can make it open another address.
/// </summary>
static class LocalCopy
{
    const int PieceBytes = 1 << 20;

    /// <summary>Headers, and the tracks' parameters behind attachments such as fonts and covers, in bytes.</summary>
    public const long HeadBytes = 16 << 20;

    /// <summary>
    /// What is looked into where the pictures of a file begin behind <see cref="HeadBytes"/>: some films bring all their fonts.
    /// </summary>
    public const long LargeHeadBytes = 128 << 20;

    const int MaxFirstSamples = 8;

    // Indexes and last timestamps.
    const long TailBytes = 4 << 20;

    /// <summary>
    /// Writes a file of the blob's length that holds its head, its tail, its moov and the first sample of each track; the rest is a hole,
    /// which costs no disk. Enough for ffprobe.
    /// </summary>
    /// <param name="staging">Where the blob is.</param>
    /// <param name="blob">The upload.</param>
    /// <param name="evidence">What was read of it already, and is not read again.</param>
    /// <param name="headBytes">How much of its beginning.</param>
    /// <param name="path">The file to write.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    public static async Task WriteSampleAsync(
        IStaging staging,
        StagedBlob blob,
        UploadEvidence evidence,
        long headBytes,
        string path,
        CancellationToken cancellationToken
    )
    {
        await using var file = Open(path);
        file.SetLength(blob.LengthBytes);
        var head = evidence.Head;
        var moov = head is null ? default : new SourceRange(head.Layout.Moov.Offset, head.Moov.Length);
        foreach (
            var range in (IEnumerable<SourceRange>)
                [.. Wanted(blob.LengthBytes, headBytes), .. FirstSamples(evidence, blob.LengthBytes, headBytes)]
        )
        {
            // What lies before moov, and what lies behind it.
            await CopyAsync(staging, blob, range.Offset, Math.Min(range.End, moov.Offset), file, cancellationToken);
            await CopyAsync(staging, blob, Math.Max(range.Offset, moov.End), range.End, file, cancellationToken);
        }

        if (head is null)
            return;
        file.Position = moov.Offset;
        await file.WriteAsync(head.Moov, cancellationToken);
    }

    /// <summary>Writes the whole upload; the hash gets its bytes on the way.</summary>
    public static async Task WriteUploadAsync(
        IStaging staging,
        StagedBlob upload,
        string path,
        UploadHash hash,
        CancellationToken cancellationToken
    )
    {
        await using var file = Open(path);
        await CopyAsync(staging, upload, 0, upload.LengthBytes, file, 0, hash, cancellationToken);
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
        foreach (var extent in extents)
            await CopyAsync(
                staging,
                extent.Blob,
                extent.Offset,
                extent.Offset + extent.LengthBytes,
                file,
                file.Position,
                hash: null,
                cancellationToken
            );
    }

    /// <summary>Opens a local file that ffmpeg wrote.</summary>
    public static FileStream OpenToRead(string path) =>
        new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.Asynchronous | FileOptions.SequentialScan);

    /// <summary>Reads a local file by range.</summary>
    public static ReadRange ReaderOf(FileStream file) =>
        async (offset, destination, cancellation) =>
        {
            file.Position = offset;
            await file.ReadExactlyAsync(destination, cancellation);
        };

    static IEnumerable<SourceRange> Wanted(long lengthBytes, long headBytes) =>
        lengthBytes <= headBytes + TailBytes
            ? [new SourceRange(0, lengthBytes)]
            : [new SourceRange(0, headBytes), new SourceRange(lengthBytes - TailBytes, TailBytes)];

    // Where they lie behind the head: a film may begin behind a long sound, a cover or a hole.
    static IEnumerable<SourceRange> FirstSamples(UploadEvidence evidence, long lengthBytes, long headBytes) =>
        evidence
            .Tracks.Where(track => track.IsVideo || track.IsSound)
            .Select(track => track.First)
            .OfType<SourceRange>()
            .Where(first => first.End > headBytes && first.Offset < lengthBytes - TailBytes)
            .Take(MaxFirstSamples);

    static FileStream Open(string path) =>
        new(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.Asynchronous);

    static Task CopyAsync(IStaging staging, StagedBlob blob, long offset, long end, FileStream file, CancellationToken cancellationToken) =>
        CopyAsync(staging, blob, offset, end, file, offset, hash: null, cancellationToken);

    static async Task CopyAsync(
        IStaging staging,
        StagedBlob blob,
        long offset,
        long end,
        FileStream file,
        long at,
        UploadHash? hash,
        CancellationToken cancellationToken
    )
    {
        if (offset >= end)
            return;
        var piece = PiecePool.Rent(PieceBytes, end - offset);
        try
        {
            file.Position = at;
            while (offset < end)
            {
                var memory = piece.AsMemory(0, (int)Math.Min(piece.Length, end - offset));
                await staging.ReadAsync(blob, offset, memory, cancellationToken);
                await file.WriteAsync(memory, cancellationToken);
                hash?.Append(memory.Span);
                offset += memory.Length;
            }
        }
        finally
        {
            PiecePool.Return(piece);
        }
    }
}
