using System.Collections.Immutable;
using TgVault.Core.Mp4.Boxes;
using TgVault.Core.Mp4.Index;
using TgVault.Core.Mp4.Index.Columns;
using TgVault.Core.Mp4.Movie;
using TgVault.Core.Videos;

namespace TgVault.Core.Mp4.Fragments;

/// <summary>
/// A piece of the timeline that plays by itself behind its init segment (ISO 14496-12 §8.16, CMAF §7.3): moof and mdat. The length
/// follows from the index's segment table alone; the boxes from the samples' pages.
/// </summary>
internal static class MediaSegment
{
    const int SegmentTypeBytes = 24;
    const uint SyncFlags = 0x0200_0000;
    const uint NonSyncFlags = 0x0101_0000;

    /// <summary>How many segments the track has: those of the timeline in which it has samples.</summary>
    public static int Count(Mp4Index index, int track) => index.Segments.Tracks[track].Filled.Length;

    /// <summary>When each of the track's segments is shown, in order.</summary>
    public static ImmutableArray<SegmentTime> Times(Mp4Index index, int track) => Times(index, track, DrawnOut.Of(index, track));

    /// <summary>The same, but the last one no longer than what is in it: for what is counted per second.</summary>
    public static ImmutableArray<SegmentTime> OwnTimes(Mp4Index index, int track) => Times(index, track, 0);

    static ImmutableArray<SegmentTime> Times(Mp4Index index, int track, long drawnOut)
    {
        var table = index.Segments.Tracks[track];
        var starts = index.Tracks[track].Kind == MediaTrackKind.Video ? index.Segments.Boundaries : table.Times;
        var origin = index.SegmentOrigin(track);
        var times = ImmutableArray.CreateBuilder<SegmentTime>(table.Filled.Length);
        for (var i = 0; i < table.Filled.Length; i++)
        {
            var start = starts[table.Filled[i]];
            var end = i + 1 < table.Filled.Length ? starts[table.Filled[i + 1]] : index.Tracks[track].End + drawnOut;
            // What lies before the origin is audio priming, which is not shown.
            (start, end) = (Math.Max(0, start - origin), Math.Max(0, end - origin));
            times.Add(new SegmentTime(start, Math.Max(0, end - start)));
        }

        return times.MoveToImmutable();
    }

    /// <summary>The segment with this number of one track; null where there is none.</summary>
    /// <param name="index">The file's index.</param>
    /// <param name="track">The track's place in <see cref="Mp4Index.Tracks"/>.</param>
    /// <param name="number">From 0.</param>
    /// <exception cref="MediaException">The index does not fit together.</exception>
    public static MediaPart? Find(Mp4Index index, int track, int number)
    {
        if (track < 0 || track >= index.Tracks.Length || number < 0 || number >= Count(index, track))
            return null;
        return Write(index, [track], index.Segments.Tracks[track].Filled[number], null, firstOnly: false);
    }

    /// <summary>
    /// The picture that the segment with this number begins with, as a segment of its own; null where there is none, or the track is no
    /// video.
    /// </summary>
    public static MediaPart? FindPicture(Mp4Index index, int track, int number)
    {
        if (track != 0 || index.Tracks[0].Kind != MediaTrackKind.Video || number < 0 || number >= Count(index, track))
            return null;
        return Write(index, [track], index.Segments.Tracks[track].Filled[number], null, firstOnly: true);
    }

    /// <summary>The length of the segment with this number, in bytes, without computing it.</summary>
    public static long LengthOf(Mp4Index index, int track, int number) =>
        LengthOf(index, [track], index.Segments.Tracks[track].Filled[number], withType: true);

    internal static long LengthOf(Mp4Index index, ReadOnlySpan<int> tracks, int segment, bool withType)
    {
        var length = (withType ? SegmentTypeBytes : 0L) + MoofBytes(index, tracks, segment, null) + BoxHeader.MinBytes;
        foreach (var track in tracks)
            length += index.Segments.Tracks[track].BytesOf(segment);
        return length;
    }

    /// <summary>The length of what <see cref="FindPicture"/> gives, in bytes, without computing it.</summary>
    public static long PictureLengthOf(Mp4Index index, int number)
    {
        var segment = index.Segments.Tracks[0].Filled[number];
        return SegmentTypeBytes + MoofBytes(index, [0], segment, 1) + BoxHeader.MinBytes + index.Segments.FirstSizes[segment];
    }

    /// <param name="index">The file's index.</param>
    /// <param name="tracks">Which tracks it has.</param>
    /// <param name="segment">The number among all segments, whichever tracks they have.</param>
    /// <param name="file">The times of the file that it is a fragment of; null for a segment.</param>
    /// <param name="firstOnly">Only the first picture.</param>
    internal static MediaPart Write(Mp4Index index, ReadOnlySpan<int> tracks, int segment, FileTimes? file, bool firstOnly)
    {
        var withType = file is null;
        var moofBytes = MoofBytes(index, tracks, segment, firstOnly ? 1 : null);
        var writer = new BoxWriter((withType ? SegmentTypeBytes : 0) + moofBytes + BoxHeader.MinBytes);
        if (withType)
        {
            using (writer.Open(BoxType.Styp))
                writer.Bytes("msdh"u8).UInt32(0).Bytes("msdhcmfs"u8);
        }

        var ranges = ImmutableArray.CreateBuilder<SourceRange>();
        var mediaBytes = 0L;
        using (writer.Open(BoxType.Moof))
        {
            using (writer.Open(BoxType.Mfhd, 0, 0))
                writer.UInt32((uint)segment + 1);
            foreach (var track in tracks)
            {
                var count = firstOnly ? 1 : index.Segments.Tracks[track].CountOf(segment);
                var offset = moofBytes + BoxHeader.MinBytes + mediaBytes;
                if (count > 0)
                    mediaBytes += WriteTrack(writer, index, new Run(track, segment, count, offset), file, ranges);
            }
        }

        if (mediaBytes > SegmentTable.MaxSegmentBytes)
            throw IndexDamage.Unreadable();
        writer.UInt32((uint)(mediaBytes + BoxHeader.MinBytes)).UInt32(BoxType.Mdat.Code);
        return new MediaPart(writer.ToArray(), ranges.DrainToImmutable(), writer.LengthBytes + mediaBytes);
    }

    // tfhd 20, tfdt 20, trun 20 bytes, each sample's fields, and the traf around them; moof and mfhd are 24.
    static int MoofBytes(Mp4Index index, ReadOnlySpan<int> tracks, int segment, int? count)
    {
        var bytes = 24;
        foreach (var track in tracks)
        {
            var samples = count ?? index.Segments.Tracks[track].CountOf(segment);
            if (samples > 0)
                bytes += 68 + (samples * (index.Tracks[track].Kind == MediaTrackKind.Video ? 16 : 8));
        }

        return bytes;
    }

    static long WriteTrack(BoxWriter writer, Mp4Index index, Run run, FileTimes? file, ImmutableArray<SourceRange>.Builder ranges)
    {
        const uint baseIsMoof = 0x20000,
            ownFlags = 0x20,
            hasDataOffset = 1,
            hasDuration = 0x100,
            hasSize = 0x200,
            hasFlags = 0x400,
            hasComposition = 0x800;
        var (track, table) = (index.Tracks[run.Track], index.Segments.Tracks[run.Track]);
        var isVideo = track.Kind == MediaTrackKind.Video;
        var drawnOut = file is null ? DrawnOut.Of(index, run.Track) : 0;
        var (bytes, number, time) = (0L, table.FirstSamples[run.Segment], table.Times[run.Segment]);
        using (writer.Open(BoxType.Traf))
        {
            using (writer.Open(BoxType.Tfhd, 0, baseIsMoof | ownFlags))
                writer.UInt32((uint)run.Track + 1).UInt32(isVideo ? NonSyncFlags : SyncFlags);
            using (writer.Open(BoxType.Tfdt, 1, 0))
                writer.UInt64((ulong)DecodedAt(number, time));
            using (writer.Open(BoxType.Trun, 1, hasDataOffset | hasDuration | hasSize | (isVideo ? hasFlags | hasComposition : 0)))
            {
                writer.UInt32((uint)run.Count).UInt32((uint)run.DataOffset);
                index.ReadSamples(
                    run.Track,
                    number,
                    run.Count,
                    sample =>
                    {
                        if (sample.Offset < 0 || sample.Offset > index.SourceBytes - sample.SizeBytes)
                            throw IndexDamage.Unreadable();
                        var decoded = DecodedAt(number, time);
                        var shown = time + sample.CompositionOffset + track.CompositionShift - (file?.Earlier(run.Track) ?? 0);
                        time += sample.Duration;
                        var isLast = ++number == track.SampleCount;
                        var duration = isLast ? sample.Duration + drawnOut : DecodedAt(number, time) - decoded;
                        writer.UInt32((uint)Math.Min(uint.MaxValue, duration)).UInt32((uint)sample.SizeBytes);
                        if (isVideo)
                            writer.UInt32(sample.IsSync ? SyncFlags : NonSyncFlags).UInt32((uint)unchecked(shown - decoded));
                        bytes += sample.SizeBytes;
                        Add(ranges, sample);
                    }
                );
            }
        }

        return bytes;

        long DecodedAt(int number, long time) => file?.DecodedAt(run.Track, number, time) ?? time;
    }

    static void Add(ImmutableArray<SourceRange>.Builder ranges, Sample sample)
    {
        if (sample.SizeBytes == 0)
            return;
        if (ranges.Count > 0 && ranges[^1].End == sample.Offset)
            ranges[^1] = ranges[^1] with { LengthBytes = ranges[^1].LengthBytes + sample.SizeBytes };
        else
            ranges.Add(new SourceRange(sample.Offset, sample.SizeBytes));
    }

    /// <summary>The samples of one track in a part, and where their bytes begin in it.</summary>
    readonly record struct Run(int Track, int Segment, int Count, long DataOffset);
}
