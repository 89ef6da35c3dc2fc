using System.Runtime.CompilerServices;
using TgVault.Core.Streams;

namespace TgVault.Web.Telemetry;

/// <summary>A stream that tells how much was read of it. Allocates nothing per read. Does not own the stream below.</summary>
internal sealed class CountedBody(Stream inner, Action<int> given) : ReadOnlyStream
{
    public override bool CanRead => inner.CanRead;

    public override bool CanSeek => inner.CanSeek;

    public override long Length => inner.Length;

    public override long Position
    {
        get => inner.Position;
        set => inner.Position = value;
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var reading = inner.ReadAsync(buffer, cancellationToken);
        if (!reading.IsCompletedSuccessfully)
            return CountAsync(reading);
        var count = reading.Result;
        if (count > 0)
            given(count);
        return new ValueTask<int>(count);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    async ValueTask<int> CountAsync(ValueTask<int> reading)
    {
        var count = await reading;
        if (count > 0)
            given(count);
        return count;
    }
}
