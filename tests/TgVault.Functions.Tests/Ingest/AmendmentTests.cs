using System.Text;
using TgVault.BotApi.Faults;
using TgVault.Core.Ingest;
using TgVault.Core.Upkeep;
using TgVault.Core.Videos;
using TgVault.Functions.Amendment;
using TgVault.Functions.Removal;
using TgVault.Testing;

namespace TgVault.Functions.Tests.Ingest;

/// <summary>What is stored of a ready video follows its row, by the durable orchestrator.</summary>
[Collection(AzuriteCollection.Name)]
public sealed class AmendmentTests(AzuriteFixture azurite)
{
    static readonly byte[] Text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("Not a film, but worth keeping. ", 9000)));
    static readonly byte[] Words = Encoding.UTF8.GetBytes("WEBVTT\n\n00:01.000 --> 00:02.000\nHi.\n");

    [Fact(Timeout = 60_000)]
    public async Task A_name_changed_through_the_API_gets_a_manifest_of_its_own()
    {
        await using var bench = await FunctionBench.OpenAsync(azurite);
        var id = await StoreAsync(bench);
        var before = await bench.ShowAsync(id);

        Assert.Equal(200, await bench.RenameAsync(id, "renamed.txt"));
        await bench.Hub.IdleAsync();

        var after = await bench.ShowAsync(id);
        Assert.Equal(("renamed.txt", false, 0), (after.Details.Name, after.Manifests.IsStale, after.Manifests.Former.Length));
        Assert.NotEqual(before.Manifests.Newest, after.Manifests.Newest);
        // Five chunks, the manifest and the catalogue.
        Assert.Equal(7, bench.Documents);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_flood_wait_is_waited_by_a_timer_and_the_companion_is_stored_after_it()
    {
        await using var bench = await FunctionBench.OpenAsync(azurite);
        var id = await StoreAsync(bench);
        await AddAsync(bench, id);
        bench.Fail(FaultKind.TooManyRequests, "sendDocument", retryAfter: 3600);

        await bench.Upkeep.TakeUpUnfinished(new(), bench.Hub, CancellationToken.None);
        var amendment = await bench.OnlyInstanceAsync(nameof(AmendmentOrchestrator.AmendVideo));

        Assert.Equal(StepOutcome.Done, await amendment.Ended);
        Assert.Contains(amendment.History, happened => happened is Durable.TimerFired);
        Assert.Equal(CompanionState.Stored, Assert.Single((await bench.ShowAsync(id)).Files.Companions).State);
        Assert.Equal(8, bench.Documents);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_video_removed_while_its_amendment_waits_does_not_wait_for_that()
    {
        await using var bench = await FunctionBench.OpenAsync(azurite);
        var id = await StoreAsync(bench);
        await AddAsync(bench, id);
        bench.Fail(FaultKind.TooManyRequests, "sendDocument", retryAfter: 7_200);
        bench.Hub.LastMoment = bench.Hub.Now.AddHours(1);
        await bench.Upkeep.TakeUpUnfinished(new(), bench.Hub, CancellationToken.None);
        var amendment = await bench.OnlyInstanceAsync(nameof(AmendmentOrchestrator.AmendVideo));
        var waiting = !amendment.Ended.IsCompleted;

        // Unpublishing has to wait for the flood's end, which the tries of a removal outlast; the amendment has not.
        bench.Hub.LastMoment = bench.Hub.Now.AddHours(24);
        await bench.RemoveAsync(id);
        await bench.Hub.IdleAsync();

        Assert.True(waiting);
        Assert.Equal(StepResult.Abandoned, ((StepOutcome)(await amendment.Ended)!).Result);
        Assert.DoesNotContain(amendment.History, happened => happened is Durable.TimerFired);
        var order = bench.Hub.Activities.ToList();
        Assert.True(order.IndexOf(nameof(RemovalFunctions.FinishRemoval)) > order.LastIndexOf(nameof(AmendmentFunctions.FinishAmendment)));
        Assert.Null(await bench.Library.FindAsync(id, CancellationToken.None));
        Assert.Equal(1, bench.Documents);
    }

    static async Task<Core.VideoId> StoreAsync(FunctionBench bench)
    {
        var (id, blob) = await bench.UploadAsync("notes.txt", Text);
        await bench.ArriveAsync(blob);
        await bench.Hub.IdleAsync();
        Assert.Equal(VideoStatus.Ready, (await bench.ShowAsync(id)).Life.Status);
        return id;
    }

    static async Task AddAsync(FunctionBench bench, Core.VideoId id)
    {
        using var content = new MemoryStream(Words);
        Assert.NotNull(
            await bench
                .Get<ICompanionWishes>()
                .AddAsync(
                    id,
                    new Companion
                    {
                        Kind = CompanionKind.Captions,
                        Number = 0,
                        Language = "en",
                        Name = "English",
                        ContentType = "text/vtt",
                    },
                    content,
                    CancellationToken.None
                )
        );
    }
}
