namespace TgVault.Core.Mp4.Codecs;

/// <summary>
/// Reads fields of single bits in order, highest first, as the configurations of video codecs have them. Past the end everything is zero:
/// ask <see cref="IsPastEnd"/> before believing what was read.
/// </summary>
ref struct BitFields(ReadOnlySpan<byte> bytes)
{
    readonly ReadOnlySpan<byte> _bytes = bytes;
    long _next;

    public readonly bool IsAtEnd => _next >= 8L * _bytes.Length;

    /// <summary>Whether more was read than there is.</summary>
    public readonly bool IsPastEnd => _next > 8L * _bytes.Length;

    /// <summary>A number of up to 32 bits.</summary>
    public uint Bits(int count)
    {
        var value = 0u;
        for (; count > 0; count--, _next++)
            value = (value << 1) | (IsAtEnd ? 0u : (uint)(_bytes[(int)(_next >> 3)] >> (7 - (int)(_next & 7))) & 1);
        return value;
    }

    public bool Flag() => Bits(1) == 1;

    public void Skip(int bits) => _next += bits;

    /// <summary>
    /// A number as Exp-Golomb code (ITU-T H.265 §9.2); signed ones are as long. The largest number where there is none.
    /// </summary>
    public uint ExpGolomb()
    {
        const int longest = 32;
        var zeros = 0;
        while (zeros < longest && !Flag())
            zeros++;
        return zeros == longest ? uint.MaxValue : (1u << zeros) - 1 + Bits(zeros);
    }

    /// <summary>Whole bytes, from a byte's first bit on; fewer where there are fewer.</summary>
    public ReadOnlySpan<byte> Take(long bytes)
    {
        var start = (int)Math.Min(_next >> 3, _bytes.Length);
        _next += 8 * bytes;
        return _bytes.Slice(start, (int)Math.Min(bytes, _bytes.Length - start));
    }
}
