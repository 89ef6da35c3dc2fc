using Microsoft.Extensions.Time.Testing;
using TgVault.BotApi;
using TgVault.BotApi.Faults;
using TgVault.Core.Chunks;
using TgVault.Core.Telegram;

namespace TgVault.Core.Tests.Telegram;

/// <summary>What becomes of each thing that goes wrong between the vault and Telegram.</summary>
public sealed class TelegramFaultTests : IAsyncLifetime
{
    readonly ChunkDocument _document = StandIn.Document(200_000);
    StandIn _standIn = null!;

    public async Task InitializeAsync() => _standIn = await StandIn.StartAsync();

    public Task DisposeAsync() => _standIn.DisposeAsync().AsTask();

    [Theory(Timeout = 30_000)]
    [InlineData(FaultKind.TooManyRequests, 7)]
    [InlineData(FaultKind.TooManyRequestsAs400, 15)]
    [InlineData(FaultKind.TooManyRequests, 10_072)]
    [InlineData(FaultKind.ServerError, null)]
    [InlineData(FaultKind.BadGateway, null)]
    [InlineData(FaultKind.BadGatewayHtml, null)]
    [InlineData(FaultKind.StoredThenTimeout, null)]
    public async Task Passing_trouble_while_sending_is_transient_with_the_wait_it_names(FaultKind kind, int? seconds)
    {
        _standIn.Fail(kind, "sendDocument", retryAfter: seconds ?? 1, seconds: 0.05);
        using var store = _standIn.Store();

        var failure = await Assert.ThrowsAsync<ChunkStoreException>(() => store.PutAsync(_document, CancellationToken.None));

        Assert.Equal(ChunkStoreFailure.Transient, failure.Failure);
        Assert.Equal(seconds is { } wait ? TimeSpan.FromSeconds(wait) : null, failure.RetryAfter);
        AssertSaysNoSecret(failure);
    }

    [Fact(Timeout = 30_000)]
    public async Task After_a_long_wait_was_asked_for_the_next_message_is_refused_without_asking_again()
    {
        _standIn.Fail(FaultKind.TooManyRequests, "sendDocument", retryAfter: 600);
        using var store = _standIn.Store();
        await Assert.ThrowsAsync<ChunkStoreException>(() => store.PutAsync(_document, CancellationToken.None));

        var failure = await Assert.ThrowsAsync<ChunkStoreException>(() => store.PutAsync(_document, CancellationToken.None));

        Assert.InRange(failure.RetryAfter!.Value.TotalSeconds, 500, 600);
        Assert.Equal(1, _standIn.Server.Counters.Of("sendDocument"));
    }

    [Fact(Timeout = 30_000)]
    public async Task While_one_bot_must_wait_another_sends()
    {
        _standIn.Server.Faults.Add(
            new Fault
            {
                Kind = FaultKind.TooManyRequests,
                Bot = StandIn.FirstBot,
                RetryAfterSeconds = 600,
            }
        );
        using var store = _standIn.Store(StandIn.FirstToken, StandIn.SecondToken);
        await Assert.ThrowsAsync<ChunkStoreException>(() => store.PutAsync(_document, CancellationToken.None));

        for (var i = 0; i < 3; i++)
            Assert.Equal(StandIn.SecondBot, (await store.PutAsync(_document, CancellationToken.None)).BotId);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_document_that_one_bot_may_not_post_for_long_is_to_be_asked_for_again_at_once_where_another_may()
    {
        _standIn.Fail(FaultKind.TooManyRequests, "sendDocument", retryAfter: 600);
        using var store = _standIn.Store(StandIn.FirstToken, StandIn.SecondToken);

        var failure = await Assert.ThrowsAsync<ChunkStoreException>(() => store.PutAsync(_document, CancellationToken.None));

        Assert.Equal(TimeSpan.Zero, failure.RetryAfter);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_channel_with_as_many_messages_as_it_may_have_gets_no_more_but_the_catalogue()
    {
        var settings = _standIn.Settings() with { Channels = [StandIn.FirstChannel, StandIn.SecondChannel], MessagesPerChannel = 6 };
        using var store = StandIn.Store(settings);
        // Posted in turns, so that both are full after so many.
        var posted = new List<ChunkReceipt>();
        await Assert.ThrowsAsync<ChunkStoreException>(async () =>
        {
            while (true)
                posted.Add(await store.PutAsync(_document, CancellationToken.None));
        });

        Assert.Equal([5, 5], posted.CountBy(receipt => receipt.ChatId).Select(count => count.Value));
        Assert.Equal(6, posted.Max(receipt => receipt.MessageId));
        var pinned = await store.PutAsync(_document with { IsForPinning = true }, CancellationToken.None);
        Assert.Equal(StandIn.FirstChannel, pinned.ChatId);
        Assert.Contains("MessagesPerChannel", Assert.Single(await store.CheckAsync(CancellationToken.None)), StringComparison.Ordinal);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_bot_that_is_to_wait_before_it_asks_for_files_asks_for_none_until_then()
    {
        using var store = _standIn.Store();
        var (first, second) = (
            await store.PutAsync(_document, CancellationToken.None),
            await store.PutAsync(_document, CancellationToken.None)
        );
        _standIn.Fail(FaultKind.TooManyRequests, "getFile", retryAfter: 600);

        var asked = await FailureOf(first);
        var refused = await FailureOf(second);

        Assert.Equal(TimeSpan.FromSeconds(600), asked.RetryAfter);
        Assert.InRange(refused.RetryAfter!.Value.TotalSeconds, 500, 600);
        Assert.Equal(1, _standIn.Server.Counters.Of("getFile"));

        Task<ChunkStoreException> FailureOf(ChunkReceipt receipt) =>
            Assert.ThrowsAsync<ChunkStoreException>(() => store.ReadAsync(receipt, 0, new byte[10], CancellationToken.None));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_message_stored_without_an_answer_leaves_an_orphan_and_a_transient_failure()
    {
        _standIn.Fail(FaultKind.StoredThenTimeout, "sendDocument");
        using var store = StandIn.Store(_standIn.Settings() with { TimeoutSeconds = 1 });

        var failure = await Assert.ThrowsAsync<ChunkStoreException>(() => store.PutAsync(_document, CancellationToken.None));

        Assert.Equal(ChunkStoreFailure.Transient, failure.Failure);
        Assert.Equal(1, _standIn.LiveDocuments);
        AssertSaysNoSecret(failure);
    }

    [Theory(Timeout = 30_000)]
    [InlineData(FaultKind.TruncatedBody)]
    [InlineData(FaultKind.BadGatewayHtml)]
    public async Task A_download_that_breaks_off_is_transient_and_works_the_next_time(FaultKind kind)
    {
        using var store = _standIn.Store();
        var receipt = await store.PutAsync(_document, CancellationToken.None);
        _standIn.Fail(kind, Fault.FileGet);

        var failure = await Assert.ThrowsAsync<ChunkStoreException>(() => ReadAsync(store, receipt));
        var read = await ReadAsync(store, receipt);

        Assert.Equal(ChunkStoreFailure.Transient, failure.Failure);
        Assert.Equal(_document.Content.ToArray(), read);
        AssertSaysNoSecret(failure);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_download_that_stalls_is_given_up_and_works_the_next_time()
    {
        using var store = _standIn.Store();
        using var impatient = _standIn.Impatient();
        var receipt = await store.PutAsync(_document, CancellationToken.None);
        // So that what stalls is the download, not getFile.
        await ReadAsync(impatient, receipt);
        _standIn.Server.Faults.BytesPerSecond = 1;

        var failure = await Assert.ThrowsAsync<ChunkStoreException>(() => ReadAsync(impatient, receipt));
        _standIn.Server.Faults.Clear();

        Assert.Equal(ChunkStoreFailure.Transient, failure.Failure);
        Assert.Contains("stalled", failure.Message, StringComparison.Ordinal);
        Assert.Equal(_document.Content.ToArray(), await ReadAsync(store, receipt));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_range_that_is_ignored_is_found_in_the_whole_document()
    {
        using var store = _standIn.Store();
        var receipt = await store.PutAsync(_document, CancellationToken.None);
        _standIn.Fail(FaultKind.RangeIgnored);

        var read = new byte[1000];
        await store.ReadAsync(receipt, 150_001, read, CancellationToken.None);

        Assert.Equal(_document.Content.Slice(150_001, 1000).ToArray(), read);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_flipped_bit_is_delivered_since_opening_is_the_callers_duty()
    {
        using var store = _standIn.Store();
        var receipt = await store.PutAsync(_document, CancellationToken.None);
        _standIn.Fail(FaultKind.FlippedBit);

        var read = await ReadAsync(store, receipt);

        Assert.Equal(1, read.Zip(_document.Content.ToArray()).Count(pair => pair.First != pair.Second));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_link_is_asked_for_once_and_renewed_when_it_died()
    {
        using var store = _standIn.Store();
        var receipt = await store.PutAsync(_document, CancellationToken.None);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => ReadAsync(store, receipt)));
        Assert.Equal(1, _standIn.Server.Counters.Of("getFile"));

        _standIn.Server.Clock.Advance(TimeSpan.FromMinutes(61));
        var read = await ReadAsync(store, receipt);

        Assert.Equal(_document.Content.ToArray(), read);
        Assert.Equal(2, _standIn.Server.Counters.Of("getFile"));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_document_of_a_bot_that_is_gone_is_healed_once_by_another_and_no_copy_stays()
    {
        ChunkReceipt receipt;
        using (var before = _standIn.Store(StandIn.FirstToken))
            receipt = await before.PutAsync(_document, CancellationToken.None);
        using var store = _standIn.Store(StandIn.SecondToken);

        var reads = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => ReadAsync(store, receipt)));
        await ReadAsync(store, receipt);

        Assert.All(reads, read => Assert.Equal(_document.Content.ToArray(), read));
        Assert.Equal(1, _standIn.Server.Counters.Of("forwardMessage"));
        Assert.Equal(1, _standIn.LiveDocuments);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_file_id_that_stays_unavailable_is_healed_but_not_at_its_first_failure()
    {
        using var other = _standIn.Store(StandIn.SecondToken);
        // What Telegram says of a dead id it says of another bot's too.
        var receipt = await other.PutAsync(_document, CancellationToken.None) with
        {
            BotId = StandIn.FirstBot,
        };
        using var store = _standIn.Store();

        for (var attempt = 0; attempt < 2; attempt++)
            Assert.Equal(
                ChunkStoreFailure.Transient,
                (await Assert.ThrowsAsync<ChunkStoreException>(() => ReadAsync(store, receipt))).Failure
            );
        Assert.Equal(0, _standIn.Server.Counters.Of("forwardMessage"));

        Assert.Equal(_document.Content.ToArray(), await ReadAsync(store, receipt));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_message_that_is_gone_is_said_to_be_gone_and_looked_for_once_a_minute()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        using var store = StandIn.Store(_standIn.Settings(), time);
        var receipt = await store.PutAsync(_document, CancellationToken.None);
        _standIn.Server.Lose(receipt.ChatId, receipt.MessageId, bytesToo: true);

        ChunkStoreException? last = null;
        for (var attempt = 0; attempt < 3; attempt++)
            last = await Assert.ThrowsAsync<ChunkStoreException>(() => ReadAsync(store, receipt));

        Assert.Equal(ChunkStoreFailure.Gone, last!.Failure);
        // Each look would cost a message; and who is told at once asks again at once.
        var looks = Looks();
        var asking = Enumerable.Range(0, 10).Select(_ => ReadAsync(store, receipt)).ToArray();
        Assert.All(asking, one => Assert.False(one.IsCompleted));
        time.Advance(TimeSpan.FromSeconds(2));
        foreach (var one in asking)
        {
            var again = await Assert.ThrowsAsync<ChunkStoreException>(() => one);
            Assert.Equal((ChunkStoreFailure.Gone, last.Message), (again.Failure, again.Message));
        }

        Assert.Equal(looks, Looks());
        time.Advance(TimeSpan.FromMinutes(1));
        await Assert.ThrowsAsync<ChunkStoreException>(() => ReadAsync(store, receipt));
        Assert.NotEqual(looks, Looks());

        (long, long, long) Looks()
        {
            var counters = _standIn.Server.Counters;
            return (counters.Of("forwardMessage"), counters.Of("getFile"), counters.Of("deleteMessage"));
        }
    }

    [Theory(Timeout = 30_000)]
    [InlineData(0, 1000)]
    [InlineData(90_000, 20_000)]
    [InlineData(150_000, 1000)]
    public async Task A_document_that_was_cut_is_damage_at_once(int offset, int length)
    {
        using var telegram = _standIn.Store();
        var retrying = new RetryingChunkStore(telegram, 6, TimeSpan.FromSeconds(30), TimeProvider.System, () => 0.5);
        var receipt = await retrying.PutAsync(_document, CancellationToken.None);
        _standIn.CutDocuments(100_000);

        var damage = await Assert.ThrowsAsync<IntegrityException>(() =>
            retrying.ReadAsync(receipt, offset, new byte[length], CancellationToken.None)
        );

        Assert.Equal("A document has 100000 bytes in Telegram and had 200000 when it was stored.", damage.Message);
        // Asked for once, and not looked for by forwarding it.
        Assert.Equal((1, 0), (_standIn.Server.Counters.Of("getFile"), _standIn.Server.Counters.Of("forwardMessage")));
    }

    [Fact(Timeout = 30_000)]
    public async Task What_is_older_than_two_days_cannot_be_deleted()
    {
        using var store = _standIn.Store();
        var receipt = await store.PutAsync(_document, CancellationToken.None);
        _standIn.Server.Clock.Advance(TimeSpan.FromHours(49));

        Assert.False(await store.DeleteAsync(receipt, CancellationToken.None));
        Assert.Equal(1, _standIn.LiveDocuments);
    }

    [Fact(Timeout = 30_000)]
    public async Task The_newest_pinned_document_is_found_by_any_bot_with_its_own_file_id()
    {
        using var store = _standIn.Store(StandIn.FirstToken, StandIn.SecondToken);
        var first = await store.PutAsync(_document with { IsForPinning = true }, CancellationToken.None);
        await store.PinAsync(first, null, CancellationToken.None);
        var second = await store.PutAsync(StandIn.Document(5000) with { IsForPinning = true }, CancellationToken.None);
        await store.PinAsync(second, first, CancellationToken.None);
        await store.PinAsync(second, first, CancellationToken.None);

        using var other = _standIn.Store(StandIn.SecondToken);
        var found = await other.FindPinnedAsync(CancellationToken.None);

        Assert.Equal(second.MessageId, found!.MessageId);
        Assert.Equal(StandIn.SecondBot, found.BotId);
        Assert.Equal(5000, found.SealedLengthBytes);
        Assert.Equal(5000, (await ReadAsync(other, found)).Length);
        Assert.Equal(0, _standIn.Server.Counters.Of("forwardMessage"));
    }

    [Fact(Timeout = 30_000)]
    public async Task The_check_names_each_problem_in_plain_words()
    {
        const string Revoked = "333333:AARevokedBotTokenThatNobodyMaySee";
        _standIn.Server.Members.Set(StandIn.SecondBot, StandIn.FirstChannel, BotRights.Member | BotRights.Post);
        using var store = _standIn.Store(StandIn.FirstToken, StandIn.SecondToken, Revoked);

        var problems = await store.CheckAsync(CancellationToken.None);

        Assert.Equal(3, problems.Count);
        Assert.Contains(
            problems,
            problem =>
                problem.Contains("333333", StringComparison.Ordinal)
                && problem.Contains("TgVault__Telegram__Bots", StringComparison.Ordinal)
        );
        Assert.All(problems, problem => Assert.DoesNotContain("NobodyMaySee", problem, StringComparison.Ordinal));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_server_that_is_not_there_is_transient_and_the_failure_holds_no_token()
    {
        var settings = _standIn.Settings() with { BaseUrl = $"http://127.0.0.1:{Testing.Free.Port()}" };
        using var store = StandIn.Store(settings);

        var failure = await Assert.ThrowsAsync<ChunkStoreException>(() => store.PutAsync(_document, CancellationToken.None));

        Assert.Equal(ChunkStoreFailure.Transient, failure.Failure);
        AssertSaysNoSecret(failure);
    }

    static async Task<byte[]> ReadAsync(TelegramChunkStore store, ChunkReceipt receipt)
    {
        var read = new byte[receipt.SealedLengthBytes];
        await store.ReadAsync(receipt, 0, read, CancellationToken.None);
        return read;
    }

    static void AssertSaysNoSecret(Exception failure)
    {
        Assert.DoesNotContain("NobodyMaySee", failure.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("/file/bot", failure.ToString(), StringComparison.Ordinal);
    }
}
