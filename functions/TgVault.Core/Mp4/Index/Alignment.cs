namespace TgVault.Core.Mp4.Index;

/// <summary>
/// Puts the index of a rendition onto its original's timeline, whatever its own file's edit list says: the same pictures at the same times, cut at the same times, so that
/// a player may take each segment from either.
/// </summary>
static class Alignment
{
    /// <exception cref="MediaException">The rendition does not show what the original shows, when it shows it; the message says where they part.</exception>
    public static Mp4Index Align(Mp4Index rendition, Mp4Index original)
    {
        var (lead, own) = (original.Tracks[0], rendition.Tracks[0]);
        if (rendition.Tracks.Length != 1 || own.Kind != MediaTrackKind.Video || lead.Kind != MediaTrackKind.Video) throw new MediaException("The rendition is not of pictures alone.");
        if (own.Timescale != lead.Timescale) throw new MediaException($"The rendition counts {own.Timescale} ticks per second, its original {lead.Timescale}.");
        if (own.SampleCount != lead.SampleCount) throw new MediaException($"The rendition has {own.SampleCount} pictures, its original {lead.SampleCount}.");

        var (shown, decoded) = (lead.Start - own.Start, lead.FirstDecode - own.FirstDecode);
        var table = rendition.Segments;
        var segments = table with
        {
            // The last picture's own duration is the muxer's guess.
            Boundaries = [.. table.Boundaries[..^1].Select(boundary => boundary + shown), lead.End],
            Tracks = [table.Tracks[0] with { Times = [.. table.Tracks[0].Times.Select(time => time + decoded)] }],
        };
        var track = own with
        {
            FirstDecode = lead.FirstDecode,
            CompositionShift = checked((int)(own.CompositionShift + shown - decoded)),
            Start = lead.Start,
            End = lead.End,
            Origin = lead.Origin,
        };
        var aligned = new Mp4Index(rendition.SourceBytes, [track], rendition.Pages, segments);
        CheckSegments(aligned, original);
        CheckPictures(aligned, original);
        return aligned;
    }

    static void CheckSegments(Mp4Index rendition, Mp4Index original)
    {
        // Where sound goes on after the pictures, the original has segments without any.
        var count = original.Segments.Tracks[0].Filled.Length;
        if (rendition.SegmentCount != count) throw new MediaException($"The rendition has {rendition.SegmentCount} segments, its original {count}.");
        for (var i = 0; i < count; i++)
        {
            if (rendition.Segments.Boundaries[i] != original.Segments.Boundaries[i]) throw new MediaException($"Segment {i} of the rendition does not begin with its original's.");
        }
    }

    static void CheckPictures(Mp4Index rendition, Mp4Index original)
    {
        var (own, theirs) = (ShownTimes(rendition), ShownTimes(original));
        var parted = own.AsSpan().CommonPrefixLength(theirs);
        if (parted < own.Length) throw new MediaException($"Picture {parted} of the rendition is not shown with its original's.");
    }

    static long[] ShownTimes(Mp4Index index)
    {
        var track = index.Tracks[0];
        var times = new long[track.SampleCount];
        var (number, time) = (0, track.FirstDecode);
        index.ReadSamples(0, 0, track.SampleCount, sample =>
        {
            times[number++] = time + sample.CompositionOffset + track.CompositionShift;
            time += sample.Duration;
        });
        Array.Sort(times);
        return times;
    }
}
