using System.Collections.Immutable;
using TgVault.Core.Mp4.Boxes;
using TgVault.Core.Mp4.Movie;

namespace TgVault.Core.Mp4.Relocation;

/// <summary>The mdat boxes that a relocated file keeps, and where their bytes come to lie behind a head of any length.</summary>
sealed class MediaMap
{
    readonly ImmutableArray<TopBox> _boxes;
    readonly long[] _shifts;
    int _last;

    public MediaMap(Mp4Layout layout)
    {
        _boxes = [.. layout.Boxes.Where(box => box.Type == BoxType.Mdat)];
        _shifts = new long[_boxes.Length];
        for (var i = 0; i < _boxes.Length; i++)
        {
            _shifts[i] = LengthBytes - _boxes[i].Offset;
            LengthBytes += _boxes[i].LengthBytes;
        }
    }

    /// <summary>Bytes of all mdat boxes, headers included.</summary>
    public long LengthBytes { get; private set; }

    /// <summary>Whole mdat boxes in file order; neighbours are one range.</summary>
    public ImmutableArray<SourceRange> Ranges
    {
        get
        {
            var ranges = ImmutableArray.CreateBuilder<SourceRange>();
            foreach (var box in _boxes)
            {
                if (ranges.Count > 0 && ranges[^1].End == box.Offset)
                    ranges[^1] = ranges[^1] with { LengthBytes = ranges[^1].LengthBytes + box.LengthBytes };
                else
                    ranges.Add(new SourceRange(box.Offset, box.LengthBytes));
            }

            return ranges.ToImmutable();
        }
    }

    /// <summary>The boxes as they lie in the new file, behind a head of this length.</summary>
    public IEnumerable<TopBox> BoxesFrom(long headBytes) =>
        _boxes.Select((box, i) => box with { Offset = box.Offset + _shifts[i] + headBytes });

    /// <summary>
    /// Where the byte at <paramref name="offset"/> of the source comes to lie behind the new head, counted from the head's end.
    /// </summary>
    /// <exception cref="MediaException">The byte is in no mdat.</exception>
    public long Relocate(ulong offset)
    {
        // Chunks mostly come in order, so the box of the one before is tried first.
        if (_boxes.Length > 0 && !Holds(_boxes[_last], offset))
            _last = Find(offset);
        if (_boxes.Length == 0 || !Holds(_boxes[_last], offset))
            throw Damage.Of($"it places media at byte {offset}, where no media (mdat box) is");
        return (long)offset + _shifts[_last];
    }

    // The end counts as inside: a last chunk of empty samples begins there.
    static bool Holds(TopBox box, ulong offset) => offset >= (ulong)box.PayloadOffset && offset <= (ulong)box.End;

    int Find(ulong offset)
    {
        int low = 0,
            high = _boxes.Length - 1;
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            if ((ulong)_boxes[middle].Offset <= offset)
                low = middle;
            else
                high = middle - 1;
        }

        // Exactly at the start of the next box is the end of the one before.
        return low > 0 && offset < (ulong)_boxes[low].PayloadOffset ? low - 1 : low;
    }
}
