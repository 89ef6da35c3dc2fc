using System.Buffers.Binary;

namespace TgVault.Core.Mp4.Boxes;

/// <summary>Entries of equal size inside a box, all of which are there.</summary>
readonly struct Table
{
    readonly ReadOnlyMemory<byte> _entries;
    readonly int _entryBytes;

    Table(ReadOnlyMemory<byte> entries, int entryBytes, int count)
    {
        _entries = entries;
        _entryBytes = entryBytes;
        Count = count;
    }

    public int Count { get; }

    public int EntryBytes => _entryBytes;

    public static Table Read(BoxType box, ReadOnlyMemory<byte> payload, int countAt, int entryBytes)
    {
        var fields = new BoxFields(box, payload.Span);
        fields.Skip(countAt);
        var count = fields.Count(entryBytes);
        return new Table(payload.Slice(countAt + 4, count * entryBytes), entryBytes, count);
    }

    public ReadOnlySpan<byte> this[int index] => _entries.Span.Slice(index * _entryBytes, _entryBytes);

    /// <summary>The 32-bit number with this place in the entry.</summary>
    public uint UInt32(int index, int field = 0) => BinaryPrimitives.ReadUInt32BigEndian(this[index][(4 * field)..]);

    /// <summary>The whole entry as a number, however wide it is.</summary>
    public ulong Number(int index) =>
        _entryBytes switch
        {
            1 => this[index][0],
            2 => BinaryPrimitives.ReadUInt16BigEndian(this[index]),
            4 => BinaryPrimitives.ReadUInt32BigEndian(this[index]),
            _ => BinaryPrimitives.ReadUInt64BigEndian(this[index]),
        };
}
