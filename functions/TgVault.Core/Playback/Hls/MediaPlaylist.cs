using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using TgVault.Core.Mp4.Fragments;
using TgVault.Core.Mp4.Index;

namespace TgVault.Core.Playback.Hls;

/// <summary>
/// The playlist of one track's segments, of its first pictures, or of captions (RFC 8216 §4.3.3). Durations are differences of times rounded to
/// microseconds, so that no error adds up over a long video.
/// </summary>
public static class MediaPlaylist
{
    /// <summary>The segments of one track.</summary>
    public static string Write(Mp4Index index, int track) => Write(index, track, "", SegmentNames.Segment);

    /// <summary>The first picture of each segment, for fast winding (RFC 8216 §4.3.3.6).</summary>
    public static string WritePictures(Mp4Index index) => Write(index, 0, "#EXT-X-I-FRAMES-ONLY\n", SegmentNames.Picture);

    /// <summary>Captions as one segment that lasts as long as the video.</summary>
    public static string WriteCaptions(double durationSeconds, string textUri) => string.Create(
        CultureInfo.InvariantCulture,
        $"#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-TARGETDURATION:{Math.Max(1, Math.Round(durationSeconds))}\n#EXT-X-PLAYLIST-TYPE:VOD\n#EXTINF:{durationSeconds:F6},\n{textUri}\n#EXT-X-ENDLIST\n");

    /// <summary>The longest segment, in whole seconds, at least 1 (RFC 8216 §4.3.3.1).</summary>
    internal static long TargetSeconds(ImmutableArray<SegmentTime> times, uint timescale) =>
        Math.Max(1, times.Select(time => (Microseconds(time, timescale) + 500_000) / 1_000_000).DefaultIfEmpty().Max());

    static string Write(Mp4Index index, int track, string tags, Func<int, string> nameOf)
    {
        var times = MediaSegment.Times(index, track);
        var timescale = index.Tracks[track].Timescale;
        var text = new StringBuilder(200 + (32 * times.Length));
        text.Append(CultureInfo.InvariantCulture, $"#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-TARGETDURATION:{TargetSeconds(times, timescale)}\n#EXT-X-PLAYLIST-TYPE:VOD\n")
            .Append(CultureInfo.InvariantCulture, $"{IndependenceOf(index, track)}{tags}#EXT-X-MAP:URI=\"{SegmentNames.Init}\"\n");
        for (var i = 0; i < times.Length; i++)
        {
            var length = Microseconds(times[i], timescale);
            text.Append(CultureInfo.InvariantCulture, $"#EXTINF:{length / 1_000_000}.{length % 1_000_000:D6},\n").Append(nameOf(i)).Append('\n');
        }

        return text.Append("#EXT-X-ENDLIST\n").ToString();
    }

    // RFC 8216 §4.3.5.1: said only where it is true of every segment.
    static string IndependenceOf(Mp4Index index, int track) => track > 0 || index.HasIndependentSegments ? "#EXT-X-INDEPENDENT-SEGMENTS\n" : "";

    static long Microseconds(SegmentTime time, uint timescale) => Microseconds(time.Start + time.Duration, timescale) - Microseconds(time.Start, timescale);

    static long Microseconds(long ticks, uint timescale) => (long)((((Int128)ticks * 1_000_000) + (timescale / 2)) / timescale);
}
