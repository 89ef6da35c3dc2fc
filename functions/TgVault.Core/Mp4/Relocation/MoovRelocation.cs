using System.Buffers.Binary;
using System.Collections.Immutable;
using TgVault.Core.Mp4.Boxes;
using TgVault.Core.Mp4.Codecs;
using TgVault.Core.Mp4.Movie;

namespace TgVault.Core.Mp4.Relocation;

/// <summary>
/// A progressive MP4 or MOV rearranged for streaming, by arithmetic: a new head (ftyp and moov, its chunk offsets shifted) and the ranges of the
/// source that follow it. Media bytes are neither read nor changed; everything besides ftyp, moov and mdat (free, wide, uuid, ...) is left out. HEVC comes
/// out as hvc1 (<see cref="HevcTag"/>).
/// </summary>
sealed record MoovRelocation
{
    /// <summary>The largest moov that is read; nginx-vod-module draws the same line. About 30 hours of video.</summary>
    public const int MaxMoovBytes = 128 << 20;

    const int MaxFileTypeBytes = 64 << 10;

    /// <summary>ftyp and moov of the new file.</summary>
    public required ReadOnlyMemory<byte> Head { get; init; }

    /// <summary>What follows the head, in order.</summary>
    public required ImmutableArray<SourceRange> Media { get; init; }

    /// <summary>The new file's length in bytes.</summary>
    public required long LengthBytes { get; init; }

    /// <summary>Plans the new file. Reads ftyp and moov only; holds them once, or twice where offsets outgrow 32 bits.</summary>
    /// <param name="layout">The source's layout.</param>
    /// <param name="read">Reads the source.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <exception cref="MediaException">
    /// The index is damaged, compressed or larger than <see cref="MaxMoovBytes"/>, the file is fragmented, media lies in other files or outside mdat, or HEVC cannot be called hvc1.
    /// </exception>
    public static async Task<MoovRelocation> PlanAsync(Mp4Layout layout, ReadRange read, CancellationToken cancellationToken)
    {
        if (layout.IsFragmented)
            throw new MediaException("The MP4 is fragmented: its index cannot be moved.");
        if (layout.Moov.LengthBytes > MaxMoovBytes)
            throw new MediaException($"The MP4's index has {layout.Moov.LengthBytes} bytes; up to {MaxMoovBytes} are read.");
        if (layout.FileType?.LengthBytes > MaxFileTypeBytes)
            throw Damage.In(BoxType.Ftyp, $"has {layout.FileType.LengthBytes} bytes");

        var fileTypeBytes = (int)(layout.FileType?.LengthBytes ?? QuickTimeFileType.Length);
        var moovBytes = (int)layout.Moov.LengthBytes;
        var head = new byte[fileTypeBytes + moovBytes];
        if (layout.FileType is { } fileType)
            await read(fileType.Offset, head.AsMemory(0, fileTypeBytes), cancellationToken);
        else
            QuickTimeFileType.CopyTo(head);
        await read(layout.Moov.Offset, head.AsMemory(fileTypeBytes), cancellationToken);
        HevcTag.Apply(head.AsSpan(fileTypeBytes), layout.Moov.HeaderBytes);

        var media = new MediaMap(layout);
        head = Shift(head, fileTypeBytes, layout.Moov.HeaderBytes, media);
        return new MoovRelocation
        {
            Head = head,
            Media = media.Ranges,
            LengthBytes = head.Length + media.LengthBytes,
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
        // At most twice MaxMoovBytes: a table grows by no more than it has.
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
