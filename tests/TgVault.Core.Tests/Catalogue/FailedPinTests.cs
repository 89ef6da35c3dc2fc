using Microsoft.Extensions.Logging.Abstractions;
using TgVault.Core.Catalogue;
using TgVault.Core.Chunks;
using TgVault.Core.Crypto;
using TgVault.Core.Library;
using TgVault.Core.Tests.Crypto;
using TgVault.Testing;

namespace TgVault.Core.Tests.Catalogue;

/// <summary>Heads that cannot be pinned, however many, go once one can be, and so do the segments they were made of.</summary>
public sealed class FailedPinTests : IDisposable
{
    readonly MemoryChunkStore _channel = new();
    readonly MemoryRows _rows = new(TimeProvider.System);
    readonly KeyRing _keys = new([CryptoSamples.VaultKey()]);

    public void Dispose() => _keys.Dispose();

    [Theory(Timeout = 60_000)]
    [InlineData(512, 40)]
    [InlineData(2, 5)]
    public async Task What_was_posted_for_them_goes_once_one_is_pinned(int recentLimit, int failures)
    {
        var pins = new Pins(_channel);
        using var log = Log(pins, recentLimit);
        for (var i = 0; i < 3; i++)
            await log.PublishAsync(Put(i), CancellationToken.None);
        pins.Fails = true;
        for (var i = 3; i < 3 + failures; i++)
            await Assert.ThrowsAsync<ChunkStoreException>(() => log.PublishAsync(Put(i), CancellationToken.None));
        pins.Fails = false;

        await log.PublishAsync(Put(100), CancellationToken.None);
        await log.PublishAsync(Put(101), CancellationToken.None);

        var state = await new CatalogueTable(_rows).LoadAsync(CancellationToken.None);
        Assert.Empty(state!.Former);
        Assert.Empty(state.Unpinned);
        // The head and the segments that it names, each of level 0.
        Assert.All(state.Segments, segment => Assert.Equal(0, segment.Level));
        Assert.Equal(
            state.Segments.Select(segment => segment.Receipt.MessageId).Append(state.Head!.MessageId).Order(),
            _channel.Names.Keys.Order()
        );
        var reader = new CatalogueReader(_channel, _channel, _keys);
        Assert.Equal(3 + failures + 2, await reader.ReadAllAsync(CancellationToken.None).CountAsync());
    }

    CatalogueLog Log(IPinboard pins, int recentLimit) =>
        new(
            _rows,
            _channel,
            pins,
            _keys,
            "one",
            TimeProvider.System,
            NullLogger<CatalogueLog>.Instance,
            discarded: new DiscardedDocuments(_rows)
        )
        {
            RecentLimit = recentLimit,
        };

    static CatalogueEntry Put(int number) =>
        new(
            VideoId.New(DateTimeOffset.UnixEpoch.AddDays(number)),
            DateTimeOffset.UtcNow,
            new ChunkReceipt(1, -100, 1000 + number, $"file{number}", $"unique{number}", 1000)
        );

    /// <summary>A pinboard that may refuse.</summary>
    sealed class Pins(IPinboard inner) : IPinboard
    {
        public bool Fails { get; set; }

        public Task PinAsync(ChunkReceipt receipt, ChunkReceipt? former, CancellationToken cancellationToken) =>
            Fails
                ? throw new ChunkStoreException(ChunkStoreFailure.Transient, "It answered 502.")
                : inner.PinAsync(receipt, former, cancellationToken);

        public Task<ChunkReceipt?> FindPinnedAsync(CancellationToken cancellationToken) => inner.FindPinnedAsync(cancellationToken);
    }
}
