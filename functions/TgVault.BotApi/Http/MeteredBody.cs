using System.Diagnostics;

namespace TgVault.BotApi.Http;

/// <summary>A request's body with an end to what is taken of it, at a capped rate where one is set.</summary>
sealed class MeteredBody(Stream body, long mostBytes, long bytesPerSecond) : Stream
{
    readonly Pacing _pacing = new(bytesPerSecond);
    long _read;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => _read;
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await body.ReadAsync(buffer, cancellationToken);
        _read += read;
        if (_read > mostBytes)
            throw Refusal.TooLarge();
        await _pacing.PassAsync(read, cancellationToken);
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}

/// <summary>Holds a flow of bytes to a rate; 0 = none.</summary>
sealed class Pacing(long bytesPerSecond)
{
    readonly long _started = Stopwatch.GetTimestamp();
    long _passed;

    /// <summary>How many bytes to take at once, so that a slow flow drips rather than bursts.</summary>
    public int Portion(int most) => bytesPerSecond == 0 ? most : (int)Math.Clamp(bytesPerSecond / 20, 1, most);

    public async ValueTask PassAsync(int bytes, CancellationToken cancellationToken)
    {
        if (bytesPerSecond == 0)
            return;
        _passed += bytes;
        var wait = TimeSpan.FromSeconds((double)_passed / bytesPerSecond) - Stopwatch.GetElapsedTime(_started);
        if (wait > TimeSpan.Zero)
            await Task.Delay(wait, cancellationToken);
    }
}
