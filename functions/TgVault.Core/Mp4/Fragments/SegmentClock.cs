namespace TgVault.Core.Mp4.Fragments;

/// <summary>
/// When a segment begins and how long it lasts, as players that honour its edit list show it, in ticks of its track. Neighbours touch.
/// </summary>
internal readonly record struct SegmentTime(long Start, long Duration);

/// <summary>
/// Ticks of a track as microseconds and seconds. A duration is the difference of two rounded times, so that no error adds up over a long
/// video.
/// </summary>
internal static class SegmentClock
{
    public static long Microseconds(long ticks, uint timescale) => (long)((((Int128)ticks * 1_000_000) + (timescale / 2)) / timescale);

    /// <summary>How long the segment lasts.</summary>
    public static long Microseconds(SegmentTime time, uint timescale) =>
        Microseconds(time.Start + time.Duration, timescale) - Microseconds(time.Start, timescale);

    /// <summary>The longest of these durations in microseconds, in whole seconds, at least 1 (RFC 8216 §4.3.3.1).</summary>
    public static long TargetSeconds(IEnumerable<long> durations) =>
        Math.Max(1, durations.Select(duration => (duration + 500_000) / 1_000_000).DefaultIfEmpty().Max());
}
