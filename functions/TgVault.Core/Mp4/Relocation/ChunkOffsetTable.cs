using System.Buffers.Binary;
using TgVault.Core.Mp4.Boxes;

namespace TgVault.Core.Mp4.Relocation;

/// <summary>
/// Where the chunks of one track begin in the file (stco with 32 bits each, co64 with 64; ISO 14496-12 §8.7.5), as a table inside moov's
/// bytes that can be rewritten where it lies.
/// </summary>
/// <param name="Start">Where the box begins in moov's bytes.</param>
/// <param name="Entries">Where its first entry begins in moov's bytes.</param>
/// <param name="Count">How many entries it has.</param>
/// <param name="Wide">Whether an entry has 64 bits.</param>
/// <param name="Enclosing">Where the boxes around it begin, outermost first.</param>
readonly record struct ChunkOffsetTable(int Start, int Entries, int Count, bool Wide, int[] Enclosing)
{
    const int CountAt = 4;
    const int EntriesAt = 8;

    public int EntryBytes => Wide ? 8 : 4;

    public int End => Entries + (Count * EntryBytes);

    /// <summary>Reads the table's head; its count is checked against the room there is.</summary>
    public static ChunkOffsetTable Read(in BoxCursor box, int origin, int[] enclosing)
    {
        var wide = box.Type == BoxType.Co64;
        var payload = box.Payload;
        if (payload.Length < EntriesAt)
            throw Damage.In(box.Type, "is cut short");
        var count = BinaryPrimitives.ReadUInt32BigEndian(payload[CountAt..]);
        if (count > (uint)(payload.Length - EntriesAt) / (wide ? 8u : 4u))
            throw Damage.In(box.Type, $"says that it has {count} entries, more than fit in it");
        return new ChunkOffsetTable(origin + box.Start, origin + box.PayloadStart + EntriesAt, (int)count, wide, enclosing);
    }

    public ulong this[ReadOnlySpan<byte> moov, int index] =>
        Wide
            ? BinaryPrimitives.ReadUInt64BigEndian(moov[(Entries + (8 * index))..])
            : BinaryPrimitives.ReadUInt32BigEndian(moov[(Entries + (4 * index))..]);

    public static void Write(Span<byte> entry, long offset, bool wide)
    {
        if (wide)
            BinaryPrimitives.WriteInt64BigEndian(entry, offset);
        else
            BinaryPrimitives.WriteUInt32BigEndian(entry, checked((uint)offset));
    }
}
