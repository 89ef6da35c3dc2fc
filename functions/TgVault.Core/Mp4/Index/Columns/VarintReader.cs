namespace TgVault.Core.Mp4.Index.Columns;

/// <summary>Reads what <see cref="VarintWriter"/> wrote, every number against its bounds.</summary>
sealed class VarintReader(ReadOnlyMemory<byte> bytes)
{
    int _next;

    public int Left => bytes.Length - _next;

    /// <exception cref="MediaException">There is no number, or it is outside 0 to <paramref name="max"/>.</exception>
    public long Read(long max)
    {
        var value = ReadAny();
        return value <= (ulong)max ? (long)value : throw IndexDamage.Unreadable();
    }

    public int ReadInt(int max) => (int)Read(max);

    public long ReadSigned()
    {
        var value = ReadAny();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    public ReadOnlyMemory<byte> ReadBytes(int max) => ReadRaw(ReadInt(max));

    public ReadOnlyMemory<byte> ReadRaw(int count)
    {
        if (count > Left)
            throw IndexDamage.Unreadable();
        _next += count;
        return bytes.Slice(_next - count, count);
    }

    ulong ReadAny()
    {
        var value = 0UL;
        for (var shift = 0; shift < 70; shift += 7)
        {
            if (Left == 0)
                break;
            var part = bytes.Span[_next++];
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
                return value;
        }

        throw IndexDamage.Unreadable();
    }
}
