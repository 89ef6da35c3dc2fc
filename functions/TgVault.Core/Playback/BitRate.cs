using System.Collections.Immutable;
using TgVault.Core.Mp4.Fragments;
using TgVault.Core.Mp4.Index;

namespace TgVault.Core.Playback;

/// <summary>Bits per second of one track's segments, boxes included: over all, and the most that any stretch near a segment's usual length has (RFC 8216bis §4.4.6.2).</summary>
readonly record struct BitRate(long Average, long Peak)
{
    public static BitRate operator +(BitRate left, BitRate right) => new(left.Average + right.Average, left.Peak + right.Peak);

    public static BitRate Of(Mp4Index index, int track) =>
        Measure(MediaSegment.Times(index, track), index.Tracks[track].Timescale, number => MediaSegment.LengthOf(index, track, number));

    /// <summary>Of the lead's first pictures.</summary>
    public static BitRate OfPictures(Mp4Index index) =>
        Measure(MediaSegment.Times(index, 0), index.Tracks[0].Timescale, number => MediaSegment.PictureLengthOf(index, number));

    static BitRate Measure(ImmutableArray<SegmentTime> times, uint timescale, Func<int, long> lengthOf)
    {
        var lengths = new long[times.Length];
        var (target, duration, total) = (0L, 0L, 0L);
        for (var i = 0; i < times.Length; i++)
        {
            lengths[i] = lengthOf(i);
            total += lengths[i];
            duration += times[i].Duration;
            target = Math.Max(target, times[i].Duration);
        }

        var peak = 0.0;
        for (var first = 0; first < times.Length; first++)
        {
            // Segments under half the target count together with those behind them.
            var (bytes, ticks) = (0L, 0L);
            for (var i = first; i < times.Length && 2 * ticks < target; i++)
            {
                bytes += lengths[i];
                ticks += times[i].Duration;
            }

            if (ticks > 0 && 2 * ticks >= target) peak = Math.Max(peak, (double)bytes / ticks);
        }

        var average = duration > 0 ? (double)total / duration : 0;
        return new BitRate(BitsPerSecond(average, timescale), BitsPerSecond(Math.Max(average, peak), timescale));
    }

    static long BitsPerSecond(double bytesPerTick, uint timescale) => (long)Math.Ceiling(bytesPerTick * 8 * timescale);
}
