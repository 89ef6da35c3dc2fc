using System.Collections.Immutable;
using TgVault.Core.Chunks;
using TgVault.Core.Crypto;

namespace TgVault.Core.Videos;

/// <summary>One file of a video that is cut and has its key: the prepared file (number 0) or a companion.</summary>
/// <param name="Extents">Where its bytes lie in staging, as long as they do.</param>
sealed record StoredFile(VideoId Video, int Attempt, int Number, ImmutableArray<Extent> Extents, ChunkPlan Plan, WrappedKey Key)
{
    public long LengthBytes => Plan.LengthBytes;

    /// <summary>The number of the chunk at <paramref name="index"/> of the plan.</summary>
    public ChunkNumber NumberOf(int index) => ChunkNumber.Of(Number, index);

    public KeyBinding Binding => new(Video, Attempt, Plan.LengthBytes, Plan.ToString());

    public FileChunk this[int index] => new(this, Plan[index]);
}

/// <summary>One chunk of one file; <see cref="Number"/> is what it is sealed, recorded and found under.</summary>
readonly record struct FileChunk(StoredFile File, PlannedChunk Span)
{
    public ChunkNumber Number => File.NumberOf(Span.Index);
}

/// <summary>The chunks of several files in one row: what ingest counts by, whichever file a chunk is of.</summary>
sealed class FileChunks
{
    readonly ImmutableArray<StoredFile> _files;

    public FileChunks(IEnumerable<StoredFile> files)
    {
        _files = [.. files];
        Count = _files.Sum(file => file.Plan.Count);
        LengthBytes = _files.Sum(file => file.LengthBytes);
    }

    public int Count { get; }

    public long LengthBytes { get; }

    /// <summary>The chunk at this ordinal: counted from 0 over the chunks of all these files.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is none.</exception>
    public FileChunk this[int ordinal]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(ordinal);
            var left = ordinal;
            foreach (var file in _files)
            {
                if (left < file.Plan.Count)
                    return file[left];
                left -= file.Plan.Count;
            }

            throw new ArgumentOutOfRangeException(nameof(ordinal), ordinal, $"The files have {Count} chunks.");
        }
    }

    /// <summary>The bytes of the first so many chunks.</summary>
    public long BytesOf(int count)
    {
        var bytes = 0L;
        foreach (var file in _files)
        {
            if (count <= 0)
                break;
            bytes += count < file.Plan.Count ? file.Plan[count - 1].End : file.LengthBytes;
            count -= file.Plan.Count;
        }

        return bytes;
    }
}

static class StoredFiles
{
    /// <summary>
    /// The prepared file (0) or the companion of this number. Null where there is none, or it has no plan or no key yet.
    /// </summary>
    public static StoredFile? FileOf(this Video video, int number)
    {
        if (number != 0)
            return video.Files.Companions.FirstOrDefault(companion => companion.Number == number) is { } found
                ? FileOf(video, found)
                : null;
        return
            video is { Files.Prepared: { } prepared, Files.Plan: { } plan, Files.Key: { } key } && plan.LengthBytes == prepared.LengthBytes
            ? new StoredFile(video.Id, video.Life.Attempt, 0, prepared.Extents, plan, key)
            : null;
    }

    /// <summary>The prepared file and the companions in this state, as far as they are planned, in order.</summary>
    public static ImmutableArray<StoredFile> FilesOf(this Video video, CompanionState state) =>
        [.. video.FileOf(0) is { } prepared ? [prepared] : Array.Empty<StoredFile>(), .. video.CompanionFilesOf(state)];

    /// <summary>The companions in this state, as far as they are planned, in order.</summary>
    public static IEnumerable<StoredFile> CompanionFilesOf(this Video video, CompanionState state) =>
        video
            .Files.Companions.Where(companion => companion.State == state)
            .Select(companion => FileOf(video, companion))
            .OfType<StoredFile>();

    static StoredFile? FileOf(Video video, Companion companion) =>
        companion is { Plan: { } plan, Key: { } key } && plan.LengthBytes == companion.LengthBytes
            ? new StoredFile(video.Id, video.Life.Attempt, companion.Number, companion.Extents, plan, key)
            : null;
}

/// <summary>One stored chunk: where it is, and the salt that its key comes from.</summary>
sealed record ChunkRecord(ChunkNumber Number, int LengthBytes, ReadOnlyMemory<byte> Salt, ChunkReceipt Receipt)
{
    /// <summary>Where else the same document lies: what a manifest says besides. Rows of chunks do not have it.</summary>
    public ImmutableArray<ChunkReceipt> Copies { get; init; } = [];
}
