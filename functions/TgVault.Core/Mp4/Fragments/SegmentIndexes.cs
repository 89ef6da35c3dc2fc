using TgVault.Core.Mp4.Boxes;
using TgVault.Core.Mp4.Index;
using TgVault.Core.Videos;

namespace TgVault.Core.Mp4.Fragments;

/// <summary>
/// The segment indexes of a fragmented file: one sidx for each track (ISO 14496-12 §8.16.3 allows one per reference stream), all of the
/// same fragments, one behind the other. ffmpeg up to 5 looks for the place of a track without one of its own by the times of another,
/// unscaled, and so plays nothing of it for seconds after a seek.
/// </summary>
static class SegmentIndexes
{
    const int HeadBytes = 40;
    const int EntryBytes = 12;

    /// <summary>Writes them.</summary>
    /// <param name="index">The file's index.</param>
    /// <param name="lengths">How long each fragment is, in bytes; the first one lies right behind what is written here.</param>
    public static byte[] Write(Mp4Index index, ReadOnlySpan<long> lengths)
    {
        var boxBytes = HeadBytes + (EntryBytes * lengths.Length);
        var writer = new BoxWriter(boxBytes * index.Tracks.Length);
        for (var track = 0; track < index.Tracks.Length; track++)
            WriteBox(writer, index, track, lengths, boxBytes * (index.Tracks.Length - track - 1));
        return writer.ToArray();
    }

    static void WriteBox(BoxWriter writer, Mp4Index index, int track, ReadOnlySpan<long> lengths, long firstOffset)
    {
        // Every fragment begins with a sync sample of the lead: SAP type 1, or one not told where pictures before it may follow.
        const uint firstType = 0x9000_0000,
            anyType = 0x8000_0000;
        var startsWithSap = track > 0 || index.HasIndependentSegments ? firstType : anyType;
        var times = TimesOf(index, track);
        using (writer.Open(BoxType.Sidx, 1, 0))
        {
            writer
                .UInt32((uint)track + 1)
                .UInt32(index.Tracks[track].Timescale)
                .UInt64((ulong)times[0])
                .UInt64((ulong)firstOffset)
                .UInt16(0)
                .UInt16((ushort)lengths.Length);
            for (var i = 0; i < lengths.Length; i++)
                writer
                    .UInt32((uint)lengths[i])
                    .UInt32((uint)Math.Min(uint.MaxValue, times[i + 1] - times[i]))
                    .UInt32(index.Segments.Tracks[track].CountOf(i) > 0 ? startsWithSap : 0);
        }
    }

    // When each fragment's samples are shown, and last the track's end. A fragment without any begins where the next one's do.
    static long[] TimesOf(Mp4Index index, int track)
    {
        var times = ShownTimes(index, track);
        var last = index.Segments.Tracks[track].Filled[^1];
        Array.Fill(times, Math.Max(times[last], times[^1] - CountedTwice(index, track)), last + 1, times.Length - last - 1);
        return times;
    }

    // ffmpeg takes a track's end for its length, and adds it to its beginning: one that begins late, and ends last, would end later than
    // the film.
    static long CountedTwice(Mp4Index index, int track)
    {
        var shown = index.Tracks[track];
        var late = shown.Start - shown.Origin;
        if (late <= 0)
            return 0;
        var film = index.Tracks.Max(one => (Int128)(one.End - one.Origin) * shown.Timescale / one.Timescale);
        return (long)Int128.Clamp(shown.End - shown.Origin + late - film, 0, late);
    }

    static long[] ShownTimes(Mp4Index index, int track)
    {
        var (segments, shown) = (index.Segments.Tracks[track], index.Tracks[track]);
        var starts = shown.Kind == MediaTrackKind.Video ? index.Segments.Boundaries : segments.Times;
        var times = new long[index.SegmentCount + 1];
        times[^1] = Math.Max(0, shown.End - shown.Origin);
        for (var i = times.Length - 2; i >= 0; i--)
            times[i] = segments.CountOf(i) > 0 ? Math.Clamp(starts[i] - shown.Origin, 0, times[i + 1]) : times[i + 1];
        return times;
    }
}
