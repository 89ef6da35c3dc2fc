using System.Globalization;
using System.Text;
using TgVault.Core.Mp4.Fragments;
using TgVault.Core.Mp4.Index;
using TgVault.Core.Playback.Captions;
using TgVault.Core.Playback.Packaging;

namespace TgVault.Core.Playback.Hls;

/// <summary>
/// The playlist of one track's segments, of its first pictures, or of captions (RFC 8216 §4.3.3). Its durations are those of
/// <see cref="SegmentClock"/>.
/// </summary>
internal static class MediaPlaylist
{
    /// <summary>The segments of one track.</summary>
    public static string Write(Mp4Index index, int track) => Write(index, track, "", SegmentNames.Segment);

    /// <summary>The first picture of each segment, for fast winding (RFC 8216 §4.3.3.6).</summary>
    public static string WritePictures(Mp4Index index) => Write(index, 0, "#EXT-X-I-FRAMES-ONLY\n", SegmentNames.Picture);

    /// <summary>Captions, cut like the video.</summary>
    public static string WriteCaptions(PackagedVideo video)
    {
        var starts = video.SegmentStarts;
        var durations = new long[starts.Length - 1];
        for (var i = 0; i < durations.Length; i++)
            durations[i] = starts[i + 1] - starts[i];
        return Write(durations, "", CaptionNames.Segment);
    }

    static string Write(Mp4Index index, int track, string tags, Func<int, string> nameOf)
    {
        var timescale = index.Tracks[track].Timescale;
        return Write(
            [.. MediaSegment.Times(index, track).Select(time => SegmentClock.Microseconds(time, timescale))],
            $"{IndependenceOf(index, track)}{tags}#EXT-X-MAP:URI=\"{SegmentNames.Init}\"\n",
            nameOf
        );
    }

    static string Write(long[] durations, string tags, Func<int, string> nameOf)
    {
        var text = new StringBuilder(200 + (32 * durations.Length));
        text.Append(
            CultureInfo.InvariantCulture,
            $"#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-TARGETDURATION:{SegmentClock.TargetSeconds(durations)}\n#EXT-X-PLAYLIST-TYPE:VOD\n{tags}"
        );
        for (var i = 0; i < durations.Length; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"#EXTINF:{durations[i] / 1_000_000}.{durations[i] % 1_000_000:D6},\n")
                .Append(nameOf(i))
                .Append('\n');
        }

        return text.Append("#EXT-X-ENDLIST\n").ToString();
    }

    // RFC 8216 §4.3.5.1: said only where it is true of every segment.
    static string IndependenceOf(Mp4Index index, int track) =>
        track > 0 || index.HasIndependentSegments ? "#EXT-X-INDEPENDENT-SEGMENTS\n" : "";
}
