namespace TgVault.Core.Mp4.Index;

/// <summary>How likely a bit is 0, learnt from those before: in big steps at first, in ever smaller ones later.</summary>
struct BitChance
{
    /// <summary>Chances are fixed-point numbers with so many bits.</summary>
    public const int Bits = 15;

    public const uint Even = One / 2;

    const uint One = 1u << Bits;
    const uint Least = One >> 10;

    byte _seen;

    public uint Zero { get; private set; }

    /// <param name="zero">The chance to begin with, in 1/32768.</param>
    /// <param name="weight">As many bits as it weighs: how sure it is.</param>
    public static BitChance Of(uint zero, byte weight = 0) => new() { Zero = zero, _seen = weight };

    public void Learn(int bit)
    {
        var shift = _seen switch
        {
            < 16 => 4,
            < 56 => 5,
            < 192 => 6,
            _ => 7,
        };
        if (_seen < 192)
            _seen++;
        // Never certain: what was never seen must still be codable.
        Zero = bit == 0 ? Math.Min(One - Least, Zero + ((One - Zero) >> shift)) : Math.Max(Least, Zero - (Zero >> shift));
    }
}
