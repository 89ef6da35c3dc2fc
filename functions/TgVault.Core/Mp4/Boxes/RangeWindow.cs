using System.Buffers;

namespace TgVault.Core.Mp4.Boxes;

/// <summary>Reads small pieces of a source through one buffer, so that neighbouring pieces cost one read.</summary>
sealed class RangeWindow(ReadRange read, long lengthBytes) : IDisposable
{
    const int WindowBytes = 8 << 10;

    byte[] _buffer = ArrayPool<byte>.Shared.Rent(WindowBytes);
    long _start;
    int _length;

    /// <summary>The bytes at <paramref name="offset"/>, valid until the next call.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> GetAsync(long offset, int count, CancellationToken cancellationToken)
    {
        if (offset < _start || offset + count > _start + _length)
        {
            if (count > _buffer.Length)
            {
                ArrayPool<byte>.Shared.Return(_buffer);
                _buffer = ArrayPool<byte>.Shared.Rent(count);
            }

            var wanted = (int)Math.Min(lengthBytes - offset, Math.Max(count, WindowBytes));
            await read(offset, _buffer.AsMemory(0, wanted), cancellationToken);
            (_start, _length) = (offset, wanted);
        }

        return _buffer.AsMemory((int)(offset - _start), count);
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(_buffer);
}
