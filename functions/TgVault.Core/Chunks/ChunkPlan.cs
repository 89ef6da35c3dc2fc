using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Serialization;

namespace TgVault.Core.Chunks;

/// <summary>So many chunks of one size, in bytes of plaintext.</summary>
readonly record struct ChunkRun(int Count, int SizeBytes);

/// <summary>A chunk as planned: its range of the file that is cut.</summary>
readonly record struct PlannedChunk(int Index, long Offset, int LengthBytes)
{
    public long End => Offset + LengthBytes;
}

/// <summary>
/// How a file is cut: runs of equal chunks that tile it exactly. Its text form is stored with the video and in its manifest:
/// <c>count x size</c> per run, for example <c>4x2097152,1x77</c>. A reader takes all sizes from it and assumes none.
/// </summary>
[JsonConverter(typeof(ChunkPlanJson))]
public sealed class ChunkPlan : IEquatable<ChunkPlan>
{
    /// <summary>
    /// What any stored plan may hold. It is about half of what one manifest has room for (FORMAT.md, "Decisions"), so that a second copy
    /// of each chunk fits too.
    /// </summary>
    public const int MaxChunks = ChunkNumber.PerFile;

    const int MaxTextLength = 4096;

    readonly ImmutableArray<ChunkRun> _runs;

    ChunkPlan(ImmutableArray<ChunkRun> runs)
    {
        _runs = runs;
        foreach (var run in runs)
        {
            Count += run.Count;
            LengthBytes += (long)run.Count * run.SizeBytes;
        }
    }

    /// <summary>How many chunks there are.</summary>
    public int Count { get; }

    /// <summary>The length in bytes of the file that is cut.</summary>
    public long LengthBytes { get; }

    internal ImmutableArray<ChunkRun> Runs => _runs;

    /// <summary>The chunk with this index, counted from 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such chunk.</exception>
    internal PlannedChunk this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index);
            var offset = 0L;
            var first = 0;
            foreach (var run in _runs)
            {
                if (index - first < run.Count)
                    return new PlannedChunk(index, offset + ((long)(index - first) * run.SizeBytes), run.SizeBytes);
                first += run.Count;
                offset += (long)run.Count * run.SizeBytes;
            }

            throw new ArgumentOutOfRangeException(nameof(index), index, $"The plan has {Count} chunks.");
        }
    }

    /// <summary>The chunk that holds the byte at <paramref name="offset"/> of the file.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The offset is outside the file.</exception>
    internal PlannedChunk At(long offset)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        var start = 0L;
        var first = 0;
        foreach (var run in _runs)
        {
            var length = (long)run.Count * run.SizeBytes;
            if (offset - start < length)
            {
                var within = (int)((offset - start) / run.SizeBytes);
                return new PlannedChunk(first + within, start + ((long)within * run.SizeBytes), run.SizeBytes);
            }

            first += run.Count;
            start += length;
        }

        throw new ArgumentOutOfRangeException(nameof(offset), offset, $"The file has {LengthBytes} bytes.");
    }

    internal static ChunkPlan FromRuns(IEnumerable<ChunkRun> runs) =>
        FromRuns([.. runs]) ?? throw new ArgumentException("The runs are empty, too many, or hold a size no chunk can have.", nameof(runs));

    /// <summary>Reads the text form; null where it is not a plan.</summary>
    public static ChunkPlan? TryParse(string? text)
    {
        if (text is null || text.Length > MaxTextLength)
            return null;
        var runs = ImmutableArray.CreateBuilder<ChunkRun>();
        foreach (var part in text.Split(','))
        {
            var cut = part.IndexOf('x', StringComparison.Ordinal);
            // One text for one plan: keys are bound to it.
            if (
                cut < 0
                || part[0] == '0'
                || part.AsSpan(cut + 1).StartsWith("0", StringComparison.Ordinal)
                || !int.TryParse(part.AsSpan(0, cut), NumberStyles.None, CultureInfo.InvariantCulture, out var count)
                || !int.TryParse(part.AsSpan(cut + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var size)
            )
                return null;
            runs.Add(new ChunkRun(count, size));
        }

        return FromRuns(runs.ToImmutable());
    }

    public override string ToString() =>
        string.Join(',', _runs.Select(run => string.Create(CultureInfo.InvariantCulture, $"{run.Count}x{run.SizeBytes}")));

    public bool Equals(ChunkPlan? other) => other is not null && _runs.AsSpan().SequenceEqual(other._runs.AsSpan());

    public override bool Equals(object? obj) => Equals(obj as ChunkPlan);

    public override int GetHashCode() => HashCode.Combine(Count, LengthBytes);

    static ChunkPlan? FromRuns(ImmutableArray<ChunkRun> runs)
    {
        var count = 0L;
        foreach (var run in runs)
        {
            if (run.Count <= 0 || run.SizeBytes is <= 0 or > ChunkSizes.MaxSizeBytes)
                return null;
            count += run.Count;
        }

        return count is > 0 and <= MaxChunks ? new ChunkPlan(runs) : null;
    }
}
