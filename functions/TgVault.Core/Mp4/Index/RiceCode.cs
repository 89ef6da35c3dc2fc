using System.Numerics;

namespace TgVault.Core.Mp4.Index;

/// <summary>
/// Adaptive Golomb-Rice code for numbers that are mostly small: the high part in unary, the low part in as many bits as the recent average calls
/// for, as in lossless image and audio coding. Writer and reader adapt alike, so nothing about it is stored.
/// </summary>
struct RiceCode
{
    // Longer unary parts mean that the average was far off; then the number follows whole.
    const int EscapeOnes = 20;
    const int FractionBits = 4;
    const int AdaptShift = 4;

    ulong _average;

    public static RiceCode Expecting(uint value) => new() { _average = (ulong)value << FractionBits };

    readonly int LowBits => Math.Min(30, BitOperations.Log2((uint)(_average >> FractionBits) | 1));

    public void Write(BitWriter bits, uint value)
    {
        var low = LowBits;
        var high = value >> low;
        if (high < EscapeOnes)
        {
            bits.Write((1u << ((int)high + 1)) - 2, (int)high + 1);
            bits.Write(value, low);
        }
        else
        {
            bits.Write((1u << EscapeOnes) - 1, EscapeOnes);
            bits.Write(value, 32);
        }

        Adapt(value);
    }

    public uint Read(ref BitReader bits)
    {
        var low = LowBits;
        var high = bits.Unary(EscapeOnes);
        var value = high == EscapeOnes ? bits.Read(32) : ((uint)high << low) | bits.Read(low);
        Adapt(value);
        return value;
    }

    void Adapt(uint value) => _average += (((ulong)value << FractionBits) >> AdaptShift) - (_average >> AdaptShift);

    /// <summary>Small numbers of either sign as small numbers: 0, -1, 1, -2, ...</summary>
    public static uint Fold(int value) => (uint)((value << 1) ^ (value >> 31));

    public static int Unfold(uint value) => (int)(value >> 1) ^ -(int)(value & 1);
}
