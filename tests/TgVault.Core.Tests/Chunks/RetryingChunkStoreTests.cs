using Microsoft.Extensions.Time.Testing;
using TgVault.Core.Chunks;
using TgVault.Core.Tests.Telegram;
using TgVault.Testing;

namespace TgVault.Core.Tests.Chunks;

public sealed class RetryingChunkStoreTests
{
    readonly MemoryChunkStore _memory = new();
    readonly FakeTimeProvider _time = new() { AutoAdvanceAmount = TimeSpan.Zero };

    [Fact(Timeout = 10_000)]
    public async Task A_transient_failure_is_tried_again_until_the_attempts_are_used_up()
    {
        _memory.BeforePut = (_, _) => throw new ChunkStoreException(ChunkStoreFailure.Transient, "no", TimeSpan.Zero);
        var store = new RetryingChunkStore(_memory, 3, TimeSpan.FromSeconds(30), _time, () => 0);

        await Assert.ThrowsAsync<ChunkStoreException>(() => store.PutAsync(StandIn.Document(10), CancellationToken.None));

        Assert.Equal(3, _memory.Puts);
    }

    [Theory(Timeout = 10_000)]
    [InlineData(ChunkStoreFailure.Permanent, null)]
    [InlineData(ChunkStoreFailure.Gone, null)]
    [InlineData(ChunkStoreFailure.Transient, 31)]
    public async Task What_waiting_here_cannot_mend_is_thrown_at_once(ChunkStoreFailure failure, int? seconds)
    {
        _memory.BeforePut = (_, _) => throw new ChunkStoreException(failure, "no", seconds is { } wait ? TimeSpan.FromSeconds(wait) : null);
        var store = new RetryingChunkStore(_memory, 3, TimeSpan.FromSeconds(30), _time, () => 0);

        var thrown = await Assert.ThrowsAsync<ChunkStoreException>(() => store.PutAsync(StandIn.Document(10), CancellationToken.None));

        Assert.Equal(1, _memory.Puts);
        Assert.Equal(seconds is { } same ? TimeSpan.FromSeconds(same) : null, thrown.RetryAfter);
    }

    [Fact(Timeout = 10_000)]
    public async Task The_wait_the_store_names_is_kept()
    {
        _memory.BeforePut = (_, _) =>
            _memory.Puts == 1
                ? throw new ChunkStoreException(ChunkStoreFailure.Transient, "no", TimeSpan.FromSeconds(20))
                : Task.CompletedTask;
        var store = new RetryingChunkStore(_memory, 3, TimeSpan.FromSeconds(30), _time, () => 0);

        var put = store.PutAsync(StandIn.Document(10), CancellationToken.None);
        _time.Advance(TimeSpan.FromSeconds(19.9));
        Assert.False(put.IsCompleted);
        Assert.Equal(1, _memory.Puts);
        _time.Advance(TimeSpan.FromSeconds(0.2));
        await put;

        Assert.Equal(2, _memory.Puts);
    }
}
