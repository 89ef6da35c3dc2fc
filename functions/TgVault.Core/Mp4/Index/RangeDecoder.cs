namespace TgVault.Core.Mp4.Index;

/// <summary>Reads what <see cref="RangeEncoder"/> wrote.</summary>
ref struct RangeDecoder
{
    const uint Renewal = 1u << 24;

    readonly ReadOnlySpan<byte> _bytes;
    int _next;
    uint _range;
    uint _code;

    /// <exception cref="MediaException">There are too few bytes to begin with.</exception>
    public RangeDecoder(ReadOnlySpan<byte> bytes)
    {
        _bytes = bytes;
        _range = uint.MaxValue;
        for (var i = 0; i < 5; i++)
            _code = (_code << 8) | NextByte();
    }

    /// <exception cref="MediaException">The bytes have ended.</exception>
    public int Read(ref BitChance chance)
    {
        var bound = (_range >> BitChance.Bits) * chance.Zero;
        var bit = _code < bound ? 0 : 1;
        if (bit == 0)
        {
            _range = bound;
        }
        else
        {
            _code -= bound;
            _range -= bound;
        }

        chance.Learn(bit);
        Renew();
        return bit;
    }

    /// <summary>Reads a number of so many bits, 0 to 32.</summary>
    public uint Read(int bits)
    {
        var value = 0u;
        while (bits-- > 0)
        {
            _range >>= 1;
            var bit = _code >= _range ? 1u : 0;
            _code -= bit * _range;
            value = (value << 1) | bit;
            Renew();
        }

        return value;
    }

    void Renew()
    {
        while (_range < Renewal)
        {
            _range <<= 8;
            _code = (_code << 8) | NextByte();
        }
    }

    byte NextByte() => _next < _bytes.Length ? _bytes[_next++] : throw Mp4Index.Unreadable();
}
