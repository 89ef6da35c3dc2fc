namespace TgVault.Core.Mp4.Index;

/// <summary>
/// Guesses which number comes next from what followed the last ones before: from the last forty where they were seen in that order, which finds the
/// long patterns in which tracks take turns, and from the last three otherwise.
/// </summary>
sealed class Succession
{
    const int SlotBits = 12;
    const int LongMemory = 40;
    const uint Multiplier = 0x9E3779B1;

    readonly int[] _afterShort = new int[1 << SlotBits];
    readonly int[] _afterLong = new int[1 << SlotBits];
    readonly ushort[] _seenLong = new ushort[1 << SlotBits];
    readonly uint[] _last = new uint[LongMemory];
    readonly uint _oldest = OldestFactor();
    uint _short;
    uint _long;
    int _next;

    /// <summary>Whether the last forty were seen in that order.</summary>
    public bool IsLong => _seenLong[Slot(_long)] == Mark(_long);

    public int Expected => IsLong ? _afterLong[Slot(_long)] : _afterShort[_short];

    public void Reset()
    {
        Array.Clear(_afterShort);
        Array.Clear(_seenLong);
        Array.Clear(_last);
        _short = _long = 0;
        _next = 0;
    }

    public void Learn(int value)
    {
        _afterShort[_short] = value;
        _afterLong[Slot(_long)] = value;
        _seenLong[Slot(_long)] = Mark(_long);

        var hash = (((uint)value + 1) * Multiplier) ^ ((uint)value >> 16);
        _short = ((_short << 4) ^ (hash >> 25)) & ((1 << SlotBits) - 1);
        // A rolling hash: the oldest number's share goes as the new one's comes.
        _long = (_long * Multiplier) + hash - (_last[_next] * _oldest);
        _last[_next] = hash;
        _next = (_next + 1) % LongMemory;
    }

    static uint Slot(uint context) => context >> (32 - SlotBits);

    // Never 0, which marks an empty slot.
    static ushort Mark(uint context) => (ushort)(context | 1);

    static uint OldestFactor()
    {
        var factor = 1u;
        for (var i = 0; i < LongMemory; i++)
            factor *= Multiplier;
        return factor;
    }
}
