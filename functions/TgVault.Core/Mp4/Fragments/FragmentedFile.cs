using TgVault.Core.Mp4.Index;

namespace TgVault.Core.Mp4.Fragments;

/// <summary>
/// The whole video as one fragmented MP4: init segment of all tracks, a sidx of each, then the fragments. Its length and the place
/// of every byte are known from the segment table; a fragment's boxes are computed when it is asked for. Immutable, for any number of
/// threads.
/// </summary>
internal sealed class FragmentedFile
{
    readonly Mp4Index _index;
    readonly FileTimes _times;
    readonly int[] _tracks;
    readonly byte[] _head;
    readonly long[] _starts;

    public FragmentedFile(Mp4Index index)
    {
        _index = index = FileFragments.Of(index);
        _tracks = [.. Enumerable.Range(0, index.Tracks.Length)];
        _times = FileTimes.Of(index);
        var init = InitSegment.WriteAll(index, _times);
        var lengths = new long[index.SegmentCount];
        for (var i = 0; i < lengths.Length; i++)
            lengths[i] = MediaSegment.LengthOf(index, _tracks, i, withType: false);
        _head = [.. init, .. SegmentIndexes.Write(index, lengths)];
        _starts = new long[lengths.Length + 1];
        _starts[0] = _head.Length;
        for (var i = 0; i < lengths.Length; i++)
            _starts[i + 1] = _starts[i] + lengths[i];
    }

    public long LengthBytes => _starts[^1];

    /// <summary>The part that holds the byte at <paramref name="offset"/>: the head or a fragment, computed now.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The file has no such byte.</exception>
    public PlacedPart PartAt(long offset)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(offset, LengthBytes);
        if (offset < _head.Length)
            return new PlacedPart(new MediaPart(_head, [], _head.Length), 0);
        var found = Array.BinarySearch(_starts, offset);
        var number = found >= 0 ? found : ~found - 1;
        return new PlacedPart(MediaSegment.Write(_index, _tracks, number, _times, firstOnly: false), _starts[number]);
    }
}
