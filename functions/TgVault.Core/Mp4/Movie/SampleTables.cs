using System.Buffers.Binary;
using System.Collections.Immutable;
using TgVault.Core.Mp4.Boxes;

namespace TgVault.Core.Mp4.Movie;

/// <summary>
/// The tables of one track as they lie in moov (ISO 14496-12 §8.6 and §8.7), their counts checked against their sizes. They say how long
/// samples last (stts), how much later they are shown (ctts), how large they are (stsz, stz2), at which decoding can begin (stss), and
/// where they lie (stsc, stco, co64).
/// </summary>
sealed class SampleTables
{
    /// <summary>More are not read: about a day of 60 fps video with sound.</summary>
    public const int MaxSamples = 1 << 23;

    static readonly ImmutableArray<BoxType> Places = [BoxType.Stsz, BoxType.Stz2, BoxType.Stsc, BoxType.Stco, BoxType.Co64];

    public Table Durations { get; private set; }

    public Table Offsets { get; private set; }

    public Table Sizes { get; private set; }

    public Table Sync { get; private set; }

    /// <summary>Without the table, every sample is a sync sample.</summary>
    public bool HasSync { get; private set; }

    public Table Runs { get; private set; }

    public Table Chunks { get; private set; }

    /// <summary>The size of every sample where all are equal; 0 otherwise.</summary>
    public uint EqualSize { get; private set; }

    public uint SampleCount { get; private set; }

    public static SampleTables Read(ReadOnlyMemory<byte> stbl)
    {
        var tables = new SampleTables();
        var children = new BoxCursor(stbl.Span);
        while (children.MoveNext())
            tables.Read(children, stbl.Slice(children.PayloadStart, children.Payload.Length));
        return tables;
    }

    /// <summary>Reads only where samples lie and how large they are, whatever the other tables say.</summary>
    public static SampleTables ReadPlaces(ReadOnlyMemory<byte> stbl)
    {
        var tables = new SampleTables();
        var children = new BoxCursor(stbl.Span);
        while (children.MoveNext())
        {
            if (Places.Contains(children.Type))
                tables.Read(children, stbl.Slice(children.PayloadStart, children.Payload.Length));
        }

        return tables;
    }

    void Read(in BoxCursor box, ReadOnlyMemory<byte> payload)
    {
        if (box.Type == BoxType.Stts)
            Durations = Table.Read(box.Type, payload, 4, 8);
        else if (box.Type == BoxType.Ctts)
            Offsets = Table.Read(box.Type, payload, 4, 8);
        else if (box.Type == BoxType.Stsc)
            Runs = Table.Read(box.Type, payload, 4, 12);
        else if (box.Type == BoxType.Stco)
            Chunks = Table.Read(box.Type, payload, 4, 4);
        else if (box.Type == BoxType.Co64)
            Chunks = Table.Read(box.Type, payload, 4, 8);
        else if (box.Type == BoxType.Stsz)
            ReadSizes(payload);
        else if (box.Type == BoxType.Stz2)
            ReadCompactSizes(payload);
        else if (box.Type == BoxType.Stss)
            (Sync, HasSync) = (Table.Read(box.Type, payload, 4, 4), true);
    }

    void ReadSizes(ReadOnlyMemory<byte> payload)
    {
        var fields = new BoxFields(BoxType.Stsz, payload.Span).ReadVersion();
        EqualSize = fields.UInt32();
        SampleCount = fields.UInt32();
        if (EqualSize == 0)
            Sizes = Table.Read(BoxType.Stsz, payload, 8, 4);
    }

    void ReadCompactSizes(ReadOnlyMemory<byte> payload)
    {
        var fields = new BoxFields(BoxType.Stz2, payload.Span).ReadVersion();
        var bits = (int)(fields.UInt32() & 0xFF);
        if (bits is not (4 or 8 or 16))
            throw Damage.In(BoxType.Stz2, $"has sizes of {bits} bits, where 4, 8 or 16 are possible");
        Sizes = bits == 4 ? ReadHalfBytes(payload) : Table.Read(BoxType.Stz2, payload, 8, bits / 8);
        SampleCount = (uint)Sizes.Count;
    }

    // Two sizes to a byte, the first in the upper half (§8.7.3.3): spread out, they are read like the others.
    static Table ReadHalfBytes(ReadOnlyMemory<byte> payload)
    {
        const int headBytes = 12;
        var fields = new BoxFields(BoxType.Stz2, payload.Span);
        var head = fields.Take(headBytes);
        var count = BinaryPrimitives.ReadUInt32BigEndian(head[8..]);
        var halves = fields.Rest;
        if (count > 2 * (uint)halves.Length)
            throw Damage.In(BoxType.Stz2, $"says that it has {count} entries, more than fit in it");
        var spread = new byte[headBytes + count];
        head.CopyTo(spread);
        for (var i = 0; i < count; i++)
            spread[headBytes + i] = (byte)(i % 2 == 0 ? halves[i / 2] >> 4 : halves[i / 2] & 15);
        return Table.Read(BoxType.Stz2, spread, 8, 1);
    }
}
