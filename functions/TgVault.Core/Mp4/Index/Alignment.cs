using System.Collections.Immutable;
using TgVault.Core.Mp4.Boxes;
using TgVault.Core.Videos;

namespace TgVault.Core.Mp4.Index;

/// <summary>
/// Puts the index of a rendition onto its original's timeline, whatever its own file's edit list says: the same pictures at the same times,
/// cut at the same times, so that a player may take each segment from either.
/// </summary>
static class Alignment
{
    /// <exception cref="MediaException">
    /// The rendition does not show what the original shows, when it shows it; the message says where they part.
    /// </exception>
    public static Mp4Index Align(Mp4Index rendition, Mp4Index original)
    {
        var (lead, own) = (original.Tracks[0], rendition.Tracks[0]);
        if (rendition.Tracks.Length != 1 || own.Kind != MediaTrackKind.Video || lead.Kind != MediaTrackKind.Video)
            throw new MediaException("The rendition is not of pictures alone.");
        if (own.Timescale != lead.Timescale)
            throw new MediaException($"The rendition counts {own.Timescale} ticks per second, its original {lead.Timescale}.");
        var shown = ShownTimes(original).AsSpan(HiddenPictures(original));
        if (own.SampleCount != shown.Length || shown.IsEmpty)
            throw new MediaException($"The rendition has {own.SampleCount} pictures, its original {shown.Length}.");

        var shift = own.CompositionShift + (lead.Start - lead.FirstDecode) - (own.Start - own.FirstDecode);
        if (shift is < int.MinValue or > int.MaxValue)
            throw Damage.Of("its times are out of range");
        var track = own with
        {
            FirstDecode = lead.FirstDecode,
            CompositionShift = (int)shift,
            Start = lead.Start,
            // The last picture's own duration is the muxer's guess.
            End = lead.End,
            Origin = lead.Origin,
        };
        // Where sound goes on after the pictures, the original has segments without any.
        var cuts = original.Segments.Boundaries[..original.Segments.Tracks[0].Filled.Length];
        var pages = Begin(rendition.Pages, shown[0] - lead.Start);
        var segments = new SegmentPlanner([track], pages).Plan(cuts);
        // Its last picture lasts as long as the original's.
        segments.Boundaries[^1] += original.PictureTail;
        var aligned = new Mp4Index(rendition.SourceBytes, [track], pages, segments);
        var parted = 1 + ShownTimes(aligned).AsSpan(1).CommonPrefixLength(shown[1..]);
        if (parted < shown.Length)
            throw new MediaException($"Picture {parted} of the rendition is not shown with its original's.");
        return aligned;
    }

    // In the instant that the original takes for its hidden pictures, the rendition shows its first one.
    static ImmutableArray<PageEntry> Begin(ImmutableArray<PageEntry> pages, long instant)
    {
        if (instant == 0)
            return pages;
        var samples = SamplePage.Unpack(pages[0])[0].ToArray();
        samples[0] = samples[0] with { Duration = (uint)Math.Min(uint.MaxValue, samples[0].Duration + instant) };
        return pages.SetItem(0, SamplePage.Pack([.. samples.Select(sample => (0, sample))], 1));
    }

    /// <summary>How many pictures are there only for others to be decoded; a rendition has no need of them.</summary>
    public static int HiddenPictures(Mp4Index original)
    {
        var lead = original.Tracks[0];
        return lead.Kind != MediaTrackKind.Video || lead.Start >= lead.Origin ? 0 : ShownTimes(original).Count(time => time < lead.Origin);
    }

    static long[] ShownTimes(Mp4Index index)
    {
        var track = index.Tracks[0];
        var times = new long[track.SampleCount];
        var (number, time) = (0, track.FirstDecode);
        index.ReadSamples(
            0,
            0,
            track.SampleCount,
            sample =>
            {
                times[number++] = time + sample.CompositionOffset + track.CompositionShift;
                time += sample.Duration;
            }
        );
        Array.Sort(times);
        return times;
    }
}
