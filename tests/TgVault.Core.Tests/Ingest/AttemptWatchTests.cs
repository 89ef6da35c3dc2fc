using TgVault.Core.Ingest;
using TgVault.Core.Staging;
using TgVault.Core.Tests.Engine;
using TgVault.Core.Tests.Videos;
using TgVault.Core.Videos;
using TgVault.Testing;

namespace TgVault.Core.Tests.Ingest;

public sealed class AttemptWatchTests
{
    readonly Signal _changes = new();
    readonly WatchedTime _time;
    readonly HookedLibrary _library;
    readonly MemoryStaging _staging;
    readonly Video _video = Lives.Video(VideoStatus.Ingesting, IngestStage.Preparing);

    public AttemptWatchTests()
    {
        _time = new WatchedTime(_changes);
        _library = new HookedLibrary(_changes);
        _staging = new MemoryStaging(_time);
        // The first blob of this staging has the version that the row names.
        Assert.Equal(_video.Upload.Source!.ETag, _staging.Put(StagingArea.Uploads, _video.Upload.Source.Name, new byte[77]).ETag);
    }

    [Theory(Timeout = 10_000)]
    [InlineData(VideoStatus.Deleting, 1)]
    [InlineData(VideoStatus.Failed, 1)]
    [InlineData(VideoStatus.Ingesting, 2)]
    public async Task A_step_is_ended_when_its_attempt_is_over(VideoStatus status, int attempt)
    {
        var run = await RunAsync(Endless, CancellationToken.None);

        await ChangeAsync(video => video with { Life = video.Life.With(status: status, attempt: attempt) });
        Assert.False(run.IsCompleted);
        _time.Advance(AttemptWatch.Interval);

        await Assert.ThrowsAsync<AttemptAbandonedException>(() => run);
    }

    [Theory(Timeout = 10_000)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_step_is_ended_when_its_upload_is_replaced_or_gone(bool isReplaced)
    {
        var run = await RunAsync(Endless, CancellationToken.None);
        var upload = _video.Upload.Source!;

        if (isReplaced)
            _staging.Put(StagingArea.Uploads, upload.Name, new byte[78]);
        else
            await _staging.DeleteAsync(upload, CancellationToken.None);
        Assert.False(run.IsCompleted);
        _time.Advance(AttemptWatch.Interval);

        await Assert.ThrowsAsync<StagedBlobChangedException>(() => run);
    }

    [Fact(Timeout = 10_000)]
    public async Task However_the_step_takes_its_end()
    {
        var run = await RunAsync(
            async ending =>
            {
                try
                {
                    return await Endless(ending);
                }
                catch (OperationCanceledException)
                {
                    throw new MediaException("ffmpeg was killed");
                }
            },
            CancellationToken.None
        );

        await ChangeAsync(video => VideoLife.Remove(video, _time.GetUtcNow()));
        _time.Advance(AttemptWatch.Interval);

        await Assert.ThrowsAsync<AttemptAbandonedException>(() => run);
    }

    [Fact(Timeout = 10_000)]
    public async Task A_row_that_cannot_be_read_in_time_is_looked_at_again()
    {
        var reads = 0;
        _library.BeforeFind = _ =>
        {
            var read = Interlocked.Increment(ref reads);
            _changes.Raise();
            return read == 1 ? throw new TaskCanceledException("too long")
                : read == 2 ? throw new InvalidOperationException("broken")
                : Task.CompletedTask;
        };
        var run = await RunAsync(Endless, CancellationToken.None);
        _time.Advance(AttemptWatch.Interval);
        await _changes.UntilAsync(() => Volatile.Read(ref reads) == 1);
        _time.Advance(AttemptWatch.Interval);
        await _changes.UntilAsync(() => Volatile.Read(ref reads) == 2);

        await _library.RemoveAsync(_video.Id, CancellationToken.None);
        _time.Advance(AttemptWatch.Interval);

        await Assert.ThrowsAsync<AttemptAbandonedException>(() => run);
    }

    [Fact(Timeout = 10_000)]
    public async Task A_step_that_ends_ends_the_watch()
    {
        var goOn = new TaskCompletionSource<StepOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        var run = await RunAsync(_ => goOn.Task, CancellationToken.None);

        goOn.SetResult(StepOutcome.Planned(7, 2));

        Assert.Equal(StepOutcome.Planned(7, 2), await run);
        var reads = 0;
        _library.BeforeFind = _ =>
        {
            Interlocked.Increment(ref reads);
            return Task.CompletedTask;
        };
        _time.Advance(AttemptWatch.Interval * 3);
        Assert.Equal(0, Volatile.Read(ref reads));
    }

    [Fact(Timeout = 10_000)]
    public async Task A_step_that_is_stopped_is_not_an_abandoned_one()
    {
        using var stopping = new CancellationTokenSource();
        var run = await RunAsync(Endless, stopping.Token);

        await stopping.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
    }

    /// <summary>The watched step, begun; what it needs is in the row.</summary>
    async Task<Task<StepOutcome>> RunAsync(Func<CancellationToken, Task<StepOutcome>> step, CancellationToken stopping)
    {
        await _library.TryAddAsync(_video, CancellationToken.None);
        return AttemptWatch.RunAsync(_library, _staging, new IngestRun(_video.Id, 1), _time, step, stopping);
    }

    async Task ChangeAsync(Func<Video, Video?> change) =>
        await _library.TryReplaceAsync(change(_library.Show(_video.Id)!)!, CancellationToken.None);

    static async Task<StepOutcome> Endless(CancellationToken ending)
    {
        await Task.Delay(Timeout.Infinite, ending);
        return StepOutcome.Done;
    }
}
