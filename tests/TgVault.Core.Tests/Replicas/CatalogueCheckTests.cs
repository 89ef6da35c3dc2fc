using Microsoft.Extensions.Logging.Abstractions;
using TgVault.Core.Catalogue;
using TgVault.Core.Chunks;
using TgVault.Core.Crypto;
using TgVault.Core.Recovery;
using TgVault.Core.Replicas.Copies;
using TgVault.Core.Rows;
using TgVault.Core.Settings;
using TgVault.Core.Tests.Ingest;
using TgVault.Core.Tests.Telegram;
using TgVault.Testing;

namespace TgVault.Core.Tests.Replicas;

/// <summary>What is wrong with the catalogue is named, and made anew: in the channel, in a folder, in the channel of a replica.</summary>
[Collection(AzuriteCollection.Name)]
public sealed class CatalogueCheckTests(AzuriteFixture azurite) : IAsyncLifetime
{
    readonly ReplicaBench _replicas = new(azurite);
    readonly ReplicaBench _channel = new(azurite) { Place = new ReplicaSettings { Channel = StandIn.SecondChannel } };

    public async Task InitializeAsync()
    {
        await _replicas.StartAsync();
        await _channel.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _replicas.StopAsync();
        await _channel.StopAsync();
    }

    [Fact(Timeout = 180_000)]
    public async Task Pin_head_and_segments_are_named_and_made_anew()
    {
        await using var bench = await _replicas.OpenAsync();
        var ids = new[] { await _replicas.StoreAsync(bench, 1), await _replicas.StoreAsync(bench, 1) };
        await RollAsync(bench);
        Assert.True(await bench.Get<Replication>().RunAsync(CancellationToken.None));
        Assert.Empty((await CheckAsync(bench)).Findings);
        var state = await StateAsync(bench);

        _replicas.StandIn.Server.Lose(StandIn.FirstChannel, Assert.Single(state.Segments).Receipt.MessageId, bytesToo: true);
        File.Delete(_replicas.PathOf("catalogue/catalogue.tgvd"));
        var looked = await CheckAsync(bench, mends: false);
        Assert.Equal(
            [($"segment {StandIn.FirstChannel}.{state.Segments[0].Receipt.MessageId}", "Telegram"), ("catalogue", _replicas.Replica)],
            looked.Findings.Select(finding => (finding.Document, finding.Place))
        );
        Assert.Equal(2, (await CheckAsync(bench)).Findings.Count(finding => finding.IsMended));
        Assert.Empty((await CheckAsync(bench)).Findings.Where(finding => finding.Place == "Telegram"));
        Assert.True(await bench.Get<Replication>().RunAsync(CancellationToken.None));
        Assert.Empty((await CheckAsync(bench)).Findings);

        // The head goes, and with it the pin.
        _replicas.StandIn.Server.Lose(StandIn.FirstChannel, (await StateAsync(bench)).Head!.MessageId, bytesToo: true);
        Assert.Equal(["pin", "catalogue"], (await CheckAsync(bench)).Findings.Select(finding => finding.Document));
        Assert.Empty((await CheckAsync(bench)).Findings.Where(finding => finding.Place == "Telegram"));

        await using var next = await _replicas.OpenAsync();
        var report = await next.Get<ILibraryRecovery>()
            .RunAsync(new RecoveryRequest { ReadChunks = true }, _ => { }, CancellationToken.None);
        Assert.Equal(("", ids.Length, true), (report.Replica, report.Videos, report.IsComplete));
    }

    [Fact(Timeout = 180_000)]
    public async Task That_of_a_replicas_channel_is_mended_by_its_own_rows()
    {
        await using var bench = await _channel.OpenAsync();
        var id = await _channel.StoreAsync(bench, 1);
        await ReplicaBench.FollowAsync(bench, id);
        Assert.Empty((await CheckAsync(bench)).Findings);
        using var store = StandIn.Store(_channel.StandIn.Settings() with { Channels = [StandIn.SecondChannel] });
        var pinned = (await store.FindPinnedAsync(CancellationToken.None))!;
        await store.DeleteAsync(pinned, CancellationToken.None);
        await bench.Library.RemoveAsync(id, CancellationToken.None);

        var found = await CheckAsync(bench);

        Assert.Equal(
            [("pin", $"channel {StandIn.SecondChannel}", true)],
            found.Findings.Select(finding => (finding.Document, finding.Place, finding.IsMended))
        );
        Assert.Empty((await CheckAsync(bench)).Findings);
        Assert.NotNull(await store.FindPinnedAsync(CancellationToken.None));
    }

    static Task<CopyReport> CheckAsync(IngestBench bench, bool mends = true) =>
        bench.Get<ICatalogueChecks>().RunAsync(mends, CancellationToken.None);

    static async Task<CatalogueState> StateAsync(IngestBench bench) =>
        (await new CatalogueTable(bench.Get<IRowStore>().Table(VaultTables.Vault)).LoadAsync(CancellationToken.None))!;

    /// <summary>Writes the recent changes into a segment, long before there are hundreds.</summary>
    static async Task RollAsync(IngestBench bench)
    {
        using var log = new CatalogueLog(
            bench.Get<IRowStore>().Table(VaultTables.Vault),
            bench.Get<IChunkStore>(),
            bench.Get<IPinboard>(),
            bench.Get<KeyRing>(),
            Environment.MachineName,
            TimeProvider.System,
            NullLogger<CatalogueLog>.Instance
        )
        {
            RecentLimit = 1,
        };
        await log.PublishAnewAsync((await StateAsync(bench)).Sequence, CancellationToken.None);
    }
}
