using System.Collections.Immutable;
using TgVault.Core.Mp4.Fragments;
using TgVault.Core.Mp4.Index;

namespace TgVault.Core.Playback.Packaging;

/// <summary>
/// Bits per second of one track's segments, boxes included: over all, and the most that any run of segments has that lasts between half
/// and one and a half times the playlist's target duration (RFC 8216 §4.3.4.2). <see cref="PackagedVideo"/> keeps those of a film.
/// </summary>
readonly record struct BitRate(long Average, long Peak)
{
    public static BitRate operator +(BitRate left, BitRate right) => new(left.Average + right.Average, left.Peak + right.Peak);

    public static BitRate Of(Mp4Index index, int track) =>
        Measure(
            MediaSegment.OwnTimes(index, track),
            DrawnOut.Of(index, track),
            index.Tracks[track].Timescale,
            number => MediaSegment.LengthOf(index, track, number)
        );

    /// <summary>Of the lead's first pictures.</summary>
    public static BitRate OfPictures(Mp4Index index) =>
        Measure(MediaSegment.OwnTimes(index, 0), 0, index.Tracks[0].Timescale, number => MediaSegment.PictureLengthOf(index, number));

    static BitRate Measure(ImmutableArray<SegmentTime> times, long drawnOut, uint timescale, Func<int, long> lengthOf)
    {
        var lengths = new long[times.Length];
        var (duration, total) = (0L, 0L);
        for (var i = 0; i < times.Length; i++)
        {
            lengths[i] = lengthOf(i);
            total += lengths[i];
            duration += times[i].Duration;
        }

        var target = SegmentClock.TargetSeconds(times.Select(time => SegmentClock.Microseconds(time, timescale))) * timescale;
        var peak = 0.0;
        for (var first = 0; first < times.Length; first++)
        {
            var (bytes, ticks) = (0L, 0L);
            for (var i = first; i < times.Length; i++)
            {
                bytes += lengths[i];
                ticks += times[i].Duration;
                if (2 * ticks > 3 * target)
                    break;
                if (2 * ticks >= target)
                    peak = Math.Max(peak, (double)bytes / ticks);
            }
        }

        // On average as long as it is played; the most without what the last sample is drawn out by.
        var (own, played) = duration > 0 ? ((double)total / duration, (double)total / (duration + drawnOut)) : (0, 0);
        return new BitRate(BitsPerSecond(played, timescale), BitsPerSecond(Math.Max(own, peak), timescale));
    }

    static long BitsPerSecond(double bytesPerTick, uint timescale) => (long)Math.Ceiling(bytesPerTick * 8 * timescale);
}
