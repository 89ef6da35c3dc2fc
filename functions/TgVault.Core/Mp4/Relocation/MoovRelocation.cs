using System.Buffers.Binary;
using System.Collections.Immutable;
using TgVault.Core.Mp4.Boxes;
using TgVault.Core.Mp4.Codecs;
using TgVault.Core.Mp4.Movie;

namespace TgVault.Core.Mp4.Relocation;

/// <summary>
/// A progressive MP4 or MOV rearranged for streaming, by arithmetic: a new head (ftyp and moov, its chunk offsets shifted) and the ranges
/// of the source that follow it. Media bytes are neither read nor changed. Whatever is not ftyp, moov or mdat (free, wide, uuid, ...) is
/// left out. HEVC comes out as hvc1 (<see cref="HevcTag"/>), and the header says how long the movie is.
/// </summary>
sealed record MoovRelocation
{
    /// <summary>ftyp and moov of the new file.</summary>
    public required byte[] Head { get; init; }

    /// <summary>What follows the head, in order.</summary>
    public required ImmutableArray<SourceRange> Media { get; init; }

    /// <summary>The new file's length in bytes.</summary>
    public required long LengthBytes { get; init; }

    /// <summary>The new file's boxes, with ftyp and moov as they stand in <see cref="Head"/>.</summary>
    public required Mp4Head Moved { get; init; }

    /// <summary>Plans the new file. Reads nothing; holds one more moov, or two where offsets outgrow 32 bits.</summary>
    /// <param name="source">The source.</param>
    /// <exception cref="MediaException">
    /// The index is damaged or compressed, the file is fragmented, media lies in other files or outside mdat, or HEVC cannot be called
    /// hvc1.
    /// </exception>
    public static MoovRelocation Plan(Mp4Head source)
    {
        var layout = source.Layout;
        if (layout.IsFragmented)
            throw new MediaException("The MP4 is fragmented: its index cannot be moved.");
        if (layout.FileType?.LengthBytes > Mp4Head.MaxFileTypeBytes)
            throw Damage.In(BoxType.Ftyp, $"has {layout.FileType.LengthBytes} bytes");

        var fileType = layout.FileType is null ? QuickTimeFileType : source.FileType.Span;
        var head = GC.AllocateUninitializedArray<byte>(fileType.Length + source.Moov.Length);
        fileType.CopyTo(head);
        source.Moov.Span.CopyTo(head.AsSpan(fileType.Length));
        HevcTag.Apply(head.AsSpan(fileType.Length), layout.Moov.HeaderBytes);
        MovieLength.Wrong(source)?.Correct(head.AsSpan(fileType.Length + layout.Moov.HeaderBytes));

        var media = new MediaMap(layout);
        head = Shift(head, fileType.Length, layout.Moov.HeaderBytes, media);
        return new MoovRelocation
        {
            Head = head,
            Media = media.Ranges,
            LengthBytes = head.Length + media.LengthBytes,
            Moved = HeadOf(layout, head, fileType.Length, media),
        };
    }

    static Mp4Head HeadOf(Mp4Layout source, byte[] head, int fileTypeBytes, MediaMap media)
    {
        var moovBytes = head.Length - fileTypeBytes;
        return new Mp4Head
        {
            FileType = head.AsMemory(0, fileTypeBytes),
            Moov = head.AsMemory(fileTypeBytes),
            Layout = new Mp4Layout
            {
                LengthBytes = head.Length + media.LengthBytes,
                Boxes =
                [
                    new TopBox(BoxType.Ftyp, 0, source.FileType?.HeaderBytes ?? BoxHeader.MinBytes, fileTypeBytes),
                    new TopBox(BoxType.Moov, fileTypeBytes, source.Moov.HeaderBytes, moovBytes),
                    .. media.BoxesFrom(head.Length),
                ],
            },
        };
    }

    // Files from before ftyp are QuickTime, and are read as such when they say so.
    static ReadOnlySpan<byte> QuickTimeFileType => "\0\0\0\u0014ftypqt  \0\0\u0002\0qt  "u8;

    static byte[] Shift(byte[] head, int fileTypeBytes, int moovHeaderBytes, MediaMap media)
    {
        var moov = head.AsSpan(fileTypeBytes);
        // A moov that ran "to the end of the file" does so no longer.
        if (moovHeaderBytes == BoxHeader.MinBytes)
            BinaryPrimitives.WriteInt32BigEndian(moov, moov.Length);

        var tables = ChunkOffsetTables.Find(moov, moovHeaderBytes);
        var widened = Widen(tables, moov, head.Length, media);
        if (!widened.Contains(true))
        {
            foreach (var table in tables)
                Rewrite(table, moov, moov[table.Entries..], head.Length, table.Wide, media);
            return head;
        }

        return Grow(head, fileTypeBytes, tables, widened, media);
    }

    // Which 32-bit tables must become 64-bit: growing one moves the media further, which may push another over, so until nothing changes.
    static bool[] Widen(ImmutableArray<ChunkOffsetTable> tables, ReadOnlySpan<byte> moov, long headBytes, MediaMap media)
    {
        var largest = new long[tables.Length];
        for (var i = 0; i < tables.Length; i++)
        {
            for (var entry = 0; entry < tables[i].Count; entry++)
                largest[i] = Math.Max(largest[i], media.Relocate(tables[i][moov, entry]));
        }

        var widened = new bool[tables.Length];
        for (var changed = true; changed; )
        {
            changed = false;
            for (var i = 0; i < tables.Length; i++)
            {
                if (tables[i].Wide || widened[i] || headBytes + largest[i] <= uint.MaxValue)
                    continue;
                widened[i] = changed = true;
                headBytes += Growth(tables[i]);
            }
        }

        return widened;
    }

    static byte[] Grow(byte[] head, int fileTypeBytes, ImmutableArray<ChunkOffsetTable> tables, bool[] widened, MediaMap media)
    {
        // At most twice Mp4Head.MaxMoovBytes: a table grows by no more than it has.
        var grown = new byte[head.Length + GrowthBefore(tables, widened, int.MaxValue)];
        var source = head.AsSpan(fileTypeBytes);
        var target = grown.AsSpan(fileTypeBytes);
        head.AsSpan(0, fileTypeBytes).CopyTo(grown);
        int copied = 0,
            shift = 0;
        for (var i = 0; i < tables.Length; i++)
        {
            var table = tables[i];
            source[copied..table.Entries].CopyTo(target[(copied + shift)..]);
            copied = table.End;
            var wide = table.Wide || widened[i];
            Rewrite(table, source, target[(table.Entries + shift)..], grown.Length, wide, media);
            if (!widened[i])
                continue;
            BinaryPrimitives.WriteUInt32BigEndian(target[(table.Start + shift + 4)..], BoxType.Co64.Code);
            AddToSize(target, table.Start + shift, Growth(table));
            // Everything around the table begins before it; what grew before this table has moved those starts already.
            foreach (var start in table.Enclosing)
                AddToSize(target, start + GrowthBefore(tables, widened, start), Growth(table));
            shift += Growth(table);
        }

        source[copied..].CopyTo(target[(copied + shift)..]);
        return grown;
    }

    static void Rewrite(ChunkOffsetTable table, ReadOnlySpan<byte> moov, Span<byte> entries, long headBytes, bool wide, MediaMap media)
    {
        var entryBytes = wide ? 8 : 4;
        for (var i = 0; i < table.Count; i++)
            ChunkOffsetTable.Write(entries[(entryBytes * i)..], headBytes + media.Relocate(table[moov, i]), wide);
    }

    static int Growth(ChunkOffsetTable table) => 4 * table.Count;

    static int GrowthBefore(ImmutableArray<ChunkOffsetTable> tables, bool[] widened, int position)
    {
        var growth = 0;
        for (var i = 0; i < tables.Length && tables[i].Start < position; i++)
            growth += widened[i] ? Growth(tables[i]) : 0;
        return growth;
    }

    static void AddToSize(Span<byte> moov, int boxStart, int growth)
    {
        var box = moov[boxStart..];
        var size = BinaryPrimitives.ReadUInt32BigEndian(box);
        if (size == 1)
            BinaryPrimitives.WriteInt64BigEndian(box[8..], BinaryPrimitives.ReadInt64BigEndian(box[8..]) + growth);
        else
            BinaryPrimitives.WriteUInt32BigEndian(box, checked(size + (uint)growth));
    }
}
