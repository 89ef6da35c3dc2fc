namespace TgVault.Core.Mp4.Index;

/// <summary>Writes bits in as little space as their chances allow: a binary range coder with carry, as in LZMA.</summary>
sealed class RangeEncoder
{
    const uint Renewal = 1u << 24;

    byte[] _bytes = new byte[4096];
    int _length;
    ulong _low;
    uint _range;
    byte _held;
    int _heldCount;

    public RangeEncoder() => Reset();

    public void Write(ref BitChance chance, int bit)
    {
        var bound = (_range >> BitChance.Bits) * chance.Zero;
        if (bit == 0)
        {
            _range = bound;
        }
        else
        {
            _low += bound;
            _range -= bound;
        }

        chance.Learn(bit);
        Renew();
    }

    /// <summary>Writes a number's lowest bits, highest first, as bits that may be anything.</summary>
    public void Write(uint value, int bits)
    {
        while (bits-- > 0)
        {
            _range >>= 1;
            if (((value >> bits) & 1) != 0)
                _low += _range;
            Renew();
        }
    }

    /// <summary>Gives what was written and begins anew.</summary>
    public byte[] Finish()
    {
        for (var i = 0; i < 5; i++)
            Shift();
        var written = _bytes.AsSpan(0, _length).ToArray();
        Reset();
        return written;
    }

    void Reset()
    {
        _length = 0;
        _low = 0;
        _range = uint.MaxValue;
        _held = 0;
        _heldCount = 1;
    }

    void Renew()
    {
        while (_range < Renewal)
        {
            _range <<= 8;
            Shift();
        }
    }

    // A carry may still run through bytes of ones, so they are held back until it cannot.
    void Shift()
    {
        if ((uint)_low < 0xFF000000 || _low > uint.MaxValue)
        {
            var carry = (byte)(_low >> 32);
            for (var next = _held; _heldCount > 0; _heldCount--, next = byte.MaxValue)
                Append((byte)(next + carry));
            _held = (byte)(_low >> 24);
        }

        _heldCount++;
        _low = (uint)_low << 8;
    }

    void Append(byte value)
    {
        if (_length == _bytes.Length)
            Array.Resize(ref _bytes, 2 * _length);
        _bytes[_length++] = value;
    }
}
