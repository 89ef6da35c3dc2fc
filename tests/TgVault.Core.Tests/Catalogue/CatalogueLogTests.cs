using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using TgVault.Core.Catalogue;
using TgVault.Core.Chunks;
using TgVault.Core.Crypto;
using TgVault.Core.Rows;
using TgVault.Core.Tests.Crypto;
using TgVault.Core.Tests.Rows;
using TgVault.Core.Tests.Rows.Sqlite;
using TgVault.Testing;

namespace TgVault.Core.Tests.Catalogue;

/// <summary>Over real tables; the channel is in memory.</summary>
public abstract class CatalogueLogTests : IAsyncLifetime, IDisposable
{
    readonly MemoryChunkStore _channel = new();
    readonly KeyRing _keys = new([CryptoSamples.VaultKey()]);
    readonly FakeTimeProvider _time = new(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
    readonly CatalogueReader _reader;

    protected CatalogueLogTests() => _reader = new CatalogueReader(_channel, _channel, _keys);

    private protected abstract IRowStore Store { get; }

    public Task InitializeAsync() => Table().CreateAsync(CancellationToken.None);

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool isDisposing)
    {
        if (isDisposing)
            _keys.Dispose();
    }

    [Fact(Timeout = 30_000)]
    public async Task A_published_video_is_found_from_the_channel_alone()
    {
        using var log = Log();

        await log.PublishAsync(Put(1), CancellationToken.None);
        await log.PublishAsync(Put(2), CancellationToken.None);

        await AssertHoldsAsync(1, 2);
        Assert.Equal(1, _channel.Count);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_later_change_of_a_video_wins_and_a_removed_one_is_gone()
    {
        using var log = Log(recentLimit: 1);
        await log.PublishAsync(Put(1, message: 10), CancellationToken.None);
        await log.PublishAsync(Put(2), CancellationToken.None);
        await log.PublishAsync(Put(3), CancellationToken.None);
        await log.PublishAsync(Put(1, message: 11), CancellationToken.None);
        await log.PublishAsync(Remove(2), CancellationToken.None);

        var entries = await _reader.ReadAllAsync(CancellationToken.None).ToListAsync();

        Assert.Equal([(1, 11), (3, 3)], entries.Select(entry => (NumberOf(entry.Video), entry.Manifest!.MessageId)).Order());
    }

    [Fact(Timeout = 30_000)]
    public async Task Nothing_published_reads_as_nothing() => Assert.Empty(await ReadAsync());

    [Fact(Timeout = 60_000)]
    public async Task Changes_that_wait_together_share_one_post()
    {
        using var log = Log();
        var hold = new TaskCompletionSource();
        var began = new TaskCompletionSource();
        _channel.BeforePut = async (_, _) =>
        {
            began.TrySetResult();
            await hold.Task;
        };

        var first = log.PublishAsync(Put(1), CancellationToken.None);
        await began.Task;
        var others = Enumerable.Range(2, 19).Select(i => log.PublishAsync(Put(i), CancellationToken.None)).ToArray();
        await WaitForRowsAsync(20);
        hold.SetResult();
        await Task.WhenAll([first, .. others]);

        Assert.Equal(Enumerable.Range(1, 20), await ReadAsync());
        Assert.Equal(2, _channel.Puts);
    }

    [Fact(Timeout = 60_000)]
    public async Task Two_instances_lose_nothing_to_each_other()
    {
        using var one = Log(owner: "one", time: TimeProvider.System);
        using var two = Log(owner: "two", time: TimeProvider.System);

        await Task.WhenAll(Enumerable.Range(1, 20).Select(i => (i % 2 == 0 ? one : two).PublishAsync(Put(i), CancellationToken.None)));

        Assert.Equal(Enumerable.Range(1, 20), await ReadAsync());
        Assert.Equal(1, _channel.Count);
    }

    [Fact(Timeout = 120_000)]
    public async Task The_head_stays_small_and_what_a_change_costs_does_not_grow()
    {
        using var log = Log(recentLimit: 2, segmentLimit: 2);
        var puts = new List<int>();
        for (var i = 1; i <= 40; i++)
        {
            var before = _channel.Puts;
            await log.PublishAsync(Put(i), CancellationToken.None);
            puts.Add(_channel.Puts - before);
        }

        var pinned = await _channel.FindPinnedAsync(CancellationToken.None);
        var head = await new CatalogueDocuments(_channel, _keys).TryReadHeadAsync(pinned!, CancellationToken.None);

        Assert.Equal(Enumerable.Range(1, 40), await ReadAsync());
        Assert.InRange(head!.Recent.Length, 0, 2);
        Assert.InRange(head.Segments.Length, 1, 4);
        Assert.Contains(head.Segments, segment => segment.Level >= 2);
        Assert.Equal(40 - head.Recent.Length, head.Segments.Sum(segment => segment.Entries));
        // The head, a segment, and at most one more for each level that fills: a carry, as in counting.
        Assert.InRange(puts.Max(), 3, 6);
        Assert.InRange(puts.Sum(), 40, 80);
    }

    [Fact(Timeout = 30_000)]
    public async Task Former_heads_that_may_not_be_deleted_any_more_are_left_unpinned()
    {
        using var log = Log();
        _channel.TooOldToDelete = true;

        for (var i = 1; i <= 3; i++)
            await log.PublishAsync(Put(i), CancellationToken.None);

        await AssertHoldsAsync(1, 2, 3);
        Assert.Equal(3, _channel.Count);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_store_that_fails_is_told_and_the_change_goes_out_with_the_next_one()
    {
        using var log = Log(owner: "one");
        using var other = Log(owner: "two");
        _channel.BeforePut = (_, _) => throw new ChunkStoreException(ChunkStoreFailure.Transient, "flood", TimeSpan.FromHours(1));

        await Assert.ThrowsAsync<ChunkStoreException>(() => log.PublishAsync(Put(1), CancellationToken.None));
        _channel.BeforePut = null;
        // The lease was given back: another instance need not wait for its end.
        await other.PublishAsync(Put(2), CancellationToken.None);

        await AssertHoldsAsync(1, 2);
    }

    [Fact(Timeout = 30_000)]
    public async Task Where_the_tables_were_lost_the_pinned_catalogue_is_taken_over()
    {
        using (var log = Log(recentLimit: 2))
            for (var i = 1; i <= 5; i++)
                await log.PublishAsync(Put(i), CancellationToken.None);
        var emptied = Store.Table("again");
        await emptied.CreateAsync(CancellationToken.None);

        using var after = Log(table: emptied);
        await after.PublishAsync(Put(6), CancellationToken.None);

        await AssertHoldsAsync(1, 2, 3, 4, 5, 6);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_pinned_catalogue_of_another_vault_is_not_replaced()
    {
        using var otherKeys = new KeyRing([CryptoSamples.VaultKey(seed: 9)]);
        var foreign = await new CatalogueDocuments(_channel, otherKeys).PutAsync(
            new CatalogueHead(1, _time.GetUtcNow(), [], []),
            CancellationToken.None
        );
        await _channel.PinAsync(foreign, null, CancellationToken.None);
        using var log = Log();

        await Assert.ThrowsAsync<IntegrityException>(() => log.PublishAsync(Put(1), CancellationToken.None));

        Assert.Equal(foreign, await _channel.FindPinnedAsync(CancellationToken.None));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_pinned_document_of_somebody_else_is_left_alone_and_does_not_hinder()
    {
        var foreign = await _channel.PutAsync(new ChunkDocument("rules.txt", new byte[500]), CancellationToken.None);
        await _channel.PinAsync(foreign, null, CancellationToken.None);
        using var log = Log();

        await log.PublishAsync(Put(1), CancellationToken.None);

        await AssertHoldsAsync(1);
        Assert.NotNull(_channel.Find(foreign.MessageId));
    }

    /// <summary>Every call to table, store and pinboard is a place to die at; after each, another instance must put things right.</summary>
    [Theory(Timeout = 120_000)]
    [InlineData(512)]
    [InlineData(1)]
    public async Task A_crash_at_any_call_loses_nothing_and_is_repaired_by_the_next_change(int recentLimit)
    {
        var crashed = true;
        var call = 0;
        while (crashed)
        {
            Assert.InRange(++call, 1, 40);
            var number = 10 * call;
            using (var log = Log(recentLimit: recentLimit))
                await log.PublishAsync(Put(number), CancellationToken.None);

            var crash = new Crash(call);
            crashed = await DiesAsync(crash, Put(number + 1), recentLimit);
            var heldBefore = (await ReadAsync()).ToHashSet();
            Assert.Contains(number, heldBefore);

            _time.Advance(TimeSpan.FromHours(1));
            using (var log = Log(owner: "next", recentLimit: recentLimit))
                await log.PublishAsync(Put(number + 2), CancellationToken.None);

            var held = await ReadAsync();
            Assert.Contains(number + 2, held);
            // Recording is the first call: dying in it may or may not have recorded.
            if (call > 1)
                Assert.Contains(number + 1, held);
            Assert.Superset(heldBefore, held.ToHashSet());
            Assert.Equal(await _channel.FindPinnedAsync(CancellationToken.None), CatalogueState.ReadReceipt(await StateAsync("Head")));
            Assert.Null(await StateAsync("Posted"));
        }

        // Record, look, load, lease, list, post, note, pin, note, cover, delete, give back, look:
        // fewer would mean that something was not tried.
        Assert.InRange(call, 13, 40);
    }

    [Fact(Timeout = 60_000)]
    public async Task An_instance_that_slept_through_its_lease_does_not_pin_over_a_newer_catalogue()
    {
        using var slow = Log(owner: "slow");
        using var quick = Log(owner: "quick");
        var posting = new TaskCompletionSource();
        var wake = new TaskCompletionSource();
        var first = true;
        _channel.AfterPut = async (_, _) =>
        {
            if (!first)
                return;
            first = false;
            posting.SetResult();
            await wake.Task;
        };

        var late = slow.PublishAsync(Put(1), CancellationToken.None);
        await posting.Task;
        _time.Advance(TimeSpan.FromHours(1));
        await quick.PublishAsync(Put(2), CancellationToken.None);
        wake.SetResult();
        await late;
        await quick.PublishAsync(Put(3), CancellationToken.None);

        await AssertHoldsAsync(1, 2, 3);
        Assert.Equal(1, _channel.Count);
    }

    async Task<bool> DiesAsync(Crash crash, CatalogueEntry entry, int recentLimit)
    {
        using var log = new CatalogueLog(
            crash.Over(Table()),
            crash.Over(_channel),
            crash.Over(_channel),
            _keys,
            "dying",
            _time,
            NullLogger<CatalogueLog>.Instance
        )
        {
            RecentLimit = recentLimit,
            SegmentLimit = 2,
        };
        try
        {
            await log.PublishAsync(entry, CancellationToken.None);
            return crash.Happened;
        }
        catch (Exception) when (crash.Happened)
        {
            return true;
        }
    }

    IRowTable Table() => Store.Table(VaultTables.Vault);

    CatalogueLog Log(
        string owner = "one",
        int recentLimit = 512,
        int segmentLimit = 32,
        IRowTable? table = null,
        TimeProvider? time = null
    ) =>
        new(table ?? Table(), _channel, _channel, _keys, owner, time ?? _time, NullLogger<CatalogueLog>.Instance)
        {
            RecentLimit = recentLimit,
            SegmentLimit = segmentLimit,
        };

    async Task<int[]> ReadAsync() =>
        [.. (await _reader.ReadAllAsync(CancellationToken.None).ToListAsync()).Select(entry => NumberOf(entry.Video)).Order()];

    async Task AssertHoldsAsync(params int[] numbers) => Assert.Equal(numbers, await ReadAsync());

    async Task<string?> StateAsync(string column) =>
        (await Table().FindAsync("catalogue", "head", null, CancellationToken.None))!.Text(column);

    async Task WaitForRowsAsync(int count)
    {
        while (await Table().ListAsync(RowRange.Of("recent"), 100, [], CancellationToken.None).CountAsync() < count)
            await Task.Yield();
    }

    CatalogueEntry Put(int number, int? message = null) =>
        new(IdOf(number), _time.GetUtcNow(), new ChunkReceipt(1, -100, message ?? number, $"file{number}", $"unique{number}", 1000));

    CatalogueEntry Remove(int number) => new(IdOf(number), _time.GetUtcNow(), null);

    static VideoId IdOf(int number)
    {
        var bytes = CryptoSamples.Bytes(16, 0x40);
        bytes[14] = (byte)(number >> 8);
        bytes[15] = (byte)number;
        return VideoId.Read(bytes);
    }

    static int NumberOf(VideoId id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.WriteTo(bytes);
        return (bytes[14] << 8) | bytes[15];
    }
}

[Collection(AzuriteCollection.Name)]
public sealed class CatalogueLogInTablesTests(AzuriteFixture azurite) : CatalogueLogTests
{
    private protected override IRowStore Store { get; } = TableRowsTests.StoreIn(azurite);
}

public sealed class CatalogueLogInSqliteTests : CatalogueLogTests
{
    readonly SqliteFolder _folder = new();

    public CatalogueLogInSqliteTests() => Store = _folder.Open();

    private protected override IRowStore Store { get; }

    protected override void Dispose(bool isDisposing)
    {
        base.Dispose(isDisposing);
        if (isDisposing)
            _folder.Dispose();
    }
}
