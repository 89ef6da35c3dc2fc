namespace TgVault.Core.Mp4.Index;

/// <summary>Writes numbers of a few bits each, highest bit first.</summary>
sealed class BitWriter
{
    byte[] _bytes = new byte[4096];
    int _length;
    ulong _pending;
    int _pendingBits;

    public void Write(uint value, int bits)
    {
        _pending = (_pending << bits) | (value & ((1UL << bits) - 1));
        _pendingBits += bits;
        while (_pendingBits >= 8)
        {
            if (_length == _bytes.Length) Array.Resize(ref _bytes, 2 * _length);
            _pendingBits -= 8;
            _bytes[_length++] = (byte)(_pending >> _pendingBits);
        }
    }

    /// <summary>Fills the last byte, gives what was written and begins anew.</summary>
    public byte[] Finish()
    {
        if (_pendingBits > 0) Write(0, 8 - _pendingBits);
        var written = _bytes.AsSpan(0, _length).ToArray();
        _length = 0;
        return written;
    }
}
