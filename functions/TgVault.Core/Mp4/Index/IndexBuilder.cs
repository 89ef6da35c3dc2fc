using System.Collections.Immutable;
using TgVault.Core.Mp4.Boxes;
using TgVault.Core.Mp4.Movie;
using TgVault.Core.Videos;

namespace TgVault.Core.Mp4.Index;

/// <summary>Makes an index: moov, samples, timeline, segments, in this order.</summary>
static class IndexBuilder
{
    /// <summary>More languages than anyone dubs a film into.</summary>
    public const int MaxTracks = 32;

    public static async Task<Mp4Index> BuildAsync(Mp4Head head, ReadRange read, CancellationToken cancellationToken)
    {
        var layout = head.Layout;
        var movie = MovieBox.Read(head.MoovPayload);
        var tracks = Choose(movie, layout.IsFragmented);
        var collector = new SampleCollector(tracks.Count, layout.LengthBytes);
        if (layout.IsFragmented && tracks.Exists(track => track.Pieces.Length > 1))
            throw EditList.Several();
        var starts = ProgressiveSamples.Collect(tracks, layout, collector);
        if (layout.IsFragmented)
        {
            var fragments = new FragmentSamples(movie, tracks, layout.LengthBytes, starts, collector);
            starts = await fragments.CollectAsync(read, layout.Boxes[^1].Offset, cancellationToken);
        }

        return Finish(layout.LengthBytes, tracks, starts, collector);
    }

    // The first video track leads; further ones are other angles or covers.
    static List<TrackBox> Choose(MovieBox movie, bool fragmented)
    {
        var tracks = new List<TrackBox>();
        var filled = movie.Tracks.Where(track => fragmented || track.Tables.SampleCount > 0).ToList();
        if (filled.Find(track => track.Entry.IsVideo) is { } video)
            tracks.Add(video);
        tracks.AddRange(filled.Where(track => !track.Entry.IsVideo).Take(MaxTracks - 1));
        return tracks.Count > 0 ? tracks : throw new MediaException("The MP4 has no video or audio in a codec that browsers play.");
    }

    /// <summary>Makes the index of collected samples.</summary>
    internal static Mp4Index Finish(long lengthBytes, List<TrackBox> tracks, long[] starts, SampleCollector collector)
    {
        var (pages, spans) = collector.Finish();
        if (spans.Any(span => span.Count == 0))
            throw new MediaException("The MP4 has a track without samples.");
        var timelines = Timeline.Align(tracks, spans, starts);
        var indexed = ImmutableArray.CreateBuilder<IndexTrack>(tracks.Count);
        for (var i = 0; i < tracks.Count; i++)
            indexed.Add(Describe(tracks[i], spans[i].Count, timelines[i]));
        var done = indexed.MoveToImmutable();
        return new Mp4Index(lengthBytes, done, pages, new SegmentPlanner(done, pages).Plan())
        {
            SourceIds = [.. tracks.Select(track => track.Id)],
        };
    }

    static IndexTrack Describe(TrackBox track, int samples, Timeline timeline) =>
        new()
        {
            Kind = track.Entry.IsVideo ? MediaTrackKind.Video : MediaTrackKind.Audio,
            Timescale = track.Timescale,
            Codec = track.Entry.Codec,
            Language = track.Language,
            Name = track.Name,
            Width = track.Entry.Width,
            Height = track.Entry.Height,
            Channels = track.Entry.Channels,
            SampleRate = track.Entry.SampleRate,
            SampleCount = samples,
            FirstDecode = timeline.FirstDecode,
            Start = timeline.FirstShown,
            End = timeline.End,
            Origin = timeline.Origin,
            CompositionShift = timeline.CompositionShift,
            Matrix = track.Matrix,
            SampleEntry = track.Entry.Box,
        };
}
