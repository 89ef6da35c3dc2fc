using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using TgVault.Core.Catalogue;
using TgVault.Core.Chunks;
using TgVault.Core.Crypto;
using TgVault.Core.Rows;
using TgVault.Core.Tests.Crypto;
using TgVault.Testing;

namespace TgVault.Core.Tests.Catalogue;

/// <summary>A catalogue with segments of several levels comes under another version of the vault key.</summary>
public sealed class CatalogueRenewalTests : IDisposable
{
    const int Videos = 40;

    readonly MemoryChunkStore _channel = new();
    readonly FakeTimeProvider _time = new(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
    readonly IRowTable _table;
    readonly KeyRing _former = new([CryptoSamples.VaultKey()]);
    readonly KeyRing _both;
    readonly KeyRing _second;

    public CatalogueRenewalTests()
    {
        _table = new MemoryRowStore(_time).Table(VaultTables.Vault);
        _both = new KeyRing([CryptoSamples.VaultKey(), CryptoSamples.VaultKey(2, 9)]);
        _second = new KeyRing([CryptoSamples.VaultKey(2, 9)]);
    }

    public void Dispose()
    {
        _former.Dispose();
        _both.Dispose();
        _second.Dispose();
    }

    [Fact(Timeout = 30_000)]
    public async Task Every_video_is_named_at_every_moment_and_in_the_end_by_the_new_version_alone()
    {
        using (var old = Log(_former))
            await PublishAsync(old, 1);
        using var log = Log(_both);
        var renewal = new CatalogueRenewal(_table, _channel, _both, log);

        await renewal.BeginAsync(CancellationToken.None);
        await renewal.BeginAsync(CancellationToken.None);
        Assert.Equal(Videos, (await NamesAsync(_both)).Count);
        for (var number = 0; number < Videos; number++)
        {
            await log.PublishAsync(Put(number, 1000 + number), CancellationToken.None);
            Assert.Equal(Videos, (await NamesAsync(_both)).Count);
        }

        var before = await renewal.ReadAllAsync(CancellationToken.None).ToListAsync();
        await renewal.EndAsync(CancellationToken.None);
        await renewal.EndAsync(CancellationToken.None);

        Assert.Equal((Videos, 0), (before.Count, before.Count(one => one.IsOlder)));
        var names = await NamesAsync(_second);
        Assert.Equal(Videos, names.Count);
        Assert.All(names, entry => Assert.True(entry.Manifest!.MessageId >= 1000));
        // Nothing of the former version is left in the channel.
        var documents = await CountAsync(_second);
        Assert.Equal(documents, _channel.Count);
    }

    [Fact(Timeout = 30_000)]
    public async Task What_only_older_segments_name_is_told_apart()
    {
        using (var old = Log(_former))
            await PublishAsync(old, 1);
        using var log = Log(_both);
        var renewal = new CatalogueRenewal(_table, _channel, _both, log);
        await renewal.BeginAsync(CancellationToken.None);
        await log.PublishAsync(Put(3, 1003), CancellationToken.None);
        await log.PublishAsync(new CatalogueEntry(IdOf(4), _time.GetUtcNow(), null), CancellationToken.None);

        var all = await renewal.ReadAllAsync(CancellationToken.None).ToListAsync();

        Assert.Equal(Videos - 1, all.Count);
        Assert.False(all.Single(one => one.Entry.Video == IdOf(3)).IsOlder);
        Assert.Contains(all, one => one.IsOlder);
        Assert.DoesNotContain(all, one => one.Entry.Video == IdOf(4));
    }

    [Fact(Timeout = 30_000)]
    public async Task An_instance_without_the_new_version_publishes_nothing_any_more()
    {
        using var former = Log(_former, "former");
        await former.PublishAsync(Put(1, 1), CancellationToken.None);
        using var log = Log(_both);
        await new CatalogueRenewal(_table, _channel, _both, log).BeginAsync(CancellationToken.None);

        var refused = await Assert.ThrowsAsync<VaultException>(() => former.PublishAsync(Put(2, 2), CancellationToken.None));
        await log.PublishAsync(Put(3, 3), CancellationToken.None);

        Assert.Contains("start it again", refused.Message, StringComparison.Ordinal);
        Assert.Equal(3, (await NamesAsync(_second)).Count);
    }

    [Fact(Timeout = 30_000)]
    public async Task What_changed_meanwhile_is_not_recorded_over()
    {
        using var log = Log(_both);
        var renewal = new CatalogueRenewal(_table, _channel, _both, log);
        var seen = Put(1, 1);
        await log.PublishAsync(seen, CancellationToken.None);
        await log.PublishAsync(Put(1, 2), CancellationToken.None);

        Assert.False(await renewal.TryRecordAsync(seen, Put(1, 3), CancellationToken.None));
        Assert.True(await renewal.TryRecordAsync(Put(1, 2), Put(1, 3), CancellationToken.None));
        await log.PublishRecordedAsync(IdOf(1), CancellationToken.None);

        Assert.Equal(3, Assert.Single(await NamesAsync(_both)).Manifest!.MessageId);
    }

    async Task PublishAsync(CatalogueLog log, int message)
    {
        for (var number = 0; number < Videos; number++)
            await log.PublishAsync(Put(number, message + number), CancellationToken.None);
    }

    CatalogueLog Log(KeyRing keys, string owner = "one") =>
        new(_table, _channel, _channel, keys, owner, _time, NullLogger<CatalogueLog>.Instance) { RecentLimit = 3, SegmentLimit = 2 };

    async Task<List<CatalogueEntry>> NamesAsync(KeyRing keys) =>
        await new CatalogueReader(_channel, _channel, keys).ReadAllAsync(CancellationToken.None).ToListAsync();

    /// <summary>How many documents the catalogue consists of.</summary>
    async Task<int> CountAsync(KeyRing keys)
    {
        var documents = new CatalogueDocuments(_channel, keys);
        var head = await documents.TryReadHeadAsync((await _channel.FindPinnedAsync(CancellationToken.None))!, CancellationToken.None);
        var left = new Stack<CatalogueSegment>(head!.Segments);
        var count = 1;
        while (left.TryPop(out var segment))
        {
            count++;
            foreach (var below in (await documents.ReadSegmentAsync(segment, CancellationToken.None)).Below)
                left.Push(below);
        }

        return count;
    }

    CatalogueEntry Put(int number, int message) =>
        new(IdOf(number), _time.GetUtcNow(), new ChunkReceipt(1, -100, message, $"file{message}", $"unique{message}", 1000));

    static VideoId IdOf(int number)
    {
        var bytes = CryptoSamples.Bytes(16, 0x40);
        bytes[15] = (byte)number;
        return VideoId.Read(bytes);
    }
}
