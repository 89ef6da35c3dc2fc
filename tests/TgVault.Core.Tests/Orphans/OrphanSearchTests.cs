using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using TgVault.BotApi.Faults;
using TgVault.Core.Chunks;
using TgVault.Core.Chunks.Intents;
using TgVault.Core.Library;
using TgVault.Core.Orphans;
using TgVault.Core.Telegram;
using TgVault.Core.Tests.Telegram;
using TgVault.Testing;

namespace TgVault.Core.Tests.Orphans;

/// <summary>What was posted without the vault knowing is found and removed, and nothing else is.</summary>
public sealed class OrphanSearchTests : IAsyncLifetime
{
    readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow);
    readonly Named _named = new();
    MemoryRows _rows = null!;
    DiscardedDocuments _discarded = null!;
    StandIn _standIn = null!;

    public async Task InitializeAsync()
    {
        (_rows, _standIn) = (new MemoryRows(_time), await StandIn.StartAsync());
        _discarded = new DiscardedDocuments(_rows);
    }

    public Task DisposeAsync() => _standIn.DisposeAsync().AsTask();

    [Theory(Timeout = 60_000)]
    [InlineData(FaultKind.StoredThenTimeout)]
    [InlineData(FaultKind.TruncatedBody)]
    public async Task A_document_whose_answer_was_lost_is_removed(FaultKind kind)
    {
        using var store = Store();
        await PutAsync(store, 1);
        _standIn.Fail(kind, "sendDocument", seconds: 0.05);
        await Assert.ThrowsAsync<ChunkStoreException>(() => store.PutAsync(StandIn.Document(1000, 2), CancellationToken.None));
        await PutAsync(store, 3);
        Assert.Equal(3, _standIn.LiveDocuments);

        _time.Advance(PostIntents.Late + TimeSpan.FromSeconds(1));
        Assert.True(await SearchIn(store).RunAsync(CancellationToken.None));

        Assert.Equal(_named.Messages, LiveMessages);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_document_that_is_said_not_to_be_there_is_looked_for_once_more()
    {
        using var store = Store();
        await PutAsync(store, 1);
        _standIn.Fail(FaultKind.StoredThenTimeout, "sendDocument", seconds: 0.05);
        await Assert.ThrowsAsync<ChunkStoreException>(() => store.PutAsync(StandIn.Document(1000, 2), CancellationToken.None));
        await PutAsync(store, 3);
        _time.Advance(PostIntents.Late + TimeSpan.FromSeconds(1));
        var search = SearchIn(store);

        _standIn.Fail(FaultKind.MessageGone, "forwardMessage");
        Assert.False(await search.RunAsync(CancellationToken.None));
        Assert.Equal(3, _standIn.LiveDocuments);
        Assert.True(await search.RunAsync(CancellationToken.None));

        Assert.Equal(_named.Messages, LiveMessages);
    }

    [Fact(Timeout = 60_000)]
    public async Task What_a_process_posted_that_was_killed_before_it_could_say_so_is_removed_by_the_next()
    {
        using (var killed = Store())
        {
            await PutAsync(killed, 1);
            await killed.PutAsync(StandIn.Document(1000, 2), CancellationToken.None);
            await killed.PutAsync(StandIn.Document(1000, 3), CancellationToken.None);
        }

        using var store = Store();
        _time.Advance(PostIntents.Late + TimeSpan.FromSeconds(1));
        await SearchToTheEndAsync(SearchIn(store));

        Assert.Equal(_named.Messages, LiveMessages);
        Assert.Empty(await _discarded.ListAsync(CancellationToken.None).ToListAsync());
    }

    [Fact(Timeout = 60_000)]
    public async Task Copies_that_finding_a_document_again_left_are_removed_and_the_document_stays()
    {
        using var store = Store();
        var receipt = await PutAsync(store, 1);
        for (var copy = 1; copy <= 2; copy++)
        {
            _standIn.Fail(FaultKind.MessageGone, "getFile");
            _standIn.Fail(FaultKind.StoredThenTimeout, "forwardMessage", seconds: 0.05);
            await Assert.ThrowsAsync<ChunkStoreException>(() => store.ReadAsync(receipt, 0, new byte[10], CancellationToken.None));
            Assert.Equal(1 + copy, _standIn.LiveDocuments);
        }

        _time.Advance(PostIntents.Late + TimeSpan.FromSeconds(1));
        Assert.True(await SearchIn(store).RunAsync(CancellationToken.None));

        Assert.Equal(_named.Messages, LiveMessages);
    }

    [Fact(Timeout = 60_000)]
    public async Task What_others_posted_stays_and_so_does_what_is_under_way_or_was_posted_just_now()
    {
        using var store = Store();
        using var other = _standIn.Store(StandIn.SecondToken);
        await PutAsync(store, 1);
        _standIn.Fail(FaultKind.StoredThenTimeout, "sendDocument", seconds: 0.05);
        await Assert.ThrowsAsync<ChunkStoreException>(() => store.PutAsync(StandIn.Document(1000, 2), CancellationToken.None));
        var others = await other.PutAsync(StandIn.Document(1000, 3), CancellationToken.None);
        _time.Advance(PostIntents.Late + TimeSpan.FromSeconds(1));
        // Its row is not written yet.
        var now = await store.PutAsync(StandIn.Document(1000, 4), CancellationToken.None);

        Assert.True(await SearchIn(store).RunAsync(CancellationToken.None));

        Assert.Equal(_named.Messages.Append(others.MessageId).Append(now.MessageId), LiveMessages);
    }

    [Theory(Timeout = 60_000)]
    [InlineData(FaultKind.TooManyRequests)]
    [InlineData(FaultKind.TooLargeHtml)]
    [InlineData(FaultKind.MessageGone)]
    public async Task After_a_refusal_nothing_is_looked_for(FaultKind kind)
    {
        using var store = Store();
        _standIn.Fail(kind, "sendDocument");
        await Assert.ThrowsAsync<ChunkStoreException>(() => store.PutAsync(StandIn.Document(1000), CancellationToken.None));

        _time.Advance(PostIntents.Late + TimeSpan.FromSeconds(1));
        var search = SearchIn(store);
        Assert.True(await search.RunAsync(CancellationToken.None));

        Assert.Equal(0, await search.CountAsync(CancellationToken.None));
        Assert.Equal(0, _standIn.Server.Counters.Of("forwardMessage"));
    }

    [Fact(Timeout = 60_000)]
    public async Task Notes_of_what_was_posted_go_and_those_of_what_was_found_too()
    {
        using var store = Store();
        for (var seed = 1; seed <= 20; seed++)
            await PutAsync(store, seed);
        var search = SearchIn(store);
        Assert.Equal(20, await search.CountAsync(CancellationToken.None));

        _time.Advance(PostIntents.ToRecord + TimeSpan.FromSeconds(1));
        Assert.True(await search.RunAsync(CancellationToken.None));
        Assert.Equal(0, await search.CountAsync(CancellationToken.None));

        Assert.Equal(0, _standIn.Server.Counters.Of("forwardMessage"));
    }

    [Fact(Timeout = 60_000)]
    public async Task What_a_process_that_ended_posted_last_goes_where_no_row_names_it_and_nothing_is_looked_at()
    {
        var first = StandIn.Document(1000, 1);
        using (var ended = Store())
        {
            await PutAsync(ended, 2);
            await ended.PutAsync(first, CancellationToken.None);
            // Some of these are not among the newest.
            for (var seed = 3; seed <= 40; seed++)
                await PutAsync(ended, seed);
            await SearchIn(ended).EndAsync(CancellationToken.None);
        }

        using var store = Store();
        _time.Advance(PostIntents.Late + TimeSpan.FromSeconds(1));
        var search = SearchIn(store);
        Assert.True(await search.RunAsync(CancellationToken.None));

        Assert.Equal(_named.Messages, LiveMessages);
        Assert.Equal(0, await search.CountAsync(CancellationToken.None));
        Assert.Equal(0, _standIn.Server.Counters.Of("forwardMessage"));
        Assert.Empty(await _discarded.ListAsync(CancellationToken.None).ToListAsync());
    }

    [Fact(Timeout = 60_000)]
    public async Task A_search_that_is_stopped_leaves_none_of_its_copies()
    {
        using var store = Store();
        await PutAsync(store, 1);
        _standIn.Fail(FaultKind.StoredThenTimeout, "sendDocument", seconds: 0.05);
        await Assert.ThrowsAsync<ChunkStoreException>(() => store.PutAsync(StandIn.Document(1000, 2), CancellationToken.None));
        _time.Advance(PostIntents.Late + TimeSpan.FromSeconds(1));

        // Stopped while the copy that was made to look is deleted.
        _standIn.Fail(FaultKind.Delay, "deleteMessage", seconds: 0.5);
        using var stop = new CancellationTokenSource();
        var search = SearchIn(store);
        var running = search.RunAsync(stop.Token);
        while (_standIn.Server.Counters.Of("deleteMessage") == 0)
            await Task.Yield();
        await stop.CancelAsync();
        await Record.ExceptionAsync(() => running);

        Assert.True(await search.RunAsync(CancellationToken.None));
        Assert.Equal(_named.Messages, LiveMessages);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("sendDocument")]
    [InlineData("forwardMessage")]
    public async Task Copies_that_a_search_left_that_was_killed_are_removed_with_what_they_were_made_of(string method)
    {
        using (var killed = Store())
        {
            var receipt = await PutAsync(killed, 1);
            _standIn.Fail(FaultKind.StoredThenTimeout, method, seconds: 0.05);
            if (method == "forwardMessage")
            {
                _standIn.Fail(FaultKind.MessageGone, "getFile");
                await Assert.ThrowsAsync<ChunkStoreException>(() => killed.ReadAsync(receipt, 0, new byte[10], CancellationToken.None));
            }
            else
            {
                await Assert.ThrowsAsync<ChunkStoreException>(() => killed.PutAsync(StandIn.Document(1000, 2), CancellationToken.None));
            }
        }

        // Each makes a copy of the newest, to see what that is, and deletes it no more: the second one's is a copy of a copy.
        for (var search = 1; search <= 3; search++)
        {
            _time.Advance(PostIntents.Late + TimeSpan.FromSeconds(1));
            await LookAndBeKilledAsync();
            Assert.Equal(2 + search, _standIn.LiveDocuments);
        }

        using var store = Store();
        _time.Advance(PostIntents.Late + TimeSpan.FromSeconds(1));
        await SearchToTheEndAsync(SearchIn(store));

        Assert.Equal(_named.Messages, LiveMessages);
    }

    [Fact(Timeout = 60_000)]
    public async Task Where_reading_the_rows_takes_long_what_has_a_name_is_removed_and_copies_stay()
    {
        using var store = Store();
        var receipt = await PutAsync(store, 1);
        _standIn.Fail(FaultKind.MessageGone, "getFile");
        _standIn.Fail(FaultKind.StoredThenTimeout, "forwardMessage", seconds: 0.05);
        await Assert.ThrowsAsync<ChunkStoreException>(() => store.ReadAsync(receipt, 0, new byte[10], CancellationToken.None));
        var copy = LiveMessages.Last();
        _standIn.Fail(FaultKind.StoredThenTimeout, "sendDocument", seconds: 0.05);
        await Assert.ThrowsAsync<ChunkStoreException>(() => store.PutAsync(StandIn.Document(1000, 2), CancellationToken.None));
        Assert.Equal(3, _standIn.LiveDocuments);
        var search = SearchIn(store);

        _time.Advance(PostIntents.Late + TimeSpan.FromSeconds(1));
        _named.Meanwhile = () => _time.Advance(TimeSpan.FromMinutes(5));
        Assert.True(await search.RunAsync(CancellationToken.None));
        Assert.Equal(_named.Messages.Append(copy), LiveMessages);
        Assert.Equal(TimeSpan.FromMinutes(5), search.ListingTook);

        _named.Meanwhile = () => { };
        Assert.True(await search.RunAsync(CancellationToken.None));
        Assert.Equal(_named.Messages, LiveMessages);
    }

    [Fact(Timeout = 60_000)]
    public async Task However_much_is_posted_before_the_search_can_look_it_looks_at_messages_of_that_time_only()
    {
        using (var killed = Store())
        {
            await PutAsync(killed, 1);
            await killed.PutAsync(StandIn.Document(1000, 2), CancellationToken.None);
        }

        using var store = Store();
        var search = SearchIn(store);
        _time.Advance(PostIntents.Late + TimeSpan.FromSeconds(1));
        _standIn.Fail(FaultKind.ServerError, "forwardMessage");
        Assert.False(await search.RunAsync(CancellationToken.None));
        var before = _standIn.Server.Counters.Of("forwardMessage");
        for (var seed = 100; seed < 200; seed++)
            await store.DeleteAsync(await store.PutAsync(StandIn.Document(1000, seed), CancellationToken.None), CancellationToken.None);
        await SearchToTheEndAsync(search);

        Assert.Equal(_named.Messages, LiveMessages);
        Assert.InRange(_standIn.Server.Counters.Of("forwardMessage") - before, 1, 2 * (PostIntent.Beyond + 2));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_process_knows_from_its_start_on_what_was_posted_before_it()
    {
        using (var earlier = Store())
        {
            for (var seed = 1; seed <= 100; seed++)
                await earlier.DeleteAsync(await earlier.PutAsync(StandIn.Document(1000, seed), default), CancellationToken.None);
            _time.Advance(PostIntents.ToRecord + TimeSpan.FromSeconds(1));
            await SearchIn(earlier).EndAsync(CancellationToken.None);
        }

        using var store = Store();
        _standIn.Fail(FaultKind.StoredThenTimeout, "sendDocument", seconds: 0.05);
        await Assert.ThrowsAsync<ChunkStoreException>(() => store.PutAsync(StandIn.Document(1000, 200), CancellationToken.None));
        _time.Advance(PostIntents.Late + TimeSpan.FromSeconds(1));
        Assert.True(await SearchIn(store).RunAsync(CancellationToken.None));

        Assert.Empty(LiveMessages);
        Assert.InRange(_standIn.Server.Counters.Of("forwardMessage"), 1, PostIntent.Beyond);
    }

    // What a first round saw nothing in is looked at once more; so are the copies that it made itself.
    static async Task SearchToTheEndAsync(OrphanSearch search)
    {
        if (!await search.RunAsync(CancellationToken.None))
            Assert.True(await search.RunAsync(CancellationToken.None));
    }

    // Between the copy and its deletion: the connection is cut, and nothing is recorded any more.
    async Task LookAndBeKilledAsync()
    {
        var deletions = _standIn.Server.Counters.Of("deleteMessage");
        _standIn.Fail(FaultKind.Delay, "deleteMessage", seconds: 600);
        Task search;
        using (var killed = Store(new NoMore()))
        {
            search = new OrphanSearch(_named, new NoMore(), [(killed.Intents, killed)], _time, NullLogger<OrphanSearch>.Instance).RunAsync(
                CancellationToken.None
            );
            while (_standIn.Server.Counters.Of("deleteMessage") == deletions)
                await Task.Yield();
        }

        await Assert.ThrowsAsync<InvalidOperationException>(() => search);
    }

    IEnumerable<int> LiveMessages =>
        _standIn.Server.Documents.Where(document => !document.IsDeleted).Select(document => document.MessageId).Order();

    TelegramChunkStore Store(IDiscardedDocuments? discarded = null) =>
        new(_standIn.Settings(), _time, NullLogger<TelegramChunkStore>.Instance, _rows, isAlone: true)
        {
            Discarded = discarded ?? _discarded,
        };

    OrphanSearch SearchIn(TelegramChunkStore store) =>
        new(_named, _discarded, [(store.Intents, store)], _time, NullLogger<OrphanSearch>.Instance);

    async Task<ChunkReceipt> PutAsync(TelegramChunkStore store, int seed)
    {
        var receipt = await store.PutAsync(StandIn.Document(1000, seed), CancellationToken.None);
        _named.Messages.Add(receipt.MessageId);
        return receipt;
    }

    /// <summary>Of a process that is gone.</summary>
    sealed class NoMore : IDiscardedDocuments
    {
        public Task AddAsync(ChunkReceipt receipt, CancellationToken cancellationToken) => throw new InvalidOperationException();

        public Task RemoveAsync(ChunkReceipt receipt, CancellationToken cancellationToken) => throw new InvalidOperationException();

        public IAsyncEnumerable<ChunkReceipt> ListAsync(CancellationToken cancellationToken) => throw new InvalidOperationException();
    }

    /// <summary>Rows that name these.</summary>
    sealed class Named : INamedDocuments
    {
        public List<int> Messages { get; } = [];

        public Action Meanwhile { get; set; } = () => { };

        public IAsyncEnumerable<NamedDocument> ListAsync(CancellationToken cancellationToken)
        {
            Meanwhile();
            return Messages
                .Select(message => new NamedDocument(StandIn.FirstChannel, message, DocumentUse.InUse, "a test"))
                .ToAsyncEnumerable();
        }
    }
}
