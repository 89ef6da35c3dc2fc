using Microsoft.Extensions.Time.Testing;
using TgVault.Core.Staging;
using TgVault.Core.Telegram;
using TgVault.Core.Videos;
using TgVault.Core.Waiting;
using TgVault.Testing;

namespace TgVault.Core.Tests.Waiting;

/// <summary>What a video waits for, put together from where it is known.</summary>
public sealed class VideoWaitsTests : IWorkTurns, ITelegramStatus, IDisposable
{
    readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 29, 12, 0, 0, TimeSpan.Zero));
    readonly Arrived _staging = new();
    readonly VideoWaits _waits;
    (int, DateTimeOffset)? _place;
    TimeSpan[] _paused = [TimeSpan.Zero];

    public VideoWaitsTests() => _waits = new VideoWaits(_staging, this, this, _time);

    DateTimeOffset Now => _time.GetUtcNow();

    public IReadOnlyList<LaneStatus> Lanes => [.. _paused.Select(paused => new LaneStatus(1, -1, paused))];

    [Theory(Timeout = 10_000)]
    [InlineData(null)]
    [InlineData(0L)]
    [InlineData(110L)]
    [InlineData(5000L)]
    public async Task An_upload_that_has_not_arrived_is_waited_for_and_measured(long? arrived)
    {
        _staging.Bytes = arrived;

        var wait = await FindAsync(VideoStatus.Waiting);

        Assert.Equal(WaitCause.Upload, wait!.Why);
        // Never more than there are: what was sent twice counts twice.
        Assert.Equal(arrived is null ? null : Math.Min(arrived.Value, 1000), wait.BytesDone);
    }

    [Fact(Timeout = 10_000)]
    public async Task An_upload_is_measured_once_a_second_however_many_look()
    {
        var video = Video(VideoStatus.Waiting, null);
        for (var i = 0; i < 10; i++)
            await _waits.FindAsync(video, CancellationToken.None);
        _time.Advance(TimeSpan.FromSeconds(2));
        await _waits.FindAsync(video, CancellationToken.None);

        Assert.Equal(2, _staging.Asked);
    }

    [Fact(Timeout = 10_000)]
    public async Task What_its_row_tells_goes_before_the_rest_until_it_is_over()
    {
        _place = (3, Now);
        var noted = new VideoWait(WaitCause.TelegramUnreachable, Now, Now.AddSeconds(15), "It could not be reached.");

        Assert.Equal(noted, await FindAsync(VideoStatus.Ingesting, noted));
        // It is tried again then, and tries take a while.
        _time.Advance(TimeSpan.FromSeconds(15) + VideoWaits.Trying);
        Assert.Equal(noted, await FindAsync(VideoStatus.Ingesting, noted));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal((WaitCause.Place, 3), await FindAsync(VideoStatus.Ingesting, noted) is { } wait ? (wait.Why, wait.Ahead) : default);
    }

    [Fact(Timeout = 10_000)]
    public async Task A_flood_wait_of_all_lanes_is_told_and_one_of_a_few_is_not()
    {
        _paused = [TimeSpan.FromSeconds(12), TimeSpan.Zero];
        Assert.Null(await FindAsync(VideoStatus.Ingesting));
        _paused = [TimeSpan.FromSeconds(12), TimeSpan.FromSeconds(30)];

        var wait = await FindAsync(VideoStatus.Ingesting);

        Assert.Equal((WaitCause.FloodWait, Now.AddSeconds(12)), (wait!.Why, wait.Until!.Value));
    }

    [Theory(Timeout = 10_000)]
    [InlineData(VideoStatus.Ready)]
    [InlineData(VideoStatus.Failed)]
    [InlineData(VideoStatus.Trashed)]
    [InlineData(VideoStatus.Deleting)]
    public async Task What_is_over_waits_for_nothing(VideoStatus status)
    {
        (_place, _paused) = ((0, Now), [TimeSpan.FromHours(1)]);

        Assert.Null(await FindAsync(status, new VideoWait(WaitCause.Storage, Now, null, "Full.")));
    }

    public (int Ahead, DateTimeOffset Since)? PlaceOf(VideoId id) => _place;

    public TimeSpan TimeFor(long messages) => TimeSpan.Zero;

    public Task<IReadOnlyList<string>> CheckAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<string>>([]);

    public void Dispose() => _waits.Dispose();

    ValueTask<VideoWait?> FindAsync(VideoStatus status, VideoWait? noted = null) =>
        _waits.FindAsync(Video(status, noted), CancellationToken.None);

    static Video Video(VideoStatus status, VideoWait? noted) =>
        new()
        {
            Id = VideoId.New(DateTimeOffset.UnixEpoch),
            Details = new VideoDetails { Name = "a" },
            Upload = new VideoUpload { SizeBytes = 1000 },
            Life = VideoLife.Restored(status, IngestStage.Sending, 1, null, null, waiting: noted),
        };

    /// <summary>Says how much has arrived, and counts who asks.</summary>
    sealed class Arrived() : MemoryStaging(TimeProvider.System), IStaging
    {
        public long? Bytes { get; set; } = 0;

        public int Asked { get; private set; }

        public Task<long?> MeasureUploadAsync(VideoId id, CancellationToken cancellationToken)
        {
            Asked++;
            return Task.FromResult(Bytes);
        }
    }
}
