namespace TgVault.Core.Mp4.Index.Columns;

/// <summary>
/// A column of numbers whose bytes are kept apart: the lowest byte of every number, then the next of every number. High bytes repeat where
/// low ones do not, so that packing finds them.
/// </summary>
readonly ref struct ByteColumn
{
    readonly Span<byte> _bytes;
    readonly int _rows;
    readonly int _width;

    /// <summary>Takes the column's bytes from the front of <paramref name="rest"/>.</summary>
    public ByteColumn(scoped ref Span<byte> rest, int rows, int width)
    {
        _bytes = rest[..(rows * width)];
        _rows = rows;
        _width = width;
        rest = rest[(rows * width)..];
    }

    /// <summary>The number of this row; of its higher bytes, those that do not fit are left out.</summary>
    public long this[int row]
    {
        get
        {
            var value = 0UL;
            for (var i = 0; i < _width; i++)
                value |= (ulong)_bytes[(i * _rows) + row] << (8 * i);
            return (long)value;
        }
        set
        {
            for (var i = 0; i < _width; i++)
                _bytes[(i * _rows) + row] = (byte)(value >> (8 * i));
        }
    }
}
