using TgVault.Core.Library;
using TgVault.Core.Recovery;
using TgVault.Core.Replicas.Copies;
using TgVault.Core.Tests.Ingest;
using TgVault.Core.Upkeep;
using TgVault.Testing;

namespace TgVault.Core.Tests.Replicas;

/// <summary>A library whose rows and whose channel are both lost comes back from a folder.</summary>
[Collection(AzuriteCollection.Name)]
public sealed class ReplicaRecoveryTests(AzuriteFixture azurite) : IAsyncLifetime
{
    readonly ReplicaBench _replicas = new(azurite);

    public Task InitializeAsync() => _replicas.StartAsync();

    public Task DisposeAsync() => _replicas.StopAsync();

    [Fact(Timeout = 180_000)]
    public async Task Without_telegram_the_library_is_back_plays_and_is_posted_again_when_asked()
    {
        var (kept, removed) = await StoreAsync();
        await _replicas.LoseTelegramAsync();
        await using var bench = await _replicas.OpenAsync();
        var found = await bench.Get<ILibraryRecovery>().FindAsync(CancellationToken.None);

        var report = await RecoverAsync(bench, new RecoveryRequest { ReadChunks = true });

        Assert.Equal((RecoveryStage.Found, kept.Count), (found!.Stage, found.Videos));
        Assert.Equal((_replicas.Replica, kept.Count, kept.Count), (report.Replica, report.Videos, report.Opened));
        Assert.Equal(report.Chunks, report.Read);
        Assert.True(report.IsComplete);
        Assert.Null(await bench.Library.FindAsync(removed, CancellationToken.None));
        Assert.Equal("Films", (await bench.ShowAsync(kept[0])).Details.Folder);
        foreach (var id in kept)
            Assert.Equal(_replicas.Uploads[id], await ReplicaBench.PlayAsync(bench, id));
        Assert.Equal(0, _replicas.StandIn.LiveDocuments);

        // Upkeep takes the replica for its own, and posts nothing by itself.
        Assert.True(await bench.Get<Replication>().RunAsync(CancellationToken.None));
        Assert.Equal(0, _replicas.StandIn.LiveDocuments);
        foreach (var id in kept)
        {
            var mended = await ReplicaBench.CheckAsync(bench, id, CopyDepth.Header);
            Assert.Equal(mended.Chunks + 1, mended.Places[0].Mended);
            await bench.Get<IAmendments>().RunAsync(id, CancellationToken.None);
        }

        Assert.True(await bench.Get<Replication>().RunAsync(CancellationToken.None));
        foreach (var id in kept)
            Assert.Empty((await ReplicaBench.CheckAsync(bench, id, CopyDepth.Whole)).Findings);

        // And the channel alone is enough again.
        Directory.Delete(_replicas.Replica, recursive: true);
        await using var next = await _replicas.OpenAsync();
        Assert.Equal("", (await RecoverAsync(next, new RecoveryRequest { ReadChunks = true })).Replica);
        foreach (var id in kept)
            Assert.Equal(_replicas.Uploads[id], await ReplicaBench.PlayAsync(next, id));
    }

    [Fact(Timeout = 120_000)]
    public async Task One_that_lacks_a_video_says_which_and_claims_no_more()
    {
        var (kept, _) = await StoreAsync();
        await _replicas.LoseTelegramAsync();
        Directory.Delete(_replicas.PathOf($"videos/{kept[0]}"), recursive: true);
        File.Delete(_replicas.PathOf($"videos/{kept[1]}/1/0-00000.tgvc"));
        await using var bench = await _replicas.OpenAsync();

        var unread = await RecoverAsync(bench, new RecoveryRequest());
        var read = await RecoverAsync(bench, new RecoveryRequest { ReadChunks = true });

        Assert.Equal((kept.Count, 1), (unread.Videos, unread.Failed));
        Assert.Equal(kept[0], Assert.Single(unread.Failures).Video);
        Assert.Equal(kept.Take(2).Order(), read.Failures.Select(failure => failure.Video).Order());
        Assert.False(unread.IsComplete || read.IsComplete);
    }

    [Fact(Timeout = 120_000)]
    public async Task Where_the_channel_is_there_a_recovery_from_the_replica_keeps_what_it_has()
    {
        var (kept, _) = await StoreAsync();
        await using var bench = await _replicas.OpenAsync();

        var report = await RecoverAsync(bench, new RecoveryRequest { FromReplica = true });

        Assert.Equal(_replicas.Replica, report.Replica);
        foreach (var id in kept)
        {
            await bench.Get<IAmendments>().RunAsync(id, CancellationToken.None);
            var look = await ReplicaBench.CheckAsync(bench, id, CopyDepth.Whole);
            Assert.DoesNotContain(look.Findings, finding => finding.Place == "Telegram");
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task Another_master_secret_is_named_and_makes_no_vault()
    {
        await StoreAsync();
        await _replicas.LoseTelegramAsync();

        var refused = await Assert.ThrowsAsync<VaultException>(() =>
            _replicas.OpenAsync(masterSecret: "another secret for tests, also long enough")
        );

        Assert.Contains("TgVault:MasterSecret", refused.Message, StringComparison.Ordinal);
        Assert.Contains(_replicas.Replica, refused.Message, StringComparison.Ordinal);
    }

    /// <summary>Three files that stay and one that was removed, in channel and replica.</summary>
    async Task<(List<VideoId> Kept, VideoId Removed)> StoreAsync()
    {
        await using var bench = await _replicas.OpenAsync();
        var removed = await _replicas.StoreAsync(bench, 1);
        Assert.True(await bench.Get<Replication>().RunAsync(CancellationToken.None));
        var kept = new List<VideoId>();
        for (var chunks = 1; chunks <= 3; chunks++)
        {
            var id = await _replicas.StoreAsync(bench, chunks);
            await bench.Library.ChangeAsync(
                id,
                video => video with { Details = video.Details with { Folder = "Films" } },
                CancellationToken.None
            );
            await ReplicaBench.RenameAsync(bench, id, $"renamed {chunks}");
            kept.Add(id);
        }

        await bench.Get<IRemovals>().BeginAsync(removed, CancellationToken.None);
        await bench.Get<IRemovals>().FinishAsync(removed, CancellationToken.None);
        Assert.True(await bench.Get<Replication>().RunAsync(CancellationToken.None));
        return (kept, removed);
    }

    static Task<RecoveryReport> RecoverAsync(IngestBench bench, RecoveryRequest request) =>
        bench.Get<ILibraryRecovery>().RunAsync(request, _ => { }, CancellationToken.None);
}
