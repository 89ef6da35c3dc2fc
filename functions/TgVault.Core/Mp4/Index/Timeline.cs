using TgVault.Core.Mp4.Boxes;
using TgVault.Core.Mp4.Movie;

namespace TgVault.Core.Mp4.Index;

/// <summary>
/// How one track's times become those of the segments. All tracks are moved by the same time, the origin, so that the earliest decoding of
/// all, be it of hidden priming or of a picture that is shown later, is at 0: then nothing is lost, no time and no composition offset is
/// negative, and a player that ignores edit lists still has sound and picture together. A player that honours the segments' own edit list,
/// which starts at the origin, shows exactly what the file's edit lists say. (ffmpeg 5.1 misplaces fragments with negative composition
/// offsets.)
/// </summary>
/// <param name="FirstDecode">When the first sample is decoded, in ticks of the track, like the others.</param>
/// <param name="FirstShown">When the earliest sample is shown.</param>
/// <param name="End">When the last sample's showing ends.</param>
/// <param name="CompositionShift">What is added to every sample's composition offset.</param>
/// <param name="Origin">The time that the presentation begins at.</param>
readonly record struct Timeline(long FirstDecode, long FirstShown, long End, int CompositionShift, long Origin)
{
    /// <param name="tracks">All tracks.</param>
    /// <param name="spans">Their samples' times, counted from the first one's decoding.</param>
    /// <param name="decodeStarts">When their first samples are decoded in the file.</param>
    public static Timeline[] Align(IReadOnlyList<TrackBox> tracks, ReadOnlySpan<TrackSpan> spans, ReadOnlySpan<long> decodeStarts)
    {
        var starts = new long[tracks.Count];
        var earliest = 0;
        for (var i = 0; i < tracks.Count; i++)
        {
            starts[i] = decodeStarts[i] + spans[i].LeastComposition - tracks[i].Edits.MediaStart + tracks[i].Edits.Delay;
            if ((Int128)starts[i] * tracks[earliest].Timescale < (Int128)starts[earliest] * tracks[i].Timescale)
                earliest = i;
        }

        var timelines = new Timeline[tracks.Count];
        for (var i = 0; i < tracks.Count; i++)
        {
            var origin = Round(-starts[earliest], tracks[i].Timescale, tracks[earliest].Timescale);
            var first = starts[i] + origin;
            // Pictures that begin with the presentation are decoded from 0 on: hls.js takes the first decoding for the start.
            var ahead = tracks[i].Entry.IsVideo && first <= origin ? first : 0;
            first -= ahead;
            var shift = ahead - spans[i].LeastComposition;
            if (shift is < int.MinValue or > int.MaxValue || first > EditList.MaxTime)
                throw Damage.Of("its times are out of range");
            timelines[i] = new Timeline(
                first,
                first + spans[i].FirstShown + shift,
                first + EndOf(tracks[i], spans[i], decodeStarts[i]) + shift,
                (int)shift,
                Math.Max(0, origin)
            );
        }

        return timelines;
    }

    // Pictures that others need may be decoded although they are shown behind the end.
    static long EndOf(TrackBox track, TrackSpan span, long decodeStart) =>
        track.Edits.IsOver(decodeStart + span.EndShown, track.Timescale, track.Entry.IsVideo)
            ? Math.Max(span.FirstShown, track.Edits.MediaStart + track.Edits.Length!.Value - decodeStart)
            : span.EndShown;

    static long Round(long ticks, uint to, uint from)
    {
        var doubled = 2 * (Int128)ticks * to;
        var rounded = (doubled + (doubled >= 0 ? from : -(Int128)from)) / (2 * (Int128)from);
        return rounded <= EditList.MaxTime && rounded >= -EditList.MaxTime ? (long)rounded : throw Damage.Of("its times are out of range");
    }
}
