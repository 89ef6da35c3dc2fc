using System.Collections.Immutable;
using TgVault.Core.Mp4.Boxes;

namespace TgVault.Core.Mp4.Fragments;

/// <summary>
/// A part: a segment or fragment as it is sent. First its boxes, computed before any media byte is read, then the media as ranges of the
/// stored file, in order. The ranges of neighbouring samples are joined.
/// </summary>
internal sealed record MediaPart(ReadOnlyMemory<byte> Header, ImmutableArray<SourceRange> Ranges, long LengthBytes)
{
    /// <summary>
    /// The ranges of the stored file that the part's bytes from <paramref name="offset"/> to <paramref name="end"/> (exclusive) lie in.
    /// </summary>
    public IEnumerable<SourceRange> RangesOf(long offset, long end)
    {
        var start = (long)Header.Length;
        foreach (var range in Ranges)
        {
            if (start >= end)
                yield break;
            var from = Math.Max(offset, start);
            var to = Math.Min(end, start + range.LengthBytes);
            if (from < to)
                yield return new SourceRange(range.Offset + from - start, to - from);
            start += range.LengthBytes;
        }
    }
}

/// <summary>A part and where it begins in the file or segment that is sent.</summary>
internal readonly record struct PlacedPart(MediaPart Part, long Start)
{
    public long End => Start + Part.LengthBytes;

    /// <summary>As <see cref="MediaPart.RangesOf"/>, by offsets of what is sent.</summary>
    public IEnumerable<SourceRange> RangesOf(long offset, long end) => Part.RangesOf(offset - Start, end - Start);
}
