using System.Buffers.Binary;

namespace TgVault.Core.Mp4.Boxes;

/// <summary>A box's first 8 or 16 bytes: its letters and its whole size, header included, which always fits where the box lies.</summary>
readonly record struct BoxHeader(BoxType Type, int HeaderBytes, long SizeBytes)
{
    /// <summary>Bytes that hold any header.</summary>
    public const int MaxBytes = 16;

    public const int MinBytes = 8;

    /// <param name="bytes">At least <see cref="MinBytes"/>; <see cref="MaxBytes"/> where that many are available.</param>
    /// <param name="available">Bytes from the box's start to the end of what encloses it.</param>
    /// <param name="topLevel">Only boxes of the file itself may say "to the end" with a size of 0 (ISO 14496-12 §4.2).</param>
    /// <exception cref="MediaException">The size is smaller than the header or reaches past <paramref name="available"/>.</exception>
    public static BoxHeader Read(ReadOnlySpan<byte> bytes, long available, bool topLevel)
    {
        var size = BinaryPrimitives.ReadUInt32BigEndian(bytes);
        var type = BoxType.From(bytes[4..]);
        if (size == 0 && topLevel)
            return new BoxHeader(type, MinBytes, available);
        if (size != 1)
            return Bounded(type, MinBytes, size, available);
        if (available < MaxBytes)
            throw Damage.In(type, "is cut short");
        return Bounded(type, MaxBytes, BinaryPrimitives.ReadUInt64BigEndian(bytes[MinBytes..]), available);
    }

    static BoxHeader Bounded(BoxType type, int headerBytes, ulong size, long available)
    {
        if (size < (ulong)headerBytes)
            throw Damage.In(type, $"says that it has {size} bytes, less than its own header");
        if (size > (ulong)available)
            throw Damage.In(type, $"says that it has {size} bytes where only {available} are left; the file may be cut short");
        return new BoxHeader(type, headerBytes, (long)size);
    }
}
