using TgVault.Core.Settings;
using TgVault.Core.Tests.Telegram;
using TgVault.Core.Videos;
using TgVault.Core.Waiting;
using TgVault.Testing;

namespace TgVault.Core.Tests.Waiting;

/// <summary>How long storing takes, said before anything is sent.</summary>
public sealed class StoringTimesTests : IAsyncLifetime
{
    const long GiB = 1L << 30;

    readonly MemoryLibrary _library = new();
    StandIn _standIn = null!;

    public async Task InitializeAsync() => _standIn = await StandIn.StartAsync();

    public Task DisposeAsync() => _standIn.DisposeAsync().AsTask();

    [Fact(Timeout = 30_000)]
    public async Task It_is_as_many_messages_as_its_chunks_at_the_pace_of_all_bots()
    {
        Assert.InRange((await FindAsync(18, GiB, StandIn.FirstToken))!.Value.TotalMinutes, 14, 15);
        Assert.InRange((await FindAsync(18, GiB, StandIn.FirstToken, StandIn.SecondToken))!.Value.TotalMinutes, 7, 7.5);
        Assert.Null(await FindAsync(0, GiB, StandIn.FirstToken));
    }

    [Fact(Timeout = 30_000)]
    public async Task What_is_stored_now_goes_before()
    {
        var before = await FindAsync(18, GiB, StandIn.FirstToken);
        await _library.TryAddAsync(
            new Video
            {
                Id = VideoId.New(DateTimeOffset.UnixEpoch),
                Details = new VideoDetails { Name = "a" },
                Upload = new VideoUpload { SizeBytes = GiB, ContentType = "video/mp4" },
                Life = VideoLife.Announced.With(VideoStatus.Ingesting, IngestStage.Preparing),
                Updated = DateTimeOffset.UnixEpoch,
            },
            CancellationToken.None
        );

        Assert.InRange((await FindAsync(18, GiB, StandIn.FirstToken))!.Value / before!.Value, 1.9, 2.1);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_bot_that_has_to_wait_long_is_left_out_of_it()
    {
        _standIn.Fail(BotApi.Faults.FaultKind.TooManyRequests, "sendDocument", retryAfter: 36_000);
        using var store = StandIn.Store(Paced(18, StandIn.FirstToken, StandIn.SecondToken));
        await Assert.ThrowsAsync<ChunkStoreException>(() => store.PutAsync(StandIn.Document(10), CancellationToken.None));

        Assert.InRange(store.TimeFor(180).TotalMinutes, 9.9, 10.1);
        // With so many it is worth waiting for.
        Assert.InRange(store.TimeFor(18 * 60 * 20).TotalHours, 14.9, 15.1);
    }

    TelegramSettings Paced(int messagesPerMinute, params string[] tokens) =>
        _standIn.Settings(tokens) with
        {
            MessagesPerMinute = messagesPerMinute,
        };

    async Task<TimeSpan?> FindAsync(int messagesPerMinute, long sizeBytes, params string[] tokens)
    {
        using var store = StandIn.Store(Paced(messagesPerMinute, tokens));
        using var times = new StoringTimes(_library, store, new ChunkSettings(), TimeProvider.System);
        return await times.FindAsync(sizeBytes, CancellationToken.None);
    }
}
