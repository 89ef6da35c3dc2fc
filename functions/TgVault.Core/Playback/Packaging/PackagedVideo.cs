using TgVault.Core.Mp4.Fragments;
using TgVault.Core.Mp4.Index;

namespace TgVault.Core.Playback.Packaging;

/// <summary>What playlists, segments and the fragmented file of one stored MP4 are computed from. For any number of threads.</summary>
/// <param name="index">Of the MP4.</param>
/// <param name="file">Which stored file the MP4 is: the prepared file (0), or a companion's number.</param>
internal sealed class PackagedVideo(Mp4Index index, int file = 0)
{
    FragmentedFile? _fragmented;
    BitRate[]? _rates;
    BitRate[]? _pictureRate;
    long[]? _starts;

    public Mp4Index Index => index;

    public int File => file;

    public FragmentedFile Fragmented => _fragmented ??= new FragmentedFile(index);

    /// <summary>When segments begin, in microseconds, from 0 on; one more entry is the end of the video.</summary>
    public ReadOnlySpan<long> SegmentStarts => _starts ??= Starts();

    /// <summary>Of the lead's first pictures.</summary>
    public BitRate PictureRate => (_pictureRate ??= [BitRate.OfPictures(index)])[0];

    /// <summary>What it has in memory, roughly: pages, the segment table, where fragments and segments begin.</summary>
    public long MemoryBytes =>
        4096
        + index.Pages.Sum(page => page.Packed.Length + 64L + (4 * page.Counts.Length))
        + index.Tracks.Sum(track => 512L + track.SampleEntry.Length)
        + (index.SegmentCount * (28L + (24 * index.Tracks.Length)));

    /// <summary>Of all segments of one track.</summary>
    public BitRate RateOf(int track) =>
        (_rates ??= [.. Enumerable.Range(0, index.Tracks.Length).Select(number => BitRate.Of(index, number))])[track];

    long[] Starts()
    {
        var starts = new List<long>(index.SegmentCount + 1) { 0 };
        var (lead, origin) = (index.Tracks[0], index.SegmentOrigin(0));
        for (var segment = 1; segment < index.SegmentCount; segment++)
            Add(SegmentClock.Microseconds(index.Segments.Boundaries[segment] - origin, lead.Timescale));
        Add(Enumerable.Range(0, index.Tracks.Length).Max(EndOf));
        return [.. starts];

        void Add(long start)
        {
            if (start > starts[^1])
                starts.Add(start);
        }

        long EndOf(int track) =>
            SegmentClock.Microseconds(index.Tracks[track].End - index.SegmentOrigin(track), index.Tracks[track].Timescale);
    }
}
