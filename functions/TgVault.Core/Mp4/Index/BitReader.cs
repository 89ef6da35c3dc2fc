using System.Buffers.Binary;
using System.Numerics;

namespace TgVault.Core.Mp4.Index;

/// <summary>Reads what <see cref="BitWriter"/> wrote.</summary>
ref struct BitReader(ReadOnlySpan<byte> bytes)
{
    ReadOnlySpan<byte> _rest = bytes;
    ulong _bits;
    int _count;

    /// <param name="bits">0 to 32.</param>
    /// <exception cref="MediaException">There are fewer bits left.</exception>
    public uint Read(int bits)
    {
        if (bits == 0) return 0;
        if (_count < bits) Fill(bits);
        var value = (uint)(_bits >> (64 - bits));
        Drop(bits);
        return value;
    }

    /// <summary>Counts one bits up to the next zero bit, which is read too; at most <paramref name="limit"/> (of up to 31) of them, then no zero follows.</summary>
    public int Unary(int limit)
    {
        if (_count <= limit) Fill(1);
        var ones = Math.Min(limit, BitOperations.LeadingZeroCount(~_bits));
        var read = ones == limit ? ones : ones + 1;
        if (read > _count) throw Mp4Index.Unreadable();
        Drop(read);
        return ones;
    }

    void Drop(int bits)
    {
        _bits <<= bits;
        _count -= bits;
    }

    // The unread bits are the highest of _bits; below them are zeros.
    void Fill(int needed)
    {
        while (_count <= 56 && !_rest.IsEmpty)
        {
            if (_count <= 32 && _rest.Length >= 4)
            {
                _bits |= (ulong)BinaryPrimitives.ReadUInt32BigEndian(_rest) << (32 - _count);
                _count += 32;
                _rest = _rest[4..];
                continue;
            }

            _bits |= (ulong)_rest[0] << (56 - _count);
            _count += 8;
            _rest = _rest[1..];
        }

        if (_count < needed) throw Mp4Index.Unreadable();
    }
}
