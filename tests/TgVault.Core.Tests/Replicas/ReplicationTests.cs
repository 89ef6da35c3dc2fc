using TgVault.Core.Catalogue;
using TgVault.Core.Crypto;
using TgVault.Core.Replicas;
using TgVault.Core.Replicas.Copies;
using TgVault.Core.Tests.Ingest;
using TgVault.Core.Upkeep;
using TgVault.Testing;

namespace TgVault.Core.Tests.Replicas;

/// <summary>A folder follows what is stored, and holds the same documents.</summary>
[Collection(AzuriteCollection.Name)]
public sealed class ReplicationTests(AzuriteFixture azurite) : IAsyncLifetime
{
    readonly ReplicaBench _replicas = new(azurite);

    public Task InitializeAsync() => _replicas.StartAsync();

    public Task DisposeAsync() => _replicas.StopAsync();

    [Fact(Timeout = 120_000)]
    public async Task What_is_stored_edited_and_removed_is_so_in_the_replica()
    {
        await using var bench = await _replicas.OpenAsync();
        var replication = bench.Get<Replication>();
        Assert.True(await replication.RunAsync(CancellationToken.None));
        var (stays, goes) = (await _replicas.StoreAsync(bench, 2), await _replicas.StoreAsync(bench, 1));

        Assert.True(await replication.RunAsync(CancellationToken.None));

        Assert.Equal(
            new[]
            {
                "catalogue/catalogue.tgvd",
                "tgvault-replica.json",
                $"videos/{goes}/1/0-00000.tgvc",
                $"videos/{goes}/manifest.tgvd",
                $"videos/{stays}/1/0-00000.tgvc",
                $"videos/{stays}/1/0-00001.tgvc",
                $"videos/{stays}/manifest.tgvd",
            }.Order(StringComparer.Ordinal),
            _replicas.Documents()
        );
        await AssertSameAsync(bench, stays, 1);
        var status = Assert.Single(await replication.ShowAsync(CancellationToken.None));
        Assert.Equal((2, 0, ""), (status.Videos, status.Waiting, status.Problem));

        await ReplicaBench.RenameAsync(bench, stays, "renamed");
        await bench.Get<IRemovals>().BeginAsync(goes, CancellationToken.None);
        await bench.Get<IRemovals>().FinishAsync(goes, CancellationToken.None);
        Assert.True(await replication.RunAsync(CancellationToken.None));

        Assert.False(Directory.Exists(_replicas.PathOf($"videos/{goes}")));
        var manifest = ManifestDocument.Open(
            await File.ReadAllBytesAsync(_replicas.PathOf($"videos/{stays}/manifest.tgvd")),
            bench.Get<KeyRing>()
        );
        Assert.Equal("renamed", manifest.Name);
    }

    [Fact(Timeout = 120_000)]
    public async Task One_that_was_interrupted_goes_on_and_touches_nothing_that_is_there()
    {
        var replica = new BrokenReplica(_replicas.Replica);
        await using var bench = await _replicas.OpenAsync(replica);
        var id = await _replicas.StoreAsync(bench, 6);
        using var stop = new CancellationTokenSource();
        replica.BeforeWrite = name =>
        {
            if (name.EndsWith("0-00003.tgvc", StringComparison.Ordinal))
                stop.Cancel();
            stop.Token.ThrowIfCancellationRequested();
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => bench.Get<Replication>().RunAsync(stop.Token));
        var before = _replicas.Documents();
        replica.BeforeWrite = _ => { };
        Assert.True(await bench.Get<Replication>().RunAsync(CancellationToken.None));

        Assert.Equal(3, before.Count(name => name.EndsWith(".tgvc", StringComparison.Ordinal)));
        Assert.DoesNotContain(before, name => name.Contains("manifest", StringComparison.Ordinal));
        Assert.Equal(6, _replicas.Documents().Count(name => name.EndsWith(".tgvc", StringComparison.Ordinal)));
        Assert.Equal(replica.Written.Distinct(), replica.Written);
        for (var chunk = 0; chunk < 6; chunk++)
            await AssertSameAsync(bench, id, chunk);
        Assert.True(await bench.Get<Replication>().RunAsync(CancellationToken.None));
        Assert.Equal(replica.Written.Distinct(), replica.Written);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_full_disk_fails_no_ingest_is_told_and_is_made_up_for()
    {
        var replica = new BrokenReplica(_replicas.Replica)
        {
            BeforeWrite = _ => throw new ReplicaException("The disk of the replica is full: make room there, and copying goes on."),
        };
        await using var bench = await _replicas.OpenAsync(replica);
        var (first, second) = (await _replicas.StoreAsync(bench, 2), await _replicas.StoreAsync(bench, 1));

        Assert.False(await bench.Get<Replication>().RunAsync(CancellationToken.None));

        Assert.Equal(_replicas.Uploads[first], await ReplicaBench.PlayAsync(bench, first));
        var told = Assert.Single(await bench.Get<IReplicas>().ShowAsync(CancellationToken.None));
        Assert.Equal(0, told.Videos);
        Assert.Contains("full", told.Problem, StringComparison.Ordinal);

        replica.BeforeWrite = _ => { };
        Assert.True(await bench.Get<Replication>().RunAsync(CancellationToken.None));
        told = Assert.Single(await bench.Get<IReplicas>().ShowAsync(CancellationToken.None));
        Assert.Equal((2, ""), (told.Videos, told.Problem));
        await AssertSameAsync(bench, second, 0);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_disk_that_is_not_mounted_gets_nothing_and_a_new_one_all_once_a_person_says_so()
    {
        await using var bench = await _replicas.OpenAsync();
        var first = await _replicas.StoreAsync(bench, 1);
        Assert.True(await bench.Get<Replication>().RunAsync(CancellationToken.None));
        Directory.Delete(_replicas.Replica, recursive: true);
        Directory.CreateDirectory(_replicas.Replica);
        var second = await _replicas.StoreAsync(bench, 1);

        Assert.False(await bench.Get<Replication>().RunAsync(CancellationToken.None));

        Assert.Empty(_replicas.Documents());
        Assert.Contains(
            "mounted",
            Assert.Single(await bench.Get<IReplicas>().ShowAsync(CancellationToken.None)).Problem,
            StringComparison.Ordinal
        );
        await File.WriteAllTextAsync(_replicas.PathOf(FolderReplica.MarkerName), "");
        Assert.True(await bench.Get<Replication>().RunAsync(CancellationToken.None));
        await AssertSameAsync(bench, first, 0);
        await AssertSameAsync(bench, second, 0);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_folder_with_other_files_is_no_replica()
    {
        Directory.CreateDirectory(_replicas.Replica);
        await File.WriteAllTextAsync(_replicas.PathOf("letter.txt"), "mine");
        await using var bench = await _replicas.OpenAsync();
        await _replicas.StoreAsync(bench, 1);

        Assert.False(await bench.Get<Replication>().RunAsync(CancellationToken.None));

        Assert.Equal(["letter.txt"], _replicas.Documents());
    }

    /// <summary>The file is the document, byte for byte.</summary>
    async Task AssertSameAsync(IngestBench bench, VideoId id, int number)
    {
        var record = await bench.Library.FindChunkAsync(id, 1, new ChunkNumber(number), CancellationToken.None);
        var document = new byte[record!.Receipt.SealedLengthBytes];
        using var store = _replicas.StandIn.Store();
        await store.ReadAsync(record.Receipt, 0, document, CancellationToken.None);
        Assert.Equal(document, await File.ReadAllBytesAsync(_replicas.PathOf($"videos/{id}/1/0-{number:D5}.tgvc")));
    }
}
