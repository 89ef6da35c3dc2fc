using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using TgVault.Core.Recovery;
using TgVault.Core.Replicas;
using TgVault.Core.Replicas.Copies;
using TgVault.Core.Settings;
using TgVault.Core.Upkeep;
using TgVault.Testing;

namespace TgVault.Core.Tests.Replicas;

/// <summary>A container for blobs holds what a folder would, under the same names.</summary>
[Collection(AzuriteCollection.Name)]
public sealed class BlobReplicaTests : IAsyncLifetime
{
    readonly BlobContainerClient _container;
    readonly ReplicaBench _replicas;

    public BlobReplicaTests(AzuriteFixture azurite)
    {
        var place = new ReplicaSettings
        {
            Blobs = azurite.ConnectionString,
            Container = $"replica-{Guid.NewGuid():N}",
            Tier = "Archive",
        };
        _container = new BlobContainerClient(place.Blobs, place.Container);
        _replicas = new ReplicaBench(azurite) { Place = place };
    }

    public Task InitializeAsync() => _replicas.StartAsync();

    public Task DisposeAsync() => _replicas.StopAsync();

    [Fact(Timeout = 180_000)]
    public async Task What_is_archived_says_so_and_a_library_comes_back_from_it_alone_once_it_is_rehydrated()
    {
        VideoId stays;
        await using (var bench = await _replicas.OpenAsync())
        {
            var goes = await _replicas.StoreAsync(bench, 1);
            stays = await _replicas.StoreAsync(bench, 2);
            Assert.True(await bench.Get<Replication>().RunAsync(CancellationToken.None));
            await bench.Get<IRemovals>().BeginAsync(goes, CancellationToken.None);
            await bench.Get<IRemovals>().FinishAsync(goes, CancellationToken.None);
            Assert.True(await bench.Get<Replication>().RunAsync(CancellationToken.None));

            Assert.Equal(
                [
                    "catalogue/catalogue.tgvd",
                    "tgvault-replica.json",
                    $"videos/{stays}/1/0-00000.tgvc",
                    $"videos/{stays}/1/0-00001.tgvc",
                    $"videos/{stays}/manifest.tgvd",
                ],
                await ListAsync()
            );
            Assert.Empty((await ReplicaBench.CheckAsync(bench, stays, CopyDepth.Header)).Findings);
            var archived = await ReplicaBench.CheckAsync(bench, stays, CopyDepth.Whole);
            var finding = Assert.Single(archived.Findings);
            Assert.Equal(CopyState.Archived, finding.State);
            Assert.Contains("rehydrated", finding.Reason, StringComparison.Ordinal);
            Assert.Equal((1, 2, 0), (archived.Places[1].Good, archived.Places[1].Unchecked, archived.OneCopy));
        }

        await _replicas.LoseTelegramAsync();
        await using var next = await _replicas.OpenAsync();
        var report = await next.Get<ILibraryRecovery>().RunAsync(new RecoveryRequest(), _ => { }, CancellationToken.None);
        Assert.Equal((1, 1, true), (report.Videos, report.Opened, report.IsComplete));
        await Assert.ThrowsAnyAsync<VaultException>(() => ReplicaBench.PlayAsync(next, stays));
        var told = Assert.Single(await next.Get<IReplicas>().ShowAsync(CancellationToken.None));
        Assert.Equal(ReplicaKind.Blobs, told.Kind);
        Assert.Contains("rehydrated", told.Problem, StringComparison.Ordinal);

        await foreach (var blob in _container.GetBlobsAsync())
            await _container.GetBlobClient(blob.Name).SetAccessTierAsync(AccessTier.Hot);
        Assert.Equal(_replicas.Uploads[stays], await ReplicaBench.PlayAsync(next, stays));
        var verified = await ReplicaBench.CheckAsync(next, stays, CopyDepth.Whole);
        Assert.Equal(2, verified.Places[1].Good);
        Assert.NotNull(Assert.Single(await next.Get<IReplicas>().ShowAsync(CancellationToken.None)).Verified);
    }

    [Fact(Timeout = 120_000)]
    public async Task One_that_was_damaged_or_removed_there_is_made_anew_and_a_container_with_other_blobs_is_left_alone()
    {
        await using var bench = await _replicas.OpenAsync();
        var id = await _replicas.StoreAsync(bench, 3);
        await _container.CreateAsync();
        await _container.UploadBlobAsync("letter.txt", BinaryData.FromString("mine"));
        Assert.False(await bench.Get<Replication>().RunAsync(CancellationToken.None));
        Assert.Equal(["letter.txt"], await ListAsync());

        await _container.DeleteBlobAsync("letter.txt");
        Assert.True(await bench.Get<Replication>().RunAsync(CancellationToken.None));
        await _container.DeleteBlobAsync($"videos/{id}/1/0-00001.tgvc");
        var rotten = _container.GetBlobClient($"videos/{id}/1/0-00002.tgvc");
        await rotten.DeleteAsync();
        await rotten.UploadAsync(BinaryData.FromString("rot"), new BlobUploadOptions { AccessTier = AccessTier.Archive });

        var mended = await ReplicaBench.CheckAsync(bench, id, CopyDepth.Header);

        Assert.Equal((1, 1, 2), (mended.Places[1].Missing, mended.Places[1].Damaged, mended.Places[1].Mended));
        Assert.Empty((await ReplicaBench.CheckAsync(bench, id, CopyDepth.Header)).Findings);
    }

    async Task<List<string>> ListAsync() =>
        [.. (await _container.GetBlobsAsync().ToListAsync()).Select(blob => blob.Name).Order(StringComparer.Ordinal)];
}
