using TgVault.Core.Mp4.Index;
using TgVault.Core.Videos;

namespace TgVault.Core.Mp4.Fragments;

/// <summary>
/// When samples are decoded in the file of all tracks: all of them earlier than in segments, by the same time, with as little as can be
/// before the film begins. The first pictures are decoded a tick apart for that, instead of one frame. ffmpeg's demuxer, which Chromium has
/// too, takes what lies before the beginning for part of a short film's length, though the edit list hides it. Pictures that begin late are
/// decoded from the beginning on: it adds when the decoding of the first fragment ends to when they begin.
/// </summary>
sealed class FileTimes
{
    // Encoders hold back a few pictures to put them in order, HEVC's and AV1's up to sixteen.
    const int MostHeldBack = 64;

    readonly long[] _earlier;
    readonly int _close;
    readonly long _ahead;

    FileTimes(long[] earlier, int close, long ahead) => (_earlier, _close, _ahead) = (earlier, close, ahead);

    public static FileTimes Of(Mp4Index index)
    {
        var lead = index.Tracks[0];
        if (lead.Kind != MediaTrackKind.Video)
            return new FileTimes(new long[index.Tracks.Length], 0, 0);
        var earlier = lead.Origin;
        foreach (var track in index.Tracks[1..])
            earlier = Math.Min(earlier, Scale(track.FirstDecode, lead.Timescale, track.Timescale));

        var (decoded, number, time) = (new List<long>(), 0, lead.FirstDecode);
        index.ReadSamples(
            0,
            0,
            Math.Min(MostHeldBack, lead.SampleCount),
            sample =>
            {
                // No picture is shown before it is decoded.
                earlier = Math.Min(earlier, time + sample.CompositionOffset + lead.CompositionShift - number++);
                decoded.Add(time);
                time += sample.Duration;
            }
        );
        var close = Enumerable.Range(0, decoded.Count).FirstOrDefault(i => decoded[i] - earlier >= i, decoded.Count);
        if (earlier <= 0 || (close == MostHeldBack && close < lead.SampleCount))
            (earlier, close) = (0, 0);
        // To go to the beginning it goes where the first picture is decoded, too, and leaves out what sound there is before.
        var ahead = earlier == 0 ? lead.FirstDecode : 0;
        return new FileTimes([.. index.Tracks.Select(track => Scale(earlier, track.Timescale, lead.Timescale))], close, ahead);
    }

    /// <summary>By how many ticks all of a track is earlier than in segments.</summary>
    public long Earlier(int track) => _earlier[track];

    /// <summary>When a sample is decoded.</summary>
    /// <param name="track">Its track's place in the index.</param>
    /// <param name="number">Its number in the track, from 0.</param>
    /// <param name="time">When it is decoded in segments.</param>
    public long DecodedAt(int track, int number, long time) =>
        track > 0 ? time - _earlier[track]
        : number < _close ? number
        : time - _earlier[0] - _ahead;

    static long Scale(long ticks, uint to, uint from) => (long)((Int128)ticks * to / from);
}
