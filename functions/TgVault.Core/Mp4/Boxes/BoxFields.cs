using System.Buffers.Binary;

namespace TgVault.Core.Mp4.Boxes;

/// <summary>Reads a box's fields in order, each against the room that is left.</summary>
ref struct BoxFields(BoxType box, ReadOnlySpan<byte> payload)
{
    ReadOnlySpan<byte> _rest = payload;

    /// <summary>What is not read yet.</summary>
    public readonly ReadOnlySpan<byte> Rest => _rest;

    public byte Version { readonly get; private set; }

    public uint Flags { readonly get; private set; }

    /// <summary>Reads the version and flags that a full box begins with (ISO 14496-12 §4.2).</summary>
    public BoxFields ReadVersion()
    {
        Flags = UInt32();
        Version = (byte)(Flags >> 24);
        Flags &= 0xFFFFFF;
        return this;
    }

    public byte UInt8() => Take(1)[0];

    public ushort UInt16() => BinaryPrimitives.ReadUInt16BigEndian(Take(2));

    public uint UInt32() => BinaryPrimitives.ReadUInt32BigEndian(Take(4));

    public int Int32() => BinaryPrimitives.ReadInt32BigEndian(Take(4));

    public ulong UInt64() => BinaryPrimitives.ReadUInt64BigEndian(Take(8));

    public long Int64() => BinaryPrimitives.ReadInt64BigEndian(Take(8));

    /// <summary>A time or duration: 64 bits in version 1, 32 before.</summary>
    public ulong Time() => Version == 1 ? UInt64() : UInt32();

    /// <summary>A count of entries with <paramref name="entryBytes"/> each, all of which are there.</summary>
    public int Count(int entryBytes)
    {
        var count = UInt32();
        if (count > (uint)(_rest.Length / entryBytes))
            throw Damage.In(box, $"says that it has {count} entries, more than fit in it");
        return (int)count;
    }

    public void Skip(int bytes) => Take(bytes);

    public ReadOnlySpan<byte> Take(int bytes)
    {
        if (bytes > _rest.Length)
            throw Damage.In(box, "is cut short");
        var taken = _rest[..bytes];
        _rest = _rest[bytes..];
        return taken;
    }
}
