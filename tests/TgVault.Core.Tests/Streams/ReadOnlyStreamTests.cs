using TgVault.Core.Streams;

namespace TgVault.Core.Tests.Streams;

public sealed class ReadOnlyStreamTests
{
    [Theory]
    [InlineData(7, SeekOrigin.Begin, 7)]
    [InlineData(2, SeekOrigin.Current, 5)]
    [InlineData(-3, SeekOrigin.Current, 0)]
    [InlineData(-1, SeekOrigin.End, 99)]
    [InlineData(5, SeekOrigin.End, 105)]
    public void It_seeks_from_the_beginning_the_place_and_the_end(long offset, SeekOrigin origin, long expected)
    {
        using var stream = new Hundred { Position = 3 };

        Assert.Equal(expected, stream.Seek(offset, origin));
        Assert.Equal(expected, stream.Position);
    }

    [Fact]
    public void It_has_nothing_before_its_beginning_and_takes_nothing()
    {
        using var stream = new Hundred();

        Assert.Throws<IOException>(() => stream.Seek(-1, SeekOrigin.Begin));
        Assert.Throws<NotSupportedException>(() => stream.Write([1], 0, 1));
        Assert.Throws<NotSupportedException>(() => stream.SetLength(1));
        Assert.Throws<NotSupportedException>(() => stream.Read(new byte[1], 0, 1));
        Assert.False(stream.CanWrite);
    }

    [Fact(Timeout = 30_000)]
    public async Task An_array_is_read_into_like_memory()
    {
        using var stream = new Hundred();
        var bytes = new byte[8];

#pragma warning disable CA1835 // This overload is what is tested.
        Assert.Equal(5, await stream.ReadAsync(bytes, 2, 5, CancellationToken.None));
#pragma warning restore CA1835

        Assert.Equal([0, 0, 1, 1, 1, 1, 1, 0], bytes);
    }

    sealed class Hundred : ReadOnlyStream
    {
        public override bool CanSeek => true;

        public override long Length => 100;

        public override long Position { get; set; }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            buffer.Span.Fill(1);
            return ValueTask.FromResult(buffer.Length);
        }
    }
}
