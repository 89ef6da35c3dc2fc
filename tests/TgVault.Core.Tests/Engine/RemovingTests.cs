using TgVault.Core.Ingest;
using TgVault.Core.Library;
using TgVault.Core.Upkeep;
using TgVault.Core.Videos;

namespace TgVault.Core.Tests.Engine;

/// <summary>Removals on one machine: they end what still runs, without waiting for what it waits for.</summary>
public sealed class RemovingTests
{
    [Fact(Timeout = 30_000)]
    public async Task A_removal_during_a_flood_wait_needs_no_time_and_leaves_nothing()
    {
        await using var bench = new RunnerBench();
        var id = await bench.UploadAsync(chunks: 3);
        bench.Send.Scripts[id] = (run, ordinal, stopping) =>
            ordinal == 1 ? bench.FloodAsync(run, ordinal, stopping) : bench.Send.Usual(run, ordinal, stopping);
        await bench.StartAsync();
        await bench.UntilAsync(() => bench.Time.WaitsOf(RunnerBench.FloodWait) == 1 && bench.Store.Count == 2);
        var began = bench.Now;

        await bench.Runner.RemoveAsync(id, CancellationToken.None);
        await bench.UntilGoneAsync(id);

        Assert.Equal(began, bench.Now);
        Assert.Equal(0, bench.Store.Count);
        Assert.Null(await bench.Staging.FindAsync(StagingArea.Uploads, id.ToString(), CancellationToken.None));
        Assert.Empty(bench.Logged);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_removal_that_waits_for_a_step_holds_no_place()
    {
        await using var bench = new RunnerBench(videos: 1);
        var goOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var stubborn = await bench.UploadAsync();
        bench.Prepare.Scripts[stubborn] = async (_, _, _) =>
        {
            await goOn.Task;
            return StepOutcome.Done;
        };
        var other = await bench.AnnounceAsync();
        await bench.StartAsync();
        await bench.UntilAsync(() => bench.Prepare.CountOf(stubborn) == 1);

        await bench.Runner.RemoveAsync(stubborn, CancellationToken.None);
        await bench.PassAsync(AttemptWatch.Interval);
        await bench.Runner.RemoveAsync(other, CancellationToken.None);
        await bench.UntilGoneAsync(other);
        Assert.NotNull(bench.Library.Show(stubborn));
        goOn.SetResult();
        await bench.UntilGoneAsync(stubborn);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_removal_of_an_upload_that_waits_for_a_place_needs_no_time()
    {
        await using var bench = new RunnerBench(videos: 1);
        var first = await bench.UploadAsync();
        bench.Send.Scripts[first] = bench.FloodAsync;
        await bench.StartAsync();
        await bench.UntilAsync(() => bench.Time.WaitsOf(RunnerBench.FloodWait) == 1);
        var second = await bench.UploadAsync(chunks: 3);
        await bench.PassAsync(TimeSpan.FromSeconds(1));
        await bench.UntilAsync(() => bench.Library.Show(second)?.Life.Progress is not null);

        await bench.Runner.RemoveAsync(second, CancellationToken.None);
        await bench.UntilGoneAsync(second);

        Assert.Equal(IngestStage.Sending, bench.Library.Show(first)!.Life.Stage);
        Assert.Equal(0, bench.Store.Count);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_removal_that_the_store_makes_wait_is_not_tried_before()
    {
        await using var bench = new RunnerBench();
        var id = await bench.AddReadyAsync(isRecorded: true);
        var tries = 0;
        bench.Store.BeforeDelete = (_, _) =>
            Interlocked.Increment(ref tries) == 1
                ? throw new ChunkStoreException(ChunkStoreFailure.Transient, "flood", TimeSpan.FromMinutes(30))
                : Task.CompletedTask;
        await bench.StartAsync();

        await bench.Runner.RemoveAsync(id, CancellationToken.None);
        await bench.UntilAsync(() => Volatile.Read(ref tries) == 1);
        await bench.RestAsync(id);
        await bench.PassAsync(TimeSpan.FromMinutes(29));
        await bench.RestAsync(id);
        Assert.Equal(1, tries);
        await bench.PassAsync(TimeSpan.FromMinutes(1));
        await bench.UntilGoneAsync(id);

        Assert.Equal(2, tries);
    }

    [Fact(Timeout = 30_000)]
    public async Task The_trash_keeps_a_video_for_its_time_and_no_longer_than_a_day_after()
    {
        await using var bench = new RunnerBench();
        var (kept, over, restored) = (
            await bench.AddReadyAsync(isRecorded: true),
            await bench.AddReadyAsync(isRecorded: true),
            await bench.AddReadyAsync(isRecorded: true)
        );
        await TrashAsync(kept, days: 3);
        await TrashAsync(over, days: 1);
        await TrashAsync(restored, days: 1);
        await bench.Library.ChangeAsync(restored, video => VideoLife.Untrash(video, bench.Now), CancellationToken.None);
        await bench.StartAsync();
        await bench.RestAsync(over);
        Assert.Equal(VideoStatus.Trashed, bench.Library.Show(over)!.Life.Status);

        await bench.PassAsync(AbandonedUploads.Interval);
        await bench.UntilGoneAsync(over);

        Assert.Equal(VideoStatus.Trashed, bench.Library.Show(kept)!.Life.Status);
        Assert.Equal(VideoStatus.Ready, bench.Library.Show(restored)!.Life.Status);

        Task TrashAsync(VideoId id, int days) =>
            bench.Library.ChangeAsync(id, video => VideoLife.Trash(video, bench.Now.AddDays(days), bench.Now), CancellationToken.None);
    }

    [Fact(Timeout = 30_000)]
    public async Task What_comes_to_the_upload_url_of_a_ready_or_a_removed_video_makes_none()
    {
        await using var bench = new RunnerBench();
        var stored = await bench.AddReadyAsync(isRecorded: true);
        var removed = VideoId.New(bench.Now);
        bench.Staging.Put(StagingArea.Uploads, stored.ToString(), new byte[100]);
        bench.Staging.Put(StagingArea.Uploads, removed.ToString(), new byte[100]);
        await bench.StartAsync();

        await bench.PassAsync(TimeSpan.FromDays(6));
        Assert.Equal([removed.ToString()], await UploadsAsync());
        await bench.PassAsync(TimeSpan.FromDays(2));
        await bench.PassAsync(TimeSpan.FromDays(1));

        Assert.Empty(await UploadsAsync());
        Assert.Equal(
            [stored],
            (await bench.Library.ListAsync(new VideoQuery(null, null, 10, null), default)).Videos.Select(video => video.Id)
        );

        async Task<List<string>> UploadsAsync() => await bench.Staging.ListUploadsAsync(default).Select(blob => blob.Name).ToListAsync();
    }

    [Theory(Timeout = 30_000)]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Steps_that_never_end_stop_no_other_upload_and_end_when_their_video_is_removed(int which)
    {
        await using var bench = new RunnerBench(videos: 2);
        var endless = new[] { await bench.UploadAsync(), await bench.UploadAsync() };
        var ended = 0;
        foreach (var id in endless)
            bench.Prepare.Scripts[id] = async (_, _, stopping) =>
            {
                bench.Staging.Put(StagingArea.Prepared, $"{id}/1/film", [1, 2, 3]);
                try
                {
                    await Task.Delay(Timeout.Infinite, stopping);
                }
                finally
                {
                    Interlocked.Increment(ref ended);
                }

                return StepOutcome.Done;
            };
        await bench.StartAsync();
        await bench.UntilAsync(() => endless.All(id => bench.Prepare.CountOf(id) == 1));

        var third = await bench.UploadAsync();
        await bench.PassAsync(TimeSpan.FromSeconds(1));
        await bench.UntilDoneAsync(third);
        Assert.Equal(0, ended);
        await bench.Runner.RemoveAsync(endless[which], CancellationToken.None);
        bench.Time.Advance(AttemptWatch.Interval);
        await bench.UntilGoneAsync(endless[which]);

        Assert.Equal(1, ended);
        var left = endless[1 - which];
        Assert.Equal([$"{left}/1/film"], await bench.Staging.ListPreparedAsync("", default).Select(blob => blob.Name).ToListAsync());
        Assert.Equal([left.ToString()], await bench.Staging.ListUploadsAsync(default).Select(blob => blob.Name).ToListAsync());
        Assert.Equal((VideoStatus.Ingesting, IngestStage.Preparing), (Life(bench, left).Status, Life(bench, left).Stage));
    }

    static VideoLife Life(RunnerBench bench, VideoId id) => bench.Library.Show(id)!.Life;
}
