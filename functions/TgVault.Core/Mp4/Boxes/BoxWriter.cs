using System.Buffers.Binary;

namespace TgVault.Core.Mp4.Boxes;

/// <summary>Writes boxes into memory; a box's size is filled in when it is closed.</summary>
sealed class BoxWriter
{
    byte[] _bytes;
    int _length;

    public BoxWriter(int capacityBytes = 256) => _bytes = new byte[capacityBytes];

    /// <summary>How much is written, in bytes.</summary>
    public int LengthBytes => _length;

    /// <summary>Begins a box, which ends when the result is disposed.</summary>
    public OpenBox Open(BoxType type)
    {
        var start = _length;
        UInt32(0).UInt32(type.Code);
        return new OpenBox(this, start);
    }

    /// <summary>Begins a full box (ISO 14496-12 §4.2).</summary>
    public OpenBox Open(BoxType type, byte version, uint flags)
    {
        var box = Open(type);
        UInt32(((uint)version << 24) | flags);
        return box;
    }

    public BoxWriter Box(BoxType type, ReadOnlySpan<byte> payload)
    {
        using (Open(type))
            Bytes(payload);
        return this;
    }

    public BoxWriter Bytes(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Append(bytes.Length));
        return this;
    }

    public BoxWriter Zeros(int count)
    {
        Append(count).Clear();
        return this;
    }

    public BoxWriter UInt16(ushort value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(Append(2), value);
        return this;
    }

    public BoxWriter UInt32(uint value)
    {
        BinaryPrimitives.WriteUInt32BigEndian(Append(4), value);
        return this;
    }

    public BoxWriter UInt64(ulong value)
    {
        BinaryPrimitives.WriteUInt64BigEndian(Append(8), value);
        return this;
    }

    /// <summary>Replaces the 32-bit number at <paramref name="position"/>.</summary>
    public void Patch(int position, uint value) => BinaryPrimitives.WriteUInt32BigEndian(_bytes.AsSpan(position), value);

    /// <summary>What is written so far.</summary>
    public byte[] ToArray() => _bytes.AsSpan(0, _length).ToArray();

    Span<byte> Append(int count)
    {
        if (count > _bytes.Length - _length)
            Array.Resize(ref _bytes, Math.Max(_length + count, 2 * _bytes.Length));
        _length += count;
        return _bytes.AsSpan(_length - count, count);
    }

    internal readonly struct OpenBox(BoxWriter writer, int start) : IDisposable
    {
        public void Dispose() => writer.Patch(start, (uint)(writer._length - start));
    }
}
