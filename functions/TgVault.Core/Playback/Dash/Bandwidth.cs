using TgVault.Core.Mp4.Fragments;
using TgVault.Core.Playback.Packaging;

namespace TgVault.Core.Playback.Dash;

/// <summary>
/// What an MPD calls bandwidth (ISO 23009-1 §5.3.5.2): whoever receives that many bits per second, and begins to play any segment once it
/// has received them for minBufferTime, has every later segment whole before it is due. A short, heavy segment asks for more than its
/// surroundings' rate.
/// </summary>
static class Bandwidth
{
    /// <summary>The least such number that is no less than the track's peak rate.</summary>
    public static long Of(PackagedVideo video, int track, long bufferSeconds)
    {
        var index = video.Index;
        var times = MediaSegment.OwnTimes(index, track);
        var timescale = (double)index.Tracks[track].Timescale;
        var sent = new double[times.Length + 1];
        for (var i = 0; i < times.Length; i++)
            sent[i + 1] = sent[i] + (8.0 * MediaSegment.LengthOf(index, track, i));

        // Each turn finds the run of segments that is late by most bits and takes the rate that it needs.
        // A handful of turns end it (Dinkelbach's method).
        double rate = Math.Max(1, video.RateOf(track).Peak);
        while (LatestRun(rate) is { Bits: var bits, Seconds: var seconds } && bits > rate * seconds * (1 + 1e-9))
            rate = bits / seconds;
        return (long)Math.Ceiling(rate);

        // Of all runs, the one whose bits exceed by most what arrives in time for its last segment.
        (double Bits, double Seconds) LatestRun(double rate)
        {
            var (worst, latest, last) = ((Bits: 0.0, Seconds: 1.0), double.MinValue, 0);
            var late = 0.0;
            for (var first = times.Length - 1; first >= 0; first--)
            {
                if (sent[first + 1] - (rate * times[first].Start / timescale) is var ends && ends > latest)
                    (latest, last) = (ends, first);
                var seconds = bufferSeconds + ((times[last].Start - times[first].Start) / timescale);
                var bits = sent[last + 1] - sent[first];
                if (bits - (rate * seconds) <= late)
                    continue;
                late = bits - (rate * seconds);
                worst = (bits, seconds);
            }

            return worst;
        }
    }
}
