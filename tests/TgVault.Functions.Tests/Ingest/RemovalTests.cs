using System.Text;
using TgVault.BotApi.Faults;
using TgVault.Core.Ingest;
using TgVault.Core.Videos;
using TgVault.Functions.Ingest;
using TgVault.Functions.Removal;
using TgVault.Functions.Tests.Durable;
using TgVault.Testing;

namespace TgVault.Functions.Tests.Ingest;

/// <summary>Removals through the API's function: afterwards and during ingest, which is how an ingest is cancelled.</summary>
[Collection(AzuriteCollection.Name)]
public sealed class RemovalTests(AzuriteFixture azurite)
{
    static readonly byte[] Text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("Not a film, but worth keeping. ", 9000)));

    [Fact(Timeout = 60_000)]
    public async Task A_ready_video_goes_with_all_its_parts()
    {
        await using var bench = await FunctionBench.OpenAsync(azurite);
        var (id, blob) = await bench.UploadAsync("notes.txt", Text);
        await bench.ArriveAsync(blob);
        await bench.Hub.IdleAsync();

        var status = await bench.RemoveAsync(id);
        await bench.Hub.IdleAsync();

        Assert.Equal(202, status);
        Assert.Null(await bench.Library.FindAsync(id, CancellationToken.None));
        // Only the catalogue itself is left.
        Assert.Equal(1, bench.Documents);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_video_removed_while_it_is_sent_stops_and_leaves_nothing_behind()
    {
        await using var bench = await FunctionBench.OpenAsync(azurite, parallelism: 1);
        var (id, blob) = await bench.UploadAsync("notes.txt", Text);
        var sends = 0;
        bench.Hub.BeforeActivity = async (name, _) =>
        {
            if (name == nameof(StepFunctions.SendChunk) && Interlocked.Increment(ref sends) == 3)
                await bench.RemoveAsync(id);
        };

        await bench.ArriveAsync(blob);
        await bench.Hub.IdleAsync();

        var ingest = await bench.OnlyInstanceAsync(nameof(IngestOrchestrator.IngestUpload));
        Assert.Equal(StepResult.Abandoned, ((IngestOutcome)(await ingest.Ended)!).Result);
        Assert.Equal(3, sends);
        Assert.Null(await bench.Library.FindAsync(id, CancellationToken.None));
        Assert.Null(await bench.Staging.FindAsync(StagingArea.Uploads, blob.Name, CancellationToken.None));
        Assert.Equal(0, bench.Documents);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_video_removed_during_a_flood_wait_does_not_wait_for_its_end()
    {
        await using var bench = await FunctionBench.OpenAsync(azurite, parallelism: 1);
        var (id, blob) = await bench.UploadAsync("notes.txt", Text);
        bench.Fail(FaultKind.TooManyRequests, "sendDocument", retryAfter: 36_000);
        bench.Hub.LastMoment = bench.Hub.Now.AddHours(1);
        await bench.ArriveAsync(blob);
        await bench.Hub.IdleAsync();
        var ingest = await bench.OnlyInstanceAsync(nameof(IngestOrchestrator.IngestUpload));
        var waiting = !ingest.Ended.IsCompleted;

        await bench.RemoveAsync(id);
        await bench.Hub.IdleAsync();

        Assert.True(waiting);
        Assert.Equal(StepResult.Abandoned, ((IngestOutcome)(await ingest.Ended)!).Result);
        Assert.Null(await bench.Library.FindAsync(id, CancellationToken.None));
        Assert.Equal(0, bench.Documents);
    }

    [Fact(Timeout = 60_000)]
    public async Task Parts_are_removed_only_after_the_ingest_has_stopped()
    {
        await using var bench = await FunctionBench.OpenAsync(azurite, parallelism: 1);
        var (id, blob) = await bench.UploadAsync("notes.txt", Text);
        var asked = new TaskCompletionSource();
        bench.Hub.BeforeActivity = async (name, _) =>
        {
            // The chunk under way goes on until removal has looked and found the ingest still running.
            if (name == nameof(RemovalFunctions.IsIngestOver))
                asked.TrySetResult();
            if (name != nameof(StepFunctions.SendChunk))
                return;
            await bench.RemoveAsync(id);
            await asked.Task;
        };

        await bench.ArriveAsync(blob);
        await bench.Hub.IdleAsync();

        var order = bench.Hub.Activities.ToList();
        Assert.True(order.IndexOf(nameof(RemovalFunctions.FinishRemoval)) > order.LastIndexOf(nameof(StepFunctions.SendChunk)));
        Assert.Contains(
            (await bench.OnlyInstanceAsync(nameof(RemovalOrchestrator.RemoveParts))).History,
            happened => happened is TimerFired
        );
        Assert.Null(await bench.Library.FindAsync(id, CancellationToken.None));
        Assert.Equal(0, bench.Documents);
    }
}
