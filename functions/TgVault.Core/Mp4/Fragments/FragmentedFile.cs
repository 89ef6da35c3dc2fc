using TgVault.Core.Mp4.Boxes;
using TgVault.Core.Mp4.Index;

namespace TgVault.Core.Mp4.Fragments;

/// <summary>
/// The whole video as one fragmented MP4: init segment of all tracks, sidx, then a fragment per segment. Its length and the place of every byte are
/// known from the segment table; a fragment's boxes are computed when it is asked for. Immutable, for any number of threads.
/// </summary>
public sealed class FragmentedFile
{
    readonly Mp4Index _index;
    readonly int[] _tracks;
    readonly byte[] _head;
    readonly long[] _starts;

    public FragmentedFile(Mp4Index index)
    {
        _index = index;
        _tracks = [.. Enumerable.Range(0, index.Tracks.Length)];
        var init = InitSegment.WriteAll(index);
        var lengths = new long[index.SegmentCount];
        for (var i = 0; i < lengths.Length; i++)
            lengths[i] = MediaSegment.LengthOf(index, _tracks, i, withType: false);
        _head = [.. init, .. WriteSegmentIndex(lengths)];
        _starts = new long[lengths.Length + 1];
        _starts[0] = _head.Length;
        for (var i = 0; i < lengths.Length; i++)
            _starts[i + 1] = _starts[i] + lengths[i];
    }

    public long LengthBytes => _starts[^1];

    /// <summary>The pieces that make up <paramref name="length"/> bytes from <paramref name="offset"/> on, computed as they are enumerated.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The range is not inside the file.</exception>
    public IEnumerable<MediaPiece> Pieces(long offset, long length) => Slices(offset, length).SelectMany(slice => slice.Pieces());

    /// <summary>The same by fragments: what is taken of the head and of each fragment, computed as they are enumerated.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The range is not inside the file.</exception>
    public IEnumerable<PartSlice> Slices(long offset, long length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, LengthBytes - offset);
        var found = Array.BinarySearch(_starts, offset);
        var first =
            offset < _head.Length ? -1
            : found >= 0 ? found
            : ~found - 1;
        return Slices(first, offset - (first < 0 ? 0 : _starts[first]), length);
    }

    IEnumerable<PartSlice> Slices(int first, long offset, long length)
    {
        for (var i = first; length > 0; i++)
        {
            var part =
                i < 0 ? new MediaPart(_head, [], _head.Length) : MediaSegment.Write(_index, _tracks, i, withType: false, firstOnly: false);
            var taken = Math.Min(length, part.LengthBytes - offset);
            yield return new PartSlice(part, offset, taken);
            (offset, length) = (0, length - taken);
        }
    }

    // ISO 14496-12 §8.16.3. Every fragment begins with a sync sample of the lead: SAP type 1, or one not told where pictures before it may follow.
    byte[] WriteSegmentIndex(long[] lengths)
    {
        const uint firstType = 0x9000_0000,
            anyType = 0x8000_0000;
        var startsWithSap = _index.HasIndependentSegments ? firstType : anyType;
        var boundaries = _index.Segments.Boundaries;
        var writer = new BoxWriter(64 + (12 * lengths.Length));
        using (writer.Open(BoxType.Sidx, 1, 0))
        {
            writer
                .UInt32(1)
                .UInt32(_index.Tracks[0].Timescale)
                .UInt64((ulong)Math.Max(0, boundaries[0] - _index.Tracks[0].Origin))
                .UInt64(0)
                .UInt16(0)
                .UInt16((ushort)lengths.Length);
            for (var i = 0; i < lengths.Length; i++)
                writer
                    .UInt32((uint)lengths[i])
                    .UInt32((uint)Math.Min(uint.MaxValue, boundaries[i + 1] - boundaries[i]))
                    .UInt32(startsWithSap);
        }

        return writer.ToArray();
    }
}
