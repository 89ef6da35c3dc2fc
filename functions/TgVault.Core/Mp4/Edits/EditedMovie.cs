using TgVault.Core.Mp4.Boxes;
using TgVault.Core.Mp4.Movie;

namespace TgVault.Core.Mp4.Edits;

/// <summary>
/// A moov in which tracks that show several pieces show a single one, put together from them (<see cref="EditedTrack"/>): for programs
/// that copy samples as the tables have them, and would show what such an edit list hides.
/// </summary>
static class EditedMovie
{
    /// <summary>The moov box; null where none of these tracks shows several pieces.</summary>
    /// <param name="head">A file without fragments.</param>
    /// <param name="ids">The tracks' ids.</param>
    /// <exception cref="MediaException">The boxes are damaged, or a track cannot be put together.</exception>
    public static byte[]? Of(Mp4Head head, IReadOnlySet<uint> ids)
    {
        var moov = head.MoovPayload;
        var edited = new Dictionary<uint, EditedTrack>();
        foreach (var track in MovieBox.Read(moov).Tracks.Where(track => ids.Contains(track.Id) && track.Pieces.Length > 1))
        {
            if (EditedTrack.Of(track, head.Layout.LengthBytes) is { } together)
                edited[track.Id] = together;
        }

        if (edited.Count == 0)
            return null;
        var movieTimescale = MovieBox.ReadTimescale(TrackBox.Required(moov, BoxType.Mvhd).Span);
        var writer = new BoxWriter(moov.Length);
        using (writer.Open(BoxType.Moov))
        {
            foreach (var (type, payload) in TrackSurvey.AllBoxes(moov))
            {
                if (
                    type == BoxType.Trak
                    && edited.TryGetValue(TrackBox.ReadTrackHeader(TrackBox.Required(payload, BoxType.Tkhd).Span).Id, out var track)
                )
                    WriteTrack(writer, payload, track, movieTimescale);
                else
                    writer.Box(type, payload.Span);
            }
        }

        return writer.ToArray();
    }

    static void WriteTrack(BoxWriter writer, ReadOnlyMemory<byte> trak, EditedTrack edited, uint movieTimescale)
    {
        // Tables know no pictures that are shown before they are decoded: all are shown as much later, which the edit list takes back.
        var later = Math.Max(0, -edited.Samples.Min(sample => (long)sample.CompositionOffset));
        using (writer.Open(BoxType.Trak))
        {
            foreach (var (type, payload) in TrackSurvey.AllBoxes(trak))
            {
                if (type == BoxType.Mdia)
                {
                    WriteEdits(writer, edited, later, movieTimescale);
                    WriteMedia(writer, payload, edited, later);
                }
                else if (type != BoxType.Edts)
                {
                    writer.Box(type, payload.Span);
                }
            }
        }
    }

    static void WriteEdits(BoxWriter writer, EditedTrack edited, long later, uint movieTimescale)
    {
        const uint normalSpeed = 0x10000;
        var track = edited.Track;
        var start = track.Edits.MediaStart + later - edited.FirstDecode;
        var delay = InMovie(Math.Max(0, -start));
        using (writer.Open(BoxType.Edts))
        using (writer.Open(BoxType.Elst, 1, 0))
        {
            writer.UInt32(delay > 0 ? 2u : 1);
            if (delay > 0)
                writer.UInt64((ulong)delay).UInt64(ulong.MaxValue).UInt32(normalSpeed);
            writer
                .UInt64((ulong)Math.Max(1, InMovie(track.Edits.Length!.Value) - delay))
                .UInt64((ulong)Math.Max(0, start))
                .UInt32(normalSpeed);
        }

        long InMovie(long ticks) => (long)((((Int128)ticks * movieTimescale) + (track.Timescale / 2)) / track.Timescale);
    }

    static void WriteMedia(BoxWriter writer, ReadOnlyMemory<byte> mdia, EditedTrack edited, long later)
    {
        using (writer.Open(BoxType.Mdia))
        {
            foreach (var (type, payload) in TrackSurvey.AllBoxes(mdia))
            {
                if (type == BoxType.Mdhd)
                    WriteHeader(writer, payload.Span, edited.Track.Timescale);
                else if (type == BoxType.Minf)
                    WriteInformation(writer, payload, edited, later);
                else
                    writer.Box(type, payload.Span);
            }
        }
    }

    // How long the media lasts follows from its tables.
    static void WriteHeader(BoxWriter writer, ReadOnlySpan<byte> mdhd, uint timescale)
    {
        var isWide = mdhd[0] == 1;
        var (times, length) = isWide ? (16, 8) : (8, 4);
        using (writer.Open(BoxType.Mdhd))
            writer.Bytes(mdhd[..(4 + times)]).UInt32(timescale).Zeros(length).Bytes(mdhd[(8 + times + length)..]);
    }

    static void WriteInformation(BoxWriter writer, ReadOnlyMemory<byte> minf, EditedTrack edited, long later)
    {
        using (writer.Open(BoxType.Minf))
        {
            foreach (var (type, payload) in TrackSurvey.AllBoxes(minf))
            {
                if (type == BoxType.Stbl)
                    WriteTables(writer, TrackBox.Required(payload, BoxType.Stsd).Span, edited.Samples, later);
                else
                    writer.Box(type, payload.Span);
            }
        }
    }

    // Each sample is a chunk of its own: pieces may show any of them in any order.
    static void WriteTables(BoxWriter writer, ReadOnlySpan<byte> stsd, IReadOnlyList<Sample> samples, long later)
    {
        using (writer.Open(BoxType.Stbl))
        {
            writer.Box(BoxType.Stsd, stsd);
            WriteRuns(writer, BoxType.Stts, samples, sample => sample.Duration);
            WriteRuns(writer, BoxType.Ctts, samples, sample => (uint)(sample.CompositionOffset + later));
            using (writer.Open(BoxType.Stss, 0, 0))
            {
                var sync = Enumerable.Range(0, samples.Count).Where(number => samples[number].IsSync).ToList();
                writer.UInt32((uint)sync.Count);
                foreach (var number in sync)
                    writer.UInt32((uint)number + 1);
            }

            using (writer.Open(BoxType.Stsc, 0, 0))
                writer.UInt32(1).UInt32(1).UInt32(1).UInt32(1);
            using (writer.Open(BoxType.Stsz, 0, 0))
            {
                writer.UInt32(0).UInt32((uint)samples.Count);
                foreach (var sample in samples)
                    writer.UInt32((uint)sample.SizeBytes);
            }

            using (writer.Open(BoxType.Co64, 0, 0))
            {
                writer.UInt32((uint)samples.Count);
                foreach (var sample in samples)
                    writer.UInt64((ulong)sample.Offset);
            }
        }
    }

    static void WriteRuns(BoxWriter writer, BoxType type, IReadOnlyList<Sample> samples, Func<Sample, uint> value)
    {
        using (writer.Open(type, 0, 0))
        {
            var count = writer.LengthBytes;
            writer.UInt32(0);
            var entries = 0u;
            for (var first = 0; first < samples.Count; entries++)
            {
                var end = first + 1;
                while (end < samples.Count && value(samples[end]) == value(samples[first]))
                    end++;
                writer.UInt32((uint)(end - first)).UInt32(value(samples[first]));
                first = end;
            }

            writer.Patch(count, entries);
        }
    }
}
