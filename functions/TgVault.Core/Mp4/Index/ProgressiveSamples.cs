using TgVault.Core.Mp4.Boxes;
using TgVault.Core.Mp4.Movie;

namespace TgVault.Core.Mp4.Index;

/// <summary>
/// Collects the samples of a progressive file from its sample tables, without those that its edit lists keep from ever being shown.
/// </summary>
static class ProgressiveSamples
{
    // Longer audio before the start is not priming but what a cutter hid; decoders need far less to settle.
    const double MaxPrimingSeconds = 0.2;

    /// <summary>Collects the tracks' samples in file order; returns when each track's first sample is decoded, in ticks.</summary>
    public static long[] Collect(IReadOnlyList<TrackBox> tracks, long sourceBytes, SampleCollector collector)
    {
        var starts = new long[tracks.Count];
        var readers = new SampleReader[tracks.Count];
        var ends = new uint[tracks.Count];
        var lasts = new uint[tracks.Count];
        for (var i = 0; i < tracks.Count; i++)
        {
            (var first, ends[i], lasts[i]) = FindShown(tracks[i], sourceBytes);
            readers[i] = new SampleReader(tracks[i].Tables, sourceBytes);
            while (readers[i].Next < first)
                starts[i] += readers[i].Read().Duration;
        }

        while (true)
        {
            var nearest = -1;
            for (var i = 0; i < readers.Length; i++)
            {
                if (readers[i].Next < ends[i] && (nearest < 0 || readers[i].Offset < readers[nearest].Offset))
                    nearest = i;
            }

            if (nearest < 0)
                return starts;
            var sample = readers[nearest].Read();
            collector.Add(nearest, readers[nearest].Next == ends[nearest] ? sample with { Duration = lasts[nearest] } : sample);
        }
    }

    // Reads the tables once ahead: what has to be kept is known only at their end.
    static (uint First, uint End, uint LastDuration) FindShown(TrackBox track, long sourceBytes)
    {
        if (track.Tables.SampleCount > SampleCollector.MaxSamples)
            throw new MediaException($"The MP4 has more than {SampleCollector.MaxSamples} samples.") { Fault = MediaFault.Content };
        if ((ulong)track.Tables.EqualSize * track.Tables.SampleCount > (ulong)sourceBytes)
            throw Damage.PastEnd("its samples are together larger than the file");
        var edits = track.Edits;
        var shownEnd = edits.Length is { } length ? edits.MediaStart + length : long.MaxValue;
        var priming = (long)(MaxPrimingSeconds * track.Timescale);
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
            if (track.Entry.IsVideo ? sample.IsSync && shown <= edits.MediaStart : shown + sample.Duration <= edits.MediaStart - priming)
                first = track.Entry.IsVideo ? number : number + 1;
            if (shown >= shownEnd)
                continue;
            end = number + 1;
            // What the last one lasts in the tables may be anything; the edit list says when all is over.
            last = edits.IsOver(shown + sample.Duration, track.Timescale) ? (uint)Math.Max(1, shownEnd - shown) : sample.Duration;
        }

        return (Math.Min(first, end), end, last);
    }
}
