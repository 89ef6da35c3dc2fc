using TgVault.Core.Chunks;
using TgVault.Core.Tests.Telegram;

namespace TgVault.Core.Tests.Chunks;

/// <summary>The duties of every chunk store; a store joins by a subclass that makes one.</summary>
public abstract class ChunkStoreContract : IAsyncLifetime
{
    IChunkStore _store = null!;

    public async Task InitializeAsync() => _store = await OpenAsync();

    public Task DisposeAsync() => CloseAsync();

    private protected abstract Task<IChunkStore> OpenAsync();

    protected virtual Task CloseAsync() => Task.CompletedTask;

    [Theory(Timeout = 60_000)]
    [InlineData(1)]
    [InlineData(65_535)]
    [InlineData(65_536)]
    [InlineData(65_537)]
    [InlineData(2_200_000)]
    public async Task What_was_put_is_read_back_whole(int length)
    {
        var document = StandIn.Document(length, length);

        var receipt = await _store.PutAsync(document, CancellationToken.None);
        var read = new byte[length];
        await _store.ReadAsync(receipt, 0, read, CancellationToken.None);

        Assert.Equal(length, receipt.SealedLengthBytes);
        Assert.True(document.Content.Span.SequenceEqual(read));
    }

    [Theory(Timeout = 60_000)]
    [InlineData(0, 1)]
    [InlineData(0, 100_000)]
    [InlineData(1, 99_999)]
    [InlineData(99_999, 1)]
    [InlineData(65_535, 2)]
    [InlineData(50_000, 0)]
    public async Task A_range_is_exactly_what_was_asked_for(int offset, int length)
    {
        var document = StandIn.Document(100_000);
        var receipt = await _store.PutAsync(document, CancellationToken.None);

        var read = new byte[length];
        await _store.ReadAsync(receipt, offset, read, CancellationToken.None);

        Assert.True(document.Content.Span.Slice(offset, length).SequenceEqual(read));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_range_past_the_end_fails_and_is_never_short()
    {
        var receipt = await _store.PutAsync(StandIn.Document(1000), CancellationToken.None);

        await Assert.ThrowsAsync<ChunkStoreException>(() => _store.ReadAsync(receipt, 990, new byte[11], CancellationToken.None));
    }

    [Fact(Timeout = 60_000)]
    public async Task Many_calls_at_once_do_not_mix()
    {
        await Task.WhenAll(
            Enumerable
                .Range(1, 12)
                .Select(async seed =>
                {
                    var document = StandIn.Document(30_000 + seed, seed);
                    var receipt = await _store.PutAsync(document, CancellationToken.None);
                    var read = new byte[20_000];
                    await Task.WhenAll(
                        Enumerable.Range(0, 3).Select(_ => _store.ReadAsync(receipt, 5000, new byte[100], CancellationToken.None))
                    );
                    await _store.ReadAsync(receipt, seed, read, CancellationToken.None);
                    Assert.True(document.Content.Span.Slice(seed, read.Length).SequenceEqual(read));
                })
        );
    }

    [Fact(Timeout = 60_000)]
    public async Task Deleting_may_be_repeated()
    {
        var receipt = await _store.PutAsync(StandIn.Document(1000), CancellationToken.None);

        Assert.True(await _store.DeleteAsync(receipt, CancellationToken.None));
        Assert.True(await _store.DeleteAsync(receipt, CancellationToken.None));
    }

    [Fact(Timeout = 60_000)]
    public async Task An_empty_document_is_refused_for_good()
    {
        var failure = await Assert.ThrowsAsync<ChunkStoreException>(() =>
            _store.PutAsync(new ChunkDocument("e.bin", default), CancellationToken.None)
        );

        Assert.Equal(ChunkStoreFailure.Permanent, failure.Failure);
    }

    [Fact(Timeout = 60_000)]
    public async Task Cancellation_is_no_failure_of_the_store()
    {
        var receipt = await _store.PutAsync(StandIn.Document(1000), CancellationToken.None);
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _store.PutAsync(StandIn.Document(10), cancelled.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _store.ReadAsync(receipt, 0, new byte[10], cancelled.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _store.DeleteAsync(receipt, cancelled.Token));
    }
}
