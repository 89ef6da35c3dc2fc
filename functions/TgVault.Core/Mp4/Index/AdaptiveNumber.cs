using System.Numerics;

namespace TgVault.Core.Mp4.Index;

/// <summary>
/// Codes numbers that scatter around a level: the high part in unary, each step with its own learnt chance, and as many low bits as they are as the
/// recent average calls for. Writer and reader learn alike, so nothing about it is stored.
/// </summary>
sealed class AdaptiveNumber
{
    // Longer unary parts mean that the average was far off; then the number follows whole.
    const int EscapeSteps = 24;
    const int FractionBits = 8;
    const int SlowestAdapt = 128;

    // The chance to stop at a step if numbers fall off evenly around the average.
    const uint StopChance = 10_000;

    readonly BitChance[] _steps = new BitChance[EscapeSteps];
    long _average;
    int _seen;

    public void Reset(uint expected)
    {
        Array.Fill(_steps, BitChance.Of(StopChance));
        _average = (long)expected << FractionBits;
        _seen = 0;
    }

    public void Write(RangeEncoder coder, uint value)
    {
        var low = LowBits;
        var high = value >> low;
        for (var i = 0; i < EscapeSteps && i <= high; i++)
            coder.Write(ref _steps[i], i < high ? 1 : 0);
        coder.Write(value, high >= EscapeSteps ? 32 : low);
        Adapt(value);
    }

    public uint Read(ref RangeDecoder coder)
    {
        var low = LowBits;
        var high = 0u;
        while (high < EscapeSteps && coder.Read(ref _steps[high]) == 1)
            high++;
        var value = high == EscapeSteps ? coder.Read(32) : (high << low) | coder.Read(low);
        Adapt(value);
        return value;
    }

    // Half the average: two or three steps, enough for their chances to follow the numbers' true spread.
    int LowBits => Math.Max(0, BitOperations.Log2((uint)(_average >> FractionBits) | 1) - 1);

    // The plain average of all so far, then of about the last hundred.
    void Adapt(uint value)
    {
        if (_seen < SlowestAdapt)
            _seen++;
        _average += (((long)value << FractionBits) - _average) / (_seen + 1);
    }

    /// <summary>Small numbers of either sign as small numbers: 0, -1, 1, -2, ...</summary>
    public static uint Fold(int value) => (uint)((value << 1) ^ (value >> 31));

    public static int Unfold(uint value) => (int)(value >> 1) ^ -(int)(value & 1);
}
