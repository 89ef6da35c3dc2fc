using TgVault.Core.Ingest;
using TgVault.Core.Upkeep;
using TgVault.Core.Videos;

namespace TgVault.Core.Tests.Engine;

/// <summary>What the engine of one machine takes up, gives up and leaves alone.</summary>
public sealed class IngestRunnerTests
{
    [Fact(Timeout = 30_000)]
    public async Task An_announced_upload_that_never_comes_is_removed_after_a_week_and_one_that_came_stays()
    {
        await using var bench = new RunnerBench();
        var awaited = await bench.AnnounceAsync();
        var came = await bench.UploadAsync();
        await bench.StartAsync();
        await bench.UntilDoneAsync(came);

        // The URL is good for a day; then it has a week. The engine looks once a day.
        for (var day = 1; day <= 7; day++)
            await bench.PassAsync(TimeSpan.FromDays(1));
        Assert.Equal(VideoStatus.Waiting, bench.Library.Show(awaited)!.Life.Status);
        await bench.PassAsync(TimeSpan.FromDays(1));
        await bench.UntilGoneAsync(awaited);

        Assert.NotNull(bench.Library.Show(came));
    }

    [Fact(Timeout = 30_000)]
    public async Task An_upload_that_came_but_was_not_seen_yet_does_not_expire()
    {
        await using var bench = new RunnerBench();
        var id = await bench.AnnounceAsync(bench.Now - TimeSpan.FromDays(9));
        bench.Staging.Put(StagingArea.Uploads, id.ToString(), new byte[10]);
        await bench.StartAsync();

        await bench.UntilDoneAsync(id);
    }

    [Fact(Timeout = 30_000)]
    public async Task An_ingest_that_stands_still_for_a_day_fails_and_keeps_its_upload()
    {
        await using var bench = new RunnerBench();
        var id = await bench.UploadAsync();
        // Every run breaks before it could move the row or fail it.
        bench.Inspect.Scripts[id] = (_, _, _) => Task.FromResult(StepOutcome.Failed("because"));
        bench.Library.BeforeReplace = video =>
            video.Life.Failure == "because" ? throw new InvalidOperationException("broken") : Task.CompletedTask;
        await bench.StartAsync();
        await bench.UntilAsync(() => bench.Logged.Count == 1);

        await bench.RestAsync(id);
        await bench.PassAsync(TimeSpan.FromHours(23));
        await bench.RestAsync(id);
        Assert.Equal(VideoStatus.Ingesting, bench.Library.Show(id)!.Life.Status);
        Assert.True(bench.Inspect.CountOf(id) > 1);
        await bench.PassAsync(TimeSpan.FromHours(1));
        await bench.UntilStatusAsync(id, VideoStatus.Failed);

        Assert.Equal(Unfinished.GivenUp, bench.Library.Show(id)!.Life.Failure);
        Assert.NotNull(await bench.Staging.FindAsync(StagingArea.Uploads, id.ToString(), CancellationToken.None));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_vault_that_was_off_for_two_days_goes_on_with_its_ingests()
    {
        await using var bench = new RunnerBench();
        var id = await bench.UploadAsync();
        var source = await bench.Staging.FindAsync(StagingArea.Uploads, id.ToString(), CancellationToken.None);
        await bench.Library.TryReplaceAsync(VideoLife.Begin(bench.Library.Show(id)!, source!, bench.Now)!, CancellationToken.None);
        bench.Time.Advance(TimeSpan.FromDays(2));
        await bench.StartAsync();

        await bench.UntilDoneAsync(id);

        Assert.Equal(1, bench.Library.Show(id)!.Life.Attempt);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_retry_that_comes_while_the_failed_run_is_just_ending_is_not_lost()
    {
        await using var bench = new RunnerBench();
        var id = await bench.UploadAsync();
        bench.Prepare.Scripts[id] = (_, _, _) => Task.FromResult(StepOutcome.Failed("because"));
        var goOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        bench.Library.AfterReplace = video => video.Life.Status == VideoStatus.Failed ? goOn.Task : Task.CompletedTask;
        await bench.StartAsync();
        await bench.UntilStatusAsync(id, VideoStatus.Failed);
        bench.Prepare.Scripts.Clear();

        await bench.Runner.RetryAsync(id, CancellationToken.None);
        // The runner looks while the failed run still has the upload.
        await bench.PassAsync(TimeSpan.FromSeconds(1));
        goOn.SetResult();
        await bench.RestAsync(id);
        await bench.PassAsync(TimeSpan.FromSeconds(1));
        await bench.UntilDoneAsync(id);

        Assert.Equal(2, bench.Library.Show(id)!.Life.Attempt);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_flood_wait_in_the_middle_of_sending_stops_nobody_from_preparing()
    {
        await using var bench = new RunnerBench(videos: 1);
        var first = await bench.UploadAsync(chunks: 2);
        bench.Send.Scripts[first] = (run, ordinal, stopping) =>
            ordinal == 1 ? bench.FloodAsync(run, ordinal, stopping) : bench.Send.Usual(run, ordinal, stopping);
        await bench.StartAsync();
        await bench.UntilAsync(() => bench.Time.WaitsOf(RunnerBench.FloodWait) == 1);
        var others = new[] { await bench.UploadAsync(), await bench.UploadAsync() };

        await bench.PassAsync(TimeSpan.FromSeconds(1));
        await bench.UntilAsync(() => others.All(id => bench.Library.Show(id)!.Files.Plan is not null));

        Assert.All(others, id => Assert.Equal(0, bench.Send.CountOf(id)));
    }

    [Fact(Timeout = 30_000)]
    public async Task What_a_video_waits_for_is_in_its_row_until_it_goes_on()
    {
        await using var bench = new RunnerBench(parallelism: 4);
        var id = await bench.UploadAsync(chunks: 4);
        bench.Send.Scripts[id] = (_, _, _) =>
            Task.FromResult(StepOutcome.Wait(RunnerBench.FloodWait, "Telegram asks to wait.", WaitCause.FloodWait));
        await bench.StartAsync();
        await bench.UntilAsync(() => bench.Time.WaitsOf(RunnerBench.FloodWait) == 4);
        var began = bench.Now;

        var waits = bench.Library.Show(id)!.Life.Waiting!;
        Assert.Equal((WaitCause.FloodWait, "Telegram asks to wait."), (waits.Why, waits.Detail));
        Assert.Equal((began, began + RunnerBench.FloodWait), (waits.Since, waits.Until!.Value));
        bench.Send.Scripts.Clear();
        await bench.PassAsync(RunnerBench.FloodWait);
        await bench.UntilDoneAsync(id);

        Assert.Null(bench.Library.Show(id)!.Life.Waiting);
    }

    [Fact(Timeout = 30_000)]
    public async Task Who_waits_for_a_turn_is_told_how_many_are_before()
    {
        await using var bench = new RunnerBench(videos: 1);
        var first = await bench.UploadAsync();
        bench.Send.Scripts[first] = bench.FloodAsync;
        await bench.StartAsync();
        await bench.UntilAsync(() => bench.Time.WaitsOf(RunnerBench.FloodWait) == 1);
        var others = new[] { await bench.UploadAsync(), await bench.UploadAsync() };
        await bench.PassAsync(TimeSpan.FromSeconds(1));
        await bench.UntilAsync(() => others.All(id => bench.Library.Show(id)!.Life.Progress is not null));
        // They ask for the place right after that.
        await bench.PassAsync(TimeSpan.FromSeconds(1));

        Assert.Equal([0, 1], others.Select(id => bench.Runner.PlaceOf(id)?.Ahead).Order());
        Assert.Null(bench.Runner.PlaceOf(first));
        bench.Send.Scripts.Clear();
        await bench.PassAsync(RunnerBench.FloodWait);
        foreach (var id in others)
            await bench.UntilDoneAsync(id);

        Assert.All(others, id => Assert.Null(bench.Runner.PlaceOf(id)));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_place_for_storing_is_free_again_after_a_video_whose_chunks_all_waited_for_it()
    {
        await using var bench = new RunnerBench(videos: 1, parallelism: 4);
        var first = await bench.UploadAsync();
        bench.Send.Scripts[first] = bench.FloodAsync;
        await bench.StartAsync();
        await bench.UntilAsync(() => bench.Time.WaitsOf(RunnerBench.FloodWait) == 1);
        var others = new[] { await bench.UploadAsync(chunks: 6), await bench.UploadAsync(chunks: 6) };
        await bench.PassAsync(TimeSpan.FromSeconds(1));
        await bench.UntilAsync(() => others.All(id => bench.Library.Show(id)!.Life.Progress is not null));

        bench.Send.Scripts.Clear();
        await bench.PassAsync(RunnerBench.FloodWait);

        foreach (var id in others.Append(first))
            await bench.UntilDoneAsync(id);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_cleaning_up_that_broke_off_after_the_upload_was_gone_is_ended()
    {
        await using var bench = new RunnerBench();
        var id = await bench.UploadAsync();
        var breaks = 1;
        bench.CleanUp.Scripts[id] = async (run, ordinal, stopping) =>
        {
            if (Interlocked.Decrement(ref breaks) < 0)
                return await bench.CleanUp.Usual(run, ordinal, stopping);
            await bench.Staging.DeleteAsync(bench.Library.Show(id)!.Upload.Source!, stopping);
            return StepOutcome.Failed("It broke off.");
        };
        await bench.StartAsync();
        await bench.UntilAsync(() => bench.CleanUp.CountOf(id) == 1);
        await bench.RestAsync(id);

        await bench.PassAsync(TimeSpan.FromSeconds(298));
        await bench.RestAsync(id);
        Assert.Equal(1, bench.CleanUp.CountOf(id));
        await bench.PassAsync(TimeSpan.FromSeconds(2));
        await bench.UntilDoneAsync(id);

        Assert.Equal(2, bench.CleanUp.CountOf(id));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_look_that_runs_out_of_its_time_is_looked_again_and_the_others_are_done()
    {
        await using var bench = new RunnerBench();
        var looks = 0;
        bench.Library.BeforeUnfinished = () =>
            Interlocked.Increment(ref looks) <= 2 ? throw new TaskCanceledException("not answered in time") : Task.CompletedTask;
        var id = await bench.UploadAsync();
        await bench.StartAsync();

        await bench.UntilDoneAsync(id);
        await bench.PassAsync(TimeSpan.FromSeconds(1));
        await bench.PassAsync(TimeSpan.FromSeconds(1));
        Assert.True(Volatile.Read(ref looks) > 2);

        Assert.False(bench.Runner.ExecuteTask!.IsCompleted);
    }

    [Fact(Timeout = 30_000)]
    public async Task It_stops_at_once_whatever_is_under_way()
    {
        await using var bench = new RunnerBench(videos: 2);
        var stepping = await bench.UploadAsync();
        var leaving = await bench.UploadAsync();
        foreach (var id in new[] { stepping, leaving })
            bench.Prepare.Scripts[id] = async (_, _, stopping) =>
            {
                await Task.Delay(Timeout.Infinite, stopping);
                return StepOutcome.Done;
            };
        var waiting = new[] { await bench.UploadAsync(chunks: 4), await bench.UploadAsync() };
        foreach (var id in waiting)
            bench.Send.Scripts[id] = bench.FloodAsync;
        await bench.StartAsync();
        await bench.UntilAsync(() => bench.Time.WaitsOf(RunnerBench.FloodWait) == 5 && bench.Prepare.CountOf(leaving) == 1);
        var queued = await bench.UploadAsync(chunks: 4);
        await bench.PassAsync(TimeSpan.FromSeconds(1));
        await bench.UntilAsync(() => bench.Library.Show(queued)!.Life.Progress is not null && bench.Prepare.CountOf(stepping) == 1);
        // Marked, and waiting for its step, which has not looked at the row yet.
        await bench.Runner.RemoveAsync(leaving, CancellationToken.None);
        var began = bench.Now;

        await bench.StopAsync();

        Assert.Equal(began, bench.Now);
        Assert.True(bench.Runner.ExecuteTask!.IsCompletedSuccessfully);
        Assert.Empty(bench.Logged);
        Assert.Equal(VideoStatus.Deleting, bench.Library.Show(leaving)!.Life.Status);
        foreach (var id in waiting.Append(stepping).Append(queued))
            Assert.Equal(VideoStatus.Ingesting, bench.Library.Show(id)!.Life.Status);
    }
}
