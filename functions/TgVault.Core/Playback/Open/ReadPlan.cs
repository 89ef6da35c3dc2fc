using TgVault.Core.Chunks;
using TgVault.Core.Crypto;
using TgVault.Core.Mp4.Boxes;

namespace TgVault.Core.Playback.Open;

/// <summary>
/// A read plan: what a reader is going to read of a stored file, as ranges grown to whole blocks: nothing else is fetched for it. Ranges
/// that lie close together are one, so that they cost one request, as long as that keeps what is fetched within 1.15 times what is read
/// and a block per end.
/// </summary>
internal sealed class ReadPlan
{
    const int ExtraPercent = 15;

    readonly SourceRange[] _ranges;

    ReadPlan(SourceRange[] ranges) => _ranges = ranges;

    /// <summary>How much is fetched if all of it is read and nothing is in memory.</summary>
    public long LengthBytes => _ranges.Sum(range => range.LengthBytes);

    /// <summary>Everything before <paramref name="end"/>.</summary>
    public static ReadPlan Until(long end) => new([new SourceRange(0, end)]);

    /// <param name="chunks">How the stored file is cut.</param>
    /// <param name="ranges">Of the stored file, in any order; they may overlap.</param>
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
        var apart = new List<(long Start, long End)>();
        foreach (var blocks in touched)
        {
            if (apart.Count > 0 && blocks.Start <= apart[^1].End)
                apart[^1] = (apart[^1].Start, Math.Max(apart[^1].End, blocks.End));
            else
                apart.Add(blocks);
        }

        var extra = apart.Sum(blocks => blocks.End - blocks.Start) - asked;
        return new ReadPlan(Join(apart, (asked * ExtraPercent / 100) + (2 * SealedChunk.BlockBytes) - extra));
    }

    /// <summary>
    /// What is read from <paramref name="offset"/> on: the rest of the range that holds it, or the next one; null behind the last.
    /// </summary>
    public SourceRange? From(long offset)
    {
        var (low, high) = (0, _ranges.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_ranges[middle].End > offset)
                high = middle;
            else
                low = middle + 1;
        }

        return low < _ranges.Length ? Between(Math.Max(offset, _ranges[low].Offset), _ranges[low].End) : null;
    }

    static (long Start, long End) ToBlocks(ChunkPlan chunks, SourceRange range)
    {
        var (first, last) = (chunks.At(range.Offset), chunks.At(range.End - 1));
        var start = range.Offset - ((range.Offset - first.Offset) % SealedChunk.BlockBytes);
        var end = last.Offset + (SealedChunk.BlockCount((int)(range.End - last.Offset)) * (long)SealedChunk.BlockBytes);
        return (start, Math.Min(end, last.End));
    }

    // The smallest gaps first: they save a request each.
    static SourceRange[] Join(List<(long Start, long End)> apart, long budget)
    {
        var joined = new HashSet<int>();
        var gaps = Enumerable.Range(1, Math.Max(0, apart.Count - 1)).Select(i => (Bytes: apart[i].Start - apart[i - 1].End, Before: i));
        foreach (var gap in gaps.Order())
        {
            budget -= gap.Bytes;
            if (budget < 0)
                break;
            joined.Add(gap.Before);
        }

        var result = new List<SourceRange>(apart.Count - joined.Count);
        for (var i = 0; i < apart.Count; i++)
        {
            if (joined.Contains(i))
                result[^1] = Between(result[^1].Offset, apart[i].End);
            else
                result.Add(Between(apart[i].Start, apart[i].End));
        }

        return [.. result];
    }

    static SourceRange Between(long start, long end) => new(start, end - start);
}
