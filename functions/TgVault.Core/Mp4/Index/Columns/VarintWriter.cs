using System.Buffers;

namespace TgVault.Core.Mp4.Index.Columns;

/// <summary>Writes numbers in as many bytes as they need, seven bits each, lowest first.</summary>
sealed class VarintWriter
{
    readonly ArrayBufferWriter<byte> _bytes = new();

    public VarintWriter Write(long value)
    {
        var rest = (ulong)value;
        for (; rest >= 0x80; rest >>= 7)
            _bytes.Write([(byte)(rest | 0x80)]);
        return WriteRaw([(byte)rest]);
    }

    /// <summary>Writes a number of either sign.</summary>
    public VarintWriter WriteSigned(long value) => Write((value << 1) ^ (value >> 63));

    public VarintWriter WriteBytes(ReadOnlySpan<byte> bytes)
    {
        Write(bytes.Length);
        return WriteRaw(bytes);
    }

    /// <summary>Writes the bytes without their length.</summary>
    public VarintWriter WriteRaw(ReadOnlySpan<byte> bytes)
    {
        _bytes.Write(bytes);
        return this;
    }

    public byte[] ToArray() => _bytes.WrittenSpan.ToArray();
}
