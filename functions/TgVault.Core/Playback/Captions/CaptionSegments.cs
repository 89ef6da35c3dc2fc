using System.Collections.Immutable;
using TgVault.Core.Captioning;
using TgVault.Core.Mp4.Index;
using TgVault.Core.Playback.Hls;

namespace TgVault.Core.Playback.Captions;

/// <summary>
/// Captions cut where the video's segments begin, so that players load them as they go. Their times are those of the segments: where pictures that
/// an edit list hides are shown (<see cref="Mp4Index.SegmentOrigin"/>), texts are moved with the pictures.
/// </summary>
public static class CaptionSegments
{
    // 0 of the texts is 0 of the segments after their edit lists (RFC 8216 §3.5). hls.js, which counts from the first decoding, agrees: see Timeline.
    const string TimestampMap = "X-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:0";

    /// <summary>When segments begin, in microseconds, from 0 on; one more entry is the end of the video.</summary>
    public static ImmutableArray<long> Starts(Mp4Index index)
    {
        var starts = ImmutableArray.CreateBuilder<long>(index.SegmentCount + 1);
        starts.Add(0);
        var (lead, origin) = (index.Tracks[0], index.SegmentOrigin(0));
        for (var segment = 1; segment < index.SegmentCount; segment++)
            Add(MediaPlaylist.Microseconds(index.Segments.Boundaries[segment] - origin, lead.Timescale));
        Add(
            Enumerable
                .Range(0, index.Tracks.Length)
                .Max(track =>
                    MediaPlaylist.Microseconds(index.Tracks[track].End - index.SegmentOrigin(track), index.Tracks[track].Timescale)
                )
        );
        return starts.ToImmutable();

        void Add(long start)
        {
            if (start > starts[^1])
                starts.Add(start);
        }
    }

    /// <summary>One segment as a WebVTT file; texts that last beyond it are in its neighbours too. Null where there is none of this number.</summary>
    public static byte[]? Find(Mp4Index index, CaptionText captions, int number)
    {
        var starts = Starts(index);
        if (number < 0 || number >= starts.Length - 1)
            return null;
        // What begins after the end is kept too, though nobody will see it.
        var end = number == starts.Length - 2 ? long.MaxValue : (starts[number + 1] + 999) / 1000;
        return captions.Write(TimestampMap, ShiftMilliseconds(index), starts[number] / 1000, end);
    }

    /// <summary>All of it as one WebVTT file, for players that do not take it in segments.</summary>
    public static byte[] Whole(Mp4Index index, CaptionText captions) => captions.Write("", ShiftMilliseconds(index), 0, long.MaxValue);

    static long ShiftMilliseconds(Mp4Index index) =>
        MediaPlaylist.Microseconds(index.Tracks[0].Origin - index.SegmentOrigin(0), index.Tracks[0].Timescale) / 1000;
}
