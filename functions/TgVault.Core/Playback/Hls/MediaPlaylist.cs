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

    /// <summary>Captions, cut like the video.</summary>
    public static string WriteCaptions(Mp4Index index)
    {
        var starts = CaptionSegments.Starts(index);
        return Write([.. starts.Skip(1).Zip(starts, (end, start) => end - start)], "", CaptionNames.Segment);
    }

    static string Write(Mp4Index index, int track, string tags, Func<int, string> nameOf)
    {
        var times = MediaSegment.Times(index, track);
        var timescale = index.Tracks[track].Timescale;
        var lengths = times.Select(time => Microseconds(time.Start + time.Duration, timescale) - Microseconds(time.Start, timescale)).ToList();
        return Write(lengths, $"#EXT-X-INDEPENDENT-SEGMENTS\n{tags}#EXT-X-MAP:URI=\"{SegmentNames.Init}\"\n", nameOf);
    }

    static string Write(List<long> lengths, string tags, Func<int, string> nameOf)
    {
        var target = lengths.Count == 0 ? 0 : lengths.Max(length => (length + 500_000) / 1_000_000);

        var text = new StringBuilder(200 + (32 * lengths.Count));
        text.Append(CultureInfo.InvariantCulture, $"#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-TARGETDURATION:{Math.Max(1, target)}\n#EXT-X-PLAYLIST-TYPE:VOD\n{tags}");
        for (var i = 0; i < lengths.Count; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"#EXTINF:{lengths[i] / 1_000_000}.{lengths[i] % 1_000_000:D6},\n").Append(nameOf(i)).Append('\n');
        }

        return text.Append("#EXT-X-ENDLIST\n").ToString();
    }

    internal static long Microseconds(long ticks, uint timescale) => (long)((((Int128)ticks * 1_000_000) + (timescale / 2)) / timescale);
}
