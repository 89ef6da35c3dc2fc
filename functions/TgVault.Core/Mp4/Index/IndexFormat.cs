using System.Collections.Immutable;
using System.Text;
using TgVault.Core.Mp4.Codecs;
using TgVault.Core.Mp4.Index.Columns;
using TgVault.Core.Mp4.Movie;
using TgVault.Core.Videos;

namespace TgVault.Core.Mp4.Index;

/// <summary>
/// An index as bytes: letters and version; the file's length; the tracks; the segments, column after column; the pages' directory; the
/// pages. Numbers are varints. Everything is read against bounds, so that a damaged index costs no more memory than a good one.
/// </summary>
static class IndexFormat
{
    const byte Version = 3;
    const int MaxText = 1024;
    const int MaxPages = 2 * SampleCollector.MaxSamples / SamplePage.MaxSamples;

    static ReadOnlySpan<byte> Magic => "TGVX"u8;

    public static byte[] Write(Mp4Index index)
    {
        var writer = new VarintWriter().WriteRaw(Magic).WriteRaw([Version]).Write(index.SourceBytes).Write(index.Tracks.Length);
        foreach (var track in index.Tracks)
            WriteTrack(writer, track);
        WriteSegments(writer, index.Segments);
        writer.Write(index.Pages.Length);
        foreach (var page in index.Pages)
        {
            writer.Write(page.Packed.Length).Write(page.Offset);
            foreach (var count in page.Counts)
                writer.Write(count);
        }

        foreach (var page in index.Pages)
            writer.WriteRaw(page.Packed.Span);
        return writer.ToArray();
    }

    public static Mp4Index Read(ReadOnlyMemory<byte> encoded)
    {
        var reader = new VarintReader(encoded);
        if (!reader.ReadRaw(Magic.Length).Span.SequenceEqual(Magic) || reader.ReadRaw(1).Span[0] != Version)
            throw IndexDamage.Unreadable();
        var sourceBytes = reader.Read(long.MaxValue);
        var tracks = new IndexTrack[Positive(reader.ReadInt(IndexBuilder.MaxTracks))];
        for (var i = 0; i < tracks.Length; i++)
            tracks[i] = ReadTrack(reader);
        var segments = ReadSegments(reader, tracks);
        var entries = new PageEntry[reader.ReadInt(Math.Min(MaxPages, reader.Left))];
        var lengths = new int[entries.Length];
        for (var i = 0; i < entries.Length; i++)
        {
            lengths[i] = reader.ReadInt(int.MaxValue);
            var offset = reader.Read(sourceBytes);
            var counts = new int[tracks.Length];
            for (var track = 0; track < counts.Length; track++)
                counts[track] = reader.ReadInt(SamplePage.MaxSamples);
            entries[i] = new PageEntry(default, offset, counts);
        }

        for (var i = 0; i < entries.Length; i++)
            entries[i] = entries[i] with { Packed = reader.ReadRaw(lengths[i]) };
        for (var track = 0; track < tracks.Length; track++)
        {
            if (entries.Sum(entry => (long)entry.Counts[track]) != tracks[track].SampleCount)
                throw IndexDamage.Unreadable();
        }

        return new Mp4Index(sourceBytes, [.. tracks], [.. entries], segments);
    }

    static void WriteTrack(VarintWriter writer, IndexTrack track) =>
        writer
            .Write((int)track.Kind)
            .Write(track.Timescale)
            .WriteBytes(Encoding.UTF8.GetBytes(track.Codec))
            .WriteBytes(Encoding.UTF8.GetBytes(track.Language))
            .WriteBytes(Encoding.UTF8.GetBytes(track.Name))
            .Write(track.Width)
            .Write(track.Height)
            .Write(track.Channels)
            .Write(track.SampleRate)
            .Write(track.SampleCount)
            .Write(track.FirstDecode)
            .Write(track.Start)
            .Write(track.End)
            .Write(track.Origin)
            .WriteSigned(track.CompositionShift)
            .WriteBytes(track.Matrix)
            .WriteBytes(track.SampleEntry);

    static IndexTrack ReadTrack(VarintReader reader) =>
        new()
        {
            Kind = (MediaTrackKind)reader.ReadInt((int)MediaTrackKind.Audio),
            Timescale = (uint)Positive(reader.Read(uint.MaxValue)),
            Codec = ReadText(reader, c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-'),
            Language = ReadText(reader, c => char.IsAsciiLetterOrDigit(c) || c is '-'),
            Name = ReadText(reader, TrackBox.IsText),
            Width = reader.ReadInt(ushort.MaxValue),
            Height = reader.ReadInt(ushort.MaxValue),
            Channels = reader.ReadInt(ushort.MaxValue),
            SampleRate = reader.ReadInt(ushort.MaxValue),
            SampleCount = reader.ReadInt(SampleCollector.MaxSamples),
            FirstDecode = reader.Read(long.MaxValue / 4),
            Start = reader.Read(long.MaxValue / 4),
            End = reader.Read(long.MaxValue / 4),
            Origin = reader.Read(long.MaxValue / 4),
            CompositionShift = (int)Math.Clamp(reader.ReadSigned(), int.MinValue, int.MaxValue),
            Matrix = reader.ReadRaw(reader.ReadInt(36) == 36 ? 36 : throw IndexDamage.Unreadable()).ToArray(),
            SampleEntry = reader.ReadBytes(2 * SampleEntry.MaxBytes).ToArray(),
        };

    // Texts go into playlists as they are.
    static string ReadText(VarintReader reader, Func<char, bool> isGood)
    {
        var text = Encoding.UTF8.GetString(reader.ReadBytes(MaxText).Span);
        return text.All(isGood) ? text : throw IndexDamage.Unreadable();
    }

    // Every number as its difference to the segment's before, since most are nearly the same.
    static void WriteSegments(VarintWriter writer, SegmentTable segments)
    {
        writer.Write(segments.Count).Write(segments.IsClosed ? 1 : 0).WriteSigned(segments.Boundaries[0]);
        var (length, firstSize) = (0L, 0L);
        for (var i = 0; i < segments.Count; i++)
        {
            WriteStep(writer, ref length, segments.Boundaries[i + 1] - segments.Boundaries[i]);
            WriteStep(writer, ref firstSize, segments.FirstSizes[i]);
        }

        foreach (var track in segments.Tracks)
        {
            var (count, time, bytes) = (0L, 0L, 0L);
            for (var i = 0; i < segments.Count; i++)
            {
                WriteStep(writer, ref count, track.CountOf(i));
                WriteStep(writer, ref time, track.Times[i + 1] - track.Times[i]);
                WriteStep(writer, ref bytes, track.BytesOf(i));
            }
        }
    }

    static SegmentTable ReadSegments(VarintReader reader, IndexTrack[] tracks)
    {
        // Every segment takes at least two bytes, which bounds what is allocated.
        var count = Positive(reader.ReadInt(Math.Min(SegmentTable.MaxSegments, reader.Left)));
        var isClosed = reader.ReadInt(1) == 1;
        var boundaries = new long[count + 1];
        boundaries[0] = reader.ReadSigned();
        var firstSizes = new int[count];
        var (length, firstSize) = (0L, 0L);
        for (var i = 0; i < count; i++)
        {
            boundaries[i + 1] = boundaries[i] + ReadStep(reader, ref length, long.MaxValue / 4);
            firstSizes[i] = (int)ReadStep(reader, ref firstSize, int.MaxValue);
        }

        var segments = ImmutableArray.CreateBuilder<TrackSegments>(tracks.Length);
        foreach (var track in tracks)
        {
            var table = new TrackSegments(new int[count + 1], new long[count + 1], new long[count + 1]);
            table.Times[0] = track.FirstDecode;
            var (samples, time, bytes) = (0L, 0L, 0L);
            for (var i = 0; i < count; i++)
            {
                table.FirstSamples[i + 1] =
                    table.FirstSamples[i]
                    + (int)ReadStep(
                        reader,
                        ref samples,
                        Math.Min(SegmentTable.MaxSegmentSamples, track.SampleCount - table.FirstSamples[i])
                    );
                table.Times[i + 1] = table.Times[i] + ReadStep(reader, ref time, long.MaxValue / 4);
                table.Bytes[i + 1] = table.Bytes[i] + ReadStep(reader, ref bytes, long.MaxValue / 4);
            }

            segments.Add(table);
        }

        return new SegmentTable(boundaries, firstSizes, segments.MoveToImmutable(), isClosed);
    }

    static void WriteStep(VarintWriter writer, ref long before, long value)
    {
        writer.WriteSigned(value - before);
        before = value;
    }

    static long ReadStep(VarintReader reader, ref long before, long max)
    {
        before = unchecked(before + reader.ReadSigned());
        return before >= 0 && before <= max ? before : throw IndexDamage.Unreadable();
    }

    static int Positive(int value) => value > 0 ? value : throw IndexDamage.Unreadable();

    static long Positive(long value) => value > 0 ? value : throw IndexDamage.Unreadable();
}
