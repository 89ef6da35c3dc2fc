using System.Numerics;

namespace TgVault.Core.Mp4.Index;

/// <summary>
/// Codes differences whose magnitude is known roughly: how many bits it has, in unary under chances learnt for that magnitude, its two highest bits under
/// chances of their own, the rest as it is, and the sign. Writer and reader learn alike, so nothing about it is stored.
/// </summary>
sealed class DifferenceCode
{
    /// <summary>What chances weigh that were measured beforehand, in bits.</summary>
    public const byte Sure = 16;

    const int Magnitudes = 33;
    const int LearntBits = 2;
    const int NearBits = 6;
    const uint HighBitChance = 18_000;

    static readonly BitChance[] FirstLengths = MakeFirstLengths();

    readonly BitChance[] _lengths = new BitChance[Magnitudes * Magnitudes];
    readonly BitChance[] _highBits = new BitChance[Magnitudes << LearntBits];

    // How often a difference ended at so many bits less than expected, to so many more: measured over x264 and AAC at several rates.
    static ReadOnlySpan<ushort> EndChances => [70, 280, 630, 1300, 3000, 6200, 11_900, 19_800, 23_800, 25_000, 22_800, 21_300, 21_600];

    public void Reset()
    {
        FirstLengths.CopyTo(_lengths.AsSpan());
        Array.Fill(_highBits, BitChance.Of(HighBitChance, Sure));
    }

    /// <param name="coder">Where it is written.</param>
    /// <param name="expected">The logarithm of its likely magnitude, 0 to 32.</param>
    /// <param name="sign">How likely it is positive.</param>
    /// <param name="difference">Of two numbers of 31 bits.</param>
    public void Write(RangeEncoder coder, int expected, ref BitChance sign, long difference)
    {
        var magnitude = (ulong)Math.Abs(difference) + 1;
        var length = BitOperations.Log2(magnitude);
        for (var i = 0; i < length; i++)
            coder.Write(ref Length(expected, i), 1);
        if (length < Magnitudes - 1)
            coder.Write(ref Length(expected, length), 0);
        var left = length;
        for (; left > Math.Max(0, length - LearntBits); left--)
            coder.Write(ref HighBit(length, magnitude >> left), (int)((magnitude >> (left - 1)) & 1));
        coder.Write((uint)magnitude, left);
        if (difference != 0)
            coder.Write(ref sign, difference < 0 ? 1 : 0);
    }

    public long Read(ref RangeDecoder coder, int expected, ref BitChance sign)
    {
        var length = 0;
        while (length < Magnitudes - 1 && coder.Read(ref Length(expected, length)) == 1)
            length++;
        var magnitude = 1UL;
        var left = length;
        for (; left > Math.Max(0, length - LearntBits); left--)
            magnitude = (magnitude << 1) | (uint)coder.Read(ref HighBit(length, magnitude));
        magnitude = (magnitude << left) | coder.Read(left);
        if (magnitude == 1)
            return 0;
        return coder.Read(ref sign) == 1 ? 1 - (long)magnitude : (long)magnitude - 1;
    }

    static BitChance[] MakeFirstLengths()
    {
        var chances = new BitChance[Magnitudes * Magnitudes];
        for (var i = 0; i < chances.Length; i++)
            chances[i] = BitChance.Of(EndChances[NearBits + Math.Clamp((i % Magnitudes) - (i / Magnitudes), -NearBits, NearBits)], Sure);
        return chances;
    }

    ref BitChance Length(int expected, int bit) => ref _lengths[(expected * Magnitudes) + bit];

    ref BitChance HighBit(int length, ulong before) => ref _highBits[(length << LearntBits) | (int)before];
}
