using TgVault.Core.Mp4.Boxes;
using TgVault.Core.Mp4.Edits;
using TgVault.Core.Mp4.Movie;

namespace TgVault.Core.Mp4.Index;

/// <summary>
/// Collects the samples of a progressive file from its sample tables, without those that its edit lists keep from ever being shown.
/// </summary>
static class ProgressiveSamples
{
    /// <summary>
    /// Collects the tracks' samples in file order; returns when each track's first sample is decoded, in ticks. Tracks that are put
    /// together from pieces take the place of those in the list.
    /// </summary>
    public static long[] Collect(List<TrackBox> tracks, Mp4Layout layout, SampleCollector collector)
    {
        var starts = new long[tracks.Count];
        var runs = new SampleRun[tracks.Count];
        for (var i = 0; i < tracks.Count; i++)
            (tracks[i], starts[i], runs[i]) = Begin(tracks[i], layout, collector);
        while (true)
        {
            var nearest = -1;
            for (var i = 0; i < runs.Length; i++)
            {
                if (!runs[i].AtEnd && (nearest < 0 || runs[i].Offset < runs[nearest].Offset))
                    nearest = i;
            }

            if (nearest < 0)
                return starts;
            collector.Add(nearest, runs[nearest].Read());
        }
    }

    static (TrackBox Track, long Start, SampleRun Run) Begin(TrackBox track, Mp4Layout layout, SampleCollector collector)
    {
        var sourceBytes = layout.LengthBytes;
        if (track.Tables.SampleCount > SampleCollector.MaxSamples)
            throw new MediaException($"The MP4 has more than {SampleCollector.MaxSamples} samples.") { Fault = MediaFault.Content };
        if ((ulong)track.Tables.EqualSize * track.Tables.SampleCount > (ulong)sourceBytes)
            throw Damage.PastEnd("its samples are together larger than the file");
        // Fragments go on from these samples, by the track's own ticks.
        if (!layout.IsFragmented && EditedTrack.Of(track, sourceBytes) is { } edited)
        {
            if (track.Pieces.Length > 1)
                collector.AllowAgain(edited.Samples.Sum(sample => (long)sample.SizeBytes));
            return (edited.Track, edited.FirstDecode, SampleRun.Of(edited.Samples));
        }

        var (first, end, lastDuration) = FindShown(track, sourceBytes);
        var reader = new SampleReader(track.Tables, sourceBytes);
        var start = 0L;
        while (reader.Next < first)
            start += reader.Read().Duration;
        return (track, start, SampleRun.Of(reader, end, lastDuration));
    }

    // Reads the tables once ahead: what has to be kept is known only at their end.
    static (uint First, uint End, uint LastDuration) FindShown(TrackBox track, long sourceBytes)
    {
        var edits = track.Edits;
        var shownEnd = edits.Length is { } length ? edits.MediaStart + length : long.MaxValue;
        uint first = 0,
            end = 0,
            last = 0;
        var time = 0L;
        for (var reader = new SampleReader(track.Tables, sourceBytes); !reader.AtEnd; )
        {
            var number = reader.Next;
            var sample = reader.Read();
            var shown = time + sample.CompositionOffset;
            time += sample.Duration;
            // Video has to be decoded from the last sync sample before its start; audio from a little before its own.
            if (track.Entry.IsVideo ? sample.IsSync && shown <= edits.MediaStart : Priming.IsOlder(track, edits, sample, shown))
                first = track.Entry.IsVideo ? number : number + 1;
            if (shown >= shownEnd)
                continue;
            end = number + 1;
            // What the last one lasts in the tables may be anything; the edit list says when all is over.
            last = edits.IsOver(shown + sample.Duration, track.Timescale, track.Entry.IsVideo)
                ? (uint)Math.Max(1, shownEnd - shown)
                : sample.Duration;
        }

        return (Math.Min(first, end), end, last);
    }
}
