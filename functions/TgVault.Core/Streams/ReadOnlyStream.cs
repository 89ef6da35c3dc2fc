namespace TgVault.Core.Streams;

/// <summary>
/// What every stream of ours has in common: it is read, asynchronously, one read at a time. It seeks where <see cref="CanSeek"/> says so,
/// by <see cref="Position"/> and <see cref="Length"/>.
/// </summary>
public abstract class ReadOnlyStream : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>
    /// Where the range that is being read ends (exclusive), in bytes: nothing behind it is fetched, unless reading goes beyond it.
    /// </summary>
    public virtual long? ReadEnd { get; set; }

    public override long Seek(long offset, SeekOrigin origin)
    {
        if (!CanSeek)
            throw new NotSupportedException();
        var target = checked(
            offset
            + origin switch
            {
                SeekOrigin.Begin => 0,
                SeekOrigin.Current => Position,
                SeekOrigin.End => Length,
                _ => throw new ArgumentOutOfRangeException(nameof(origin)),
            }
        );
        if (target < 0)
            throw new IOException("A stream has nothing before its beginning.");
        return Position = target;
    }

    public abstract override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default);

    public sealed override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) =>
        throw new NotSupportedException("Bytes come over the network: read asynchronously.");

    public sealed override void Flush() { }

    public sealed override void SetLength(long value) => throw new NotSupportedException();

    public sealed override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
