using TgVault.Core.Chunks;
using TgVault.Core.Crypto;
using TgVault.Core.Mp4.Boxes;

namespace TgVault.Core.Playback.Open;

/// <summary>
/// What a reader is going to read of a prepared file, as stretches of whole blocks: nothing else is fetched for it. Stretches that lie close together
/// are one, so that they cost one request, as long as that keeps what is fetched within 1.15 times what is read and a block per end.
/// </summary>
internal sealed class ReadPlan
{
    const int ExtraPercent = 15;

    readonly (long Start, long End)[] _stretches;

    ReadPlan((long Start, long End)[] stretches) => _stretches = stretches;

    /// <summary>Everything before <paramref name="end"/>.</summary>
    public static ReadPlan Until(long end) => new([(0, end)]);

    /// <param name="chunks">How the prepared file is cut.</param>
    /// <param name="ranges">Of the prepared file, in any order; they may overlap.</param>
    public static ReadPlan Of(ChunkPlan chunks, IEnumerable<SourceRange> ranges)
    {
        var touched = new List<(long Start, long End)>();
        var asked = 0L;
        foreach (var range in ranges)
        {
            if (range.LengthBytes <= 0)
                continue;
            asked += range.LengthBytes;
            var isInside = touched.Count > 0 && range.Offset >= touched[^1].Start && range.End <= touched[^1].End;
            if (!isInside)
                touched.Add(ToBlocks(chunks, range));
        }

        touched.Sort();
        var stretches = new List<(long Start, long End)>();
        foreach (var stretch in touched)
        {
            if (stretches.Count > 0 && stretch.Start <= stretches[^1].End)
                stretches[^1] = (stretches[^1].Start, Math.Max(stretches[^1].End, stretch.End));
            else
                stretches.Add(stretch);
        }

        return new ReadPlan(
            Join(
                stretches,
                (asked * ExtraPercent / 100)
                    + (2 * SealedChunk.BlockBytes)
                    - (stretches.Sum(stretch => stretch.End - stretch.Start) - asked)
            )
        );
    }

    /// <summary>What is read from <paramref name="offset"/> on: the rest of the stretch that holds it, or the next one; null behind the last.</summary>
    public (long Start, long End)? From(long offset)
    {
        var (low, high) = (0, _stretches.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_stretches[middle].End > offset)
                high = middle;
            else
                low = middle + 1;
        }

        return low < _stretches.Length ? (Math.Max(offset, _stretches[low].Start), _stretches[low].End) : null;
    }

    static (long Start, long End) ToBlocks(ChunkPlan chunks, SourceRange range)
    {
        var (first, last) = (chunks.At(range.Offset), chunks.At(range.End - 1));
        var start = range.Offset - ((range.Offset - first.Offset) % SealedChunk.BlockBytes);
        var end = last.Offset + (SealedChunk.BlockCount((int)(range.End - last.Offset)) * (long)SealedChunk.BlockBytes);
        return (start, Math.Min(end, last.End));
    }

    // The smallest gaps first: they save a request each.
    static (long Start, long End)[] Join(List<(long Start, long End)> stretches, long budget)
    {
        var joined = new HashSet<int>();
        foreach (
            var (gap, after) in Enumerable
                .Range(1, Math.Max(0, stretches.Count - 1))
                .Select(i => (stretches[i].Start - stretches[i - 1].End, i))
                .Order()
        )
        {
            budget -= gap;
            if (budget < 0)
                break;
            joined.Add(after);
        }

        var result = new List<(long Start, long End)>(stretches.Count - joined.Count);
        for (var i = 0; i < stretches.Count; i++)
        {
            if (joined.Contains(i))
                result[^1] = (result[^1].Start, stretches[i].End);
            else
                result.Add(stretches[i]);
        }

        return [.. result];
    }
}
