using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using TgVault.Core.Mp4.Fragments;
using TgVault.Core.Mp4.Index;
using TgVault.Core.Playback.Captions;
using TgVault.Core.Playback.Packaging;

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

    /// <summary>The longest segment, in whole seconds, at least 1 (RFC 8216 §4.3.3.1).</summary>
    internal static long TargetSeconds(ImmutableArray<SegmentTime> times, uint timescale) =>
        TargetSeconds(times.Select(time => Microseconds(time, timescale)));

    internal static long Microseconds(long ticks, uint timescale) => (long)((((Int128)ticks * 1_000_000) + (timescale / 2)) / timescale);

    static string Write(Mp4Index index, int track, string tags, Func<int, string> nameOf)
    {
        var timescale = index.Tracks[track].Timescale;
        return Write(
            [.. MediaSegment.Times(index, track).Select(time => Microseconds(time, timescale))],
            $"{IndependenceOf(index, track)}{tags}#EXT-X-MAP:URI=\"{SegmentNames.Init}\"\n",
            nameOf
        );
    }

    static string Write(ImmutableArray<long> lengths, string tags, Func<int, string> nameOf)
    {
        var text = new StringBuilder(200 + (32 * lengths.Length));
        text.Append(
            CultureInfo.InvariantCulture,
            $"#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-TARGETDURATION:{TargetSeconds(lengths)}\n#EXT-X-PLAYLIST-TYPE:VOD\n{tags}"
        );
        for (var i = 0; i < lengths.Length; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"#EXTINF:{lengths[i] / 1_000_000}.{lengths[i] % 1_000_000:D6},\n")
                .Append(nameOf(i))
                .Append('\n');
        }

        return text.Append("#EXT-X-ENDLIST\n").ToString();
    }

    static long TargetSeconds(IEnumerable<long> lengths) =>
        Math.Max(1, lengths.Select(length => (length + 500_000) / 1_000_000).DefaultIfEmpty().Max());

    // RFC 8216 §4.3.5.1: said only where it is true of every segment.
    static string IndependenceOf(Mp4Index index, int track) =>
        track > 0 || index.HasIndependentSegments ? "#EXT-X-INDEPENDENT-SEGMENTS\n" : "";

    static long Microseconds(SegmentTime time, uint timescale) =>
        Microseconds(time.Start + time.Duration, timescale) - Microseconds(time.Start, timescale);
}
