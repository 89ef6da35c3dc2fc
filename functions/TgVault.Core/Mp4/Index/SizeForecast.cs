using System.Numerics;

namespace TgVault.Core.Mp4.Index;

/// <summary>
/// What the next sample of one kind is expected to be like, from those before. Three averages, one that follows at once, one that follows within a
/// second, and one that stays, are kept, and the one that was nearest of late is taken: film changes with its scenes, sound hovers around its rate.
/// </summary>
sealed class SizeForecast
{
    const int FractionBits = 6;
    const int FirstSpread = 8 << FractionBits;
    const int SignMemory = 4;

    readonly long[] _averages = new long[3];
    readonly long[] _misses = new long[3];
    readonly BitChance[] _signs = new BitChance[3 * SignMemory];
    int _spread;
    int _seen;
    int _best;
    int _lastSigns;

    static ReadOnlySpan<int> Memory => [2, 8, 32];

    /// <summary>The size that is expected, in bytes.</summary>
    public long Expected => _averages[_best] >> FractionBits;

    /// <summary>The logarithm, to the base of 2, of how far the last ones were off, 0 to 32.</summary>
    public int Spread => _spread >> FractionBits;

    /// <summary>How likely the next one is the larger.</summary>
    public ref BitChance Sign => ref _signs[(_best * SignMemory) + _lastSigns];

    public void Reset()
    {
        Array.Clear(_misses);
        Array.Fill(_signs, BitChance.Of(BitChance.Even, DifferenceCode.Sure));
        _spread = FirstSpread;
        _seen = _best = _lastSigns = 0;
    }

    /// <summary>Before the first one of its kind, the last one of any kind is all there is to go by.</summary>
    public void Begin(int last)
    {
        if (_seen == 0)
            Array.Fill(_averages, (long)last << FractionBits);
    }

    public void Learn(int size)
    {
        var difference = size - Expected;
        if (difference != 0)
            _lastSigns = ((_lastSigns << 1) | (difference < 0 ? 1 : 0)) & (SignMemory - 1);

        // The fraction of the logarithm as a straight line between powers of two: exact enough, and the same on every machine.
        var magnitude = (ulong)Math.Abs(difference) + 1;
        var log = BitOperations.Log2(magnitude);
        var spread = (log << FractionBits) + (int)((magnitude << FractionBits) >> log) - (1 << FractionBits);
        _spread += (spread - _spread) >> (_seen > 3 ? 3 : 1);

        _seen = Math.Min(_seen + 1, Memory[^1]);
        for (var i = 0; i < _averages.Length; i++)
        {
            _misses[i] += (Math.Abs(size - (_averages[i] >> FractionBits)) << 5) - (_misses[i] >> 5);
            _averages[i] += (((long)size << FractionBits) - _averages[i]) / Math.Min(Memory[i], _seen);
            if (_misses[i] < _misses[_best])
                _best = i;
        }
    }
}
