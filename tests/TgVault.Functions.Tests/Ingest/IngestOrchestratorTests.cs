using System.Text;
using System.Text.Json;
using TgVault.BotApi.Faults;
using TgVault.Core.Ingest;
using TgVault.Core.Library;
using TgVault.Core.Videos;
using TgVault.Functions.Ingest;
using TgVault.Functions.Tests.Durable;
using TgVault.Testing;

namespace TgVault.Functions.Tests.Ingest;

/// <summary>The durable ingest from event to playback: the real orchestrator, replayed after every step, over the real
/// activities.</summary>
[Collection(AzuriteCollection.Name)]
public sealed class IngestOrchestratorTests(AzuriteFixture azurite)
{
    const string Orchestrator = nameof(IngestOrchestrator.IngestUpload);

    static readonly byte[] Text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("Not a film, but worth keeping. ", 9000)));

    [Fact(Timeout = 60_000)]
    public async Task An_upload_that_arrives_is_ingested_and_plays()
    {
        await using var bench = await FunctionBench.OpenAsync(azurite);
        var (id, blob) = await bench.UploadAsync("notes.txt", Text);

        await bench.ArriveAsync(blob);

        var instance = await bench.OnlyInstanceAsync(Orchestrator);
        var outcome = Assert.IsType<IngestOutcome>(await instance.Ended);
        Assert.Equal(StepResult.Done, outcome.Result);
        Assert.Equal(VideoStatus.Ready, (await bench.ShowAsync(id)).Life.Status);
        Assert.Equal(Text, await bench.PlayAsync(id));
        Assert.Null(await bench.Staging.FindAsync(StagingArea.Uploads, blob.Name, CancellationToken.None));
        // Five chunks, the manifest and the catalogue.
        Assert.Equal(7, bench.Documents);
    }

    [Fact(Timeout = 60_000)]
    public async Task The_status_tells_the_stage_and_how_many_chunks_are_done()
    {
        await using var bench = await FunctionBench.OpenAsync(azurite);
        var (id, blob) = await bench.UploadAsync("notes.txt", Text);

        await bench.ArriveAsync(blob);

        var statuses = (await bench.OnlyInstanceAsync(Orchestrator))
            .Statuses.Select(status => JsonSerializer.Deserialize<IngestStatus>(status)!)
            .ToArray();
        Assert.All(statuses, status => Assert.Equal((id.ToString(), 1), (status.Video, status.Attempt)));
        Assert.Equal(
            ["Inspecting", "Preparing", "Sending", "Verifying", "Committing", "CleaningUp"],
            statuses.Select(status => status.Stage).Distinct()
        );
        Assert.Contains(statuses, status => status is { Stage: "Sending", ChunksDone: 5, ChunksTotal: 5 });
    }

    [Fact(Timeout = 60_000)]
    public async Task An_activity_that_breaks_is_asked_again_after_its_named_waits()
    {
        await using var bench = await FunctionBench.OpenAsync(azurite);
        var (id, blob) = await bench.UploadAsync("notes.txt", Text);
        var broken = 0;
        bench.Hub.BeforeActivity = (name, _) =>
            name == nameof(IngestStep.Inspect) && Interlocked.Increment(ref broken) <= 2
                ? throw new InvalidOperationException("The instance went away.")
                : Task.CompletedTask;

        await bench.ArriveAsync(blob);

        var instance = await bench.OnlyInstanceAsync(Orchestrator);
        Assert.Equal(StepResult.Done, ((IngestOutcome)(await instance.Ended)!).Result);
        Assert.Equal(3, bench.Hub.Activities.Count(name => name == nameof(IngestStep.Inspect)));
        Assert.Equal(
            [TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(10)],
            instance.History.OfType<TimerCreated>().Select(timer => timer.FireAt - timer.At)
        );
        Assert.Equal(Text, await bench.PlayAsync(id));
    }

    [Fact(Timeout = 60_000)]
    public async Task An_activity_that_keeps_breaking_ends_the_instance_and_upkeep_starts_it_again()
    {
        await using var bench = await FunctionBench.OpenAsync(azurite);
        var (id, blob) = await bench.UploadAsync("notes.txt", Text);
        bench.Hub.BeforeActivity = (name, _) =>
            name == nameof(IngestStep.Prepare) ? throw new InvalidOperationException("The instance went away.") : Task.CompletedTask;
        await bench.ArriveAsync(blob);
        var broken = await bench.OnlyInstanceAsync(Orchestrator);
        var standing = await bench.ShowAsync(id);
        bench.Hub.BeforeActivity = null;

        await bench.Upkeep.TakeUpUnfinished(new(), bench.Hub, CancellationToken.None);

        await bench.Hub.IdleAsync();
        await Assert.ThrowsAsync<Microsoft.DurableTask.TaskFailedException>(() => broken.Ended);
        Assert.Equal(VideoStatus.Ingesting, standing.Life.Status);
        Assert.Equal(VideoStatus.Ready, (await bench.ShowAsync(id)).Life.Status);
        Assert.Equal(Text, await bench.PlayAsync(id));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_flood_wait_of_an_hour_is_a_durable_timer_of_an_hour()
    {
        await using var bench = await FunctionBench.OpenAsync(azurite);
        var (id, blob) = await bench.UploadAsync("notes.txt", Text);
        bench.Fail(FaultKind.TooManyRequests, "sendDocument", retryAfter: 3600);

        await bench.ArriveAsync(blob);

        var instance = await bench.OnlyInstanceAsync(Orchestrator);
        Assert.Equal(StepResult.Done, ((IngestOutcome)(await instance.Ended)!).Result);
        Assert.Contains(instance.History.OfType<TimerCreated>(), timer => timer.FireAt - timer.At >= TimeSpan.FromSeconds(3600));
        Assert.Equal(Text, await bench.PlayAsync(id));
        Assert.Equal(7, bench.Documents);
    }

    [Fact(Timeout = 60_000)]
    public async Task Events_that_come_again_during_or_after_the_first_change_nothing()
    {
        await using var bench = await FunctionBench.OpenAsync(azurite);
        var (id, blob) = await bench.UploadAsync("notes.txt", Text);

        await Task.WhenAll(bench.ArriveAsync(blob), bench.ArriveAsync(blob), bench.ArriveAsync(blob));
        var instance = await bench.OnlyInstanceAsync(Orchestrator);
        await bench.ArriveAsync(blob);
        // Even one that comes so late that the blob is there again from the same client.
        await bench.Upkeep.TakeUpUnfinished(new(), bench.Hub, CancellationToken.None);

        Assert.Same(instance, await bench.OnlyInstanceAsync(Orchestrator));
        Assert.Equal(
            id,
            Assert.Single((await bench.Library.ListAsync(new VideoQuery(null, null, 10, null), CancellationToken.None)).Videos).Id
        );
        Assert.Equal(1, bench.Hub.Activities.Count(name => name == nameof(IngestStep.Commit)));
        Assert.Equal(7, bench.Documents);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_failed_upload_is_not_started_by_an_event_but_by_a_retry()
    {
        await using var bench = await FunctionBench.OpenAsync(azurite);
        var (id, blob) = await bench.UploadAsync("notes.txt", Text);
        bench.Fail(FaultKind.TooLargeHtml, "sendDocument");
        await bench.ArriveAsync(blob);
        await bench.Hub.IdleAsync();
        var failed = await bench.ShowAsync(id);

        await bench.ArriveAsync(blob);
        await bench.Hub.IdleAsync();
        var still = await bench.ShowAsync(id);
        var status = await bench.RetryAsync(id);
        await bench.Hub.IdleAsync();

        Assert.Equal((VideoStatus.Failed, VideoStatus.Failed), (failed.Life.Status, still.Life.Status));
        Assert.NotEmpty(failed.Life.Failure!);
        Assert.Equal(202, status);
        Assert.Equal(VideoStatus.Ready, (await bench.ShowAsync(id)).Life.Status);
        Assert.Equal(Text, await bench.PlayAsync(id));
    }

    [Fact(Timeout = 60_000)]
    public async Task Activities_that_all_run_twice_at_once_give_one_video_that_plays()
    {
        await using var bench = await FunctionBench.OpenAsync(azurite);
        var (id, blob) = await bench.UploadAsync("notes.txt", Text);
        bench.Hub.DeliversTwice = true;

        await bench.ArriveAsync(blob);

        var instance = await bench.OnlyInstanceAsync(Orchestrator);
        Assert.Equal(StepResult.Done, ((IngestOutcome)(await instance.Ended)!).Result);
        Assert.Equal(Text, await bench.PlayAsync(id));
    }

    [Fact(Timeout = 120_000)]
    public async Task Three_hundred_chunks_are_each_sent_and_verified_once_and_never_too_many_at_a_time()
    {
        await using var bench = await FunctionBench.OpenAsync(azurite, parallelism: 6);
        var content = new byte[(300 * 65536) - 1];
        new Random(1).NextBytes(content);
        var (id, blob) = await bench.UploadAsync("large.bin", content);

        await bench.ArriveAsync(blob);

        var instance = await bench.OnlyInstanceAsync(Orchestrator);
        Assert.Equal(StepResult.Done, ((IngestOutcome)(await instance.Ended)!).Result);
        Assert.Equal(300, bench.Hub.Activities.Count(name => name == nameof(IngestStep.Send)));
        Assert.Equal(300, bench.Hub.Activities.Count(name => name == nameof(IngestStep.Verify)));
        // Six chunks and a report.
        Assert.InRange(bench.Hub.MostUnderWay, 2, 7);
        Assert.Equal(content, await bench.PlayAsync(id));
    }

    [Fact(Timeout = 60_000)]
    public async Task The_task_hub_holds_no_key_token_or_url()
    {
        await using var bench = await FunctionBench.OpenAsync(azurite);
        var (_, blob) = await bench.UploadAsync("notes.txt", Text);

        await bench.ArriveAsync(blob);

        var instance = await bench.OnlyInstanceAsync(Orchestrator);
        await instance.Ended;
        var stored = string.Join(
            '\n',
            instance
                .History.Select(happened => happened.ToString()!)
                .Concat(instance.Statuses)
                .Append(JsonSerializer.Serialize(await instance.Ended))
        );
        Assert.Contains(blob.Name, stored, StringComparison.Ordinal);
        Assert.DoesNotContain("://", stored, StringComparison.Ordinal);
        Assert.DoesNotContain("sig=", stored, StringComparison.Ordinal);
        Assert.DoesNotContain(bench.Settings.MasterSecret, stored, StringComparison.Ordinal);
        Assert.DoesNotContain(bench.Settings.Telegram.Bots[0].Token, stored, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("holiday films/beach #1?.mp4", "\"0x8D\\/#?\"")]
    [InlineData("", "")]
    [InlineData("01h455vb4pex5vsknk084sn02q", "\"0x8DD0123456789AB\"")]
    public void An_instance_id_has_only_what_durable_takes(string blob, string etag)
    {
        var id = InstanceIds.Ingest(new IngestRequest(blob, etag));

        Assert.Matches("^[a-z0-9-]{1,100}$", id);
        Assert.NotEqual(id, InstanceIds.Ingest(new IngestRequest(blob, etag + "1")));
        Assert.NotEqual(id, InstanceIds.Ingest(new IngestRequest(blob + "1", etag)));
    }
}
