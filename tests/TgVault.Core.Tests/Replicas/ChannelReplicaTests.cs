using TgVault.BotApi;
using TgVault.BotApi.Store;
using TgVault.Core.Hosting;
using TgVault.Core.Orphans;
using TgVault.Core.Playback.Open;
using TgVault.Core.Recovery;
using TgVault.Core.Replicas;
using TgVault.Core.Replicas.Copies;
using TgVault.Core.Settings;
using TgVault.Core.Telegram;
using TgVault.Core.Tests.Ingest;
using TgVault.Core.Tests.Recovery;
using TgVault.Core.Tests.Rotation;
using TgVault.Core.Tests.Telegram;
using TgVault.Core.Upkeep;
using TgVault.Core.Videos;
using TgVault.Testing;
using TgVault.Testing.Playback;

namespace TgVault.Core.Tests.Replicas;

/// <summary>A second channel holds what the vault's own does, and is enough where that is gone.</summary>
[Collection(AzuriteCollection.Name)]
public sealed class ChannelReplicaTests(AzuriteFixture azurite) : IAsyncLifetime
{
    static readonly ReplicaSettings Second = new() { Channel = StandIn.SecondChannel };

    readonly ReplicaBench _replicas = new(azurite) { Place = Second };

    /// <summary>The same channel, whose administrator is another bot.</summary>
    readonly ReplicaBench _foreign = new(azurite) { Place = Second with { Bots = [new BotSettings { Token = StandIn.SecondToken }] } };

    public async Task InitializeAsync()
    {
        await _replicas.StartAsync();
        await _foreign.StartAsync();
        _foreign.StandIn.Server.Members.Set(StandIn.FirstBot, StandIn.SecondChannel, BotRights.None);
        _foreign.StandIn.Server.Members.Set(StandIn.SecondBot, StandIn.FirstChannel, BotRights.None);
    }

    public async Task DisposeAsync()
    {
        await _replicas.StopAsync();
        await _foreign.StopAsync();
    }

    [Fact(Timeout = 180_000)]
    public async Task Telegram_copies_what_is_stored_and_the_copy_channel_alone_gives_the_library_back()
    {
        await using var bench = await _replicas.OpenAsync();
        var (stays, goes) = (await _replicas.StoreAsync(bench, 3), await _replicas.StoreAsync(bench, 1));
        var sent = Sent(_replicas);

        await ReplicaBench.FollowAsync(bench, stays, goes);

        // A manifest that names the copies for each video, and catalogues: no chunk is uploaded a second time.
        Assert.Equal(4, _replicas.StandIn.Server.Documents.Count(document => IsChunkIn(document, StandIn.SecondChannel)));
        Assert.DoesNotContain(
            _replicas.StandIn.Server.Documents,
            document => document.ChatId == StandIn.SecondChannel && document.SizeBytes > 65_000 && IsUploaded(document)
        );
        Assert.InRange(Sent(_replicas) - sent, 2, 8);
        await ReplicaBench.RenameAsync(bench, stays, "renamed");
        await bench.Get<IRemovals>().BeginAsync(goes, CancellationToken.None);
        await bench.Get<IRemovals>().FinishAsync(goes, CancellationToken.None);
        await ReplicaBench.FollowAsync(bench, stays);
        var shown = Assert.Single(await bench.Get<IReplicas>().ShowAsync(CancellationToken.None));
        Assert.Equal((ReplicaKind.Channel, 1, 0, ""), (shown.Kind, shown.Videos, shown.Waiting, shown.Problem));
        Assert.Empty((await ReplicaBench.CheckAsync(bench, stays, CopyDepth.Whole)).Findings);
        await AssertNamedAsync(bench);

        // The first channel is there no more, and neither are the rows.
        _replicas.StandIn.Server.Members.Set(StandIn.FirstBot, StandIn.FirstChannel, BotRights.None);
        await using var next = await OpenOnSecondAsync(_replicas, StandIn.FirstToken);
        var report = await RecoverAsync(next);
        Assert.Equal((1, 1, 3, true), (report.Videos, report.Opened, report.Read, report.IsComplete));
        Assert.Equal("renamed", (await next.ShowAsync(stays)).Details.Name);
        Assert.Equal(_replicas.Uploads[stays], await ReplicaBench.PlayAsync(next, stays));
        var record = await next.Library.FindChunkAsync(stays, 1, new ChunkNumber(0), CancellationToken.None);
        Assert.Equal(StandIn.SecondChannel, record!.Receipt.ChatId);
    }

    [Fact(Timeout = 180_000)]
    public async Task Another_bots_channel_gets_an_upload_stands_in_and_mends_what_is_lost_and_nothing_else()
    {
        await using var bench = await _foreign.OpenAsync();
        var id = await _foreign.StoreAsync(bench, 6);
        await ReplicaBench.FollowAsync(bench, id);
        await using var stream = (await bench.Get<OpenVideos>().OpenAsync(id, CancellationToken.None))!;
        var played = new byte[_foreign.Uploads[id].Length];
        await stream.ReadExactlyAsync(played.AsMemory(0, 100_000));

        for (var number = 0; number < 5; number++)
            await _foreign.LoseAsync(bench, id, number);
        await stream.ReadExactlyAsync(played.AsMemory(100_000));

        Assert.Equal(_foreign.Uploads[id], played);
        var copies = Live(_foreign, StandIn.SecondChannel);
        var healthy = await bench.Library.FindChunkAsync(id, 1, new ChunkNumber(5), CancellationToken.None);
        await ReplicaBench.CheckAsync(bench, id, CopyDepth.Whole, mends: false);
        await ReplicaBench.AgeSuspectsAsync(bench);
        var looked = await ReplicaBench.CheckAsync(bench, id, CopyDepth.Whole, mends: false);
        Assert.Equal((5, 5), (looked.OneCopy, looked.Places[0].Missing));
        var mended = await ReplicaBench.CheckAsync(bench, id, CopyDepth.Header);
        Assert.Equal((5, 0), (mended.Places[0].Mended, mended.Places[1].Mended));
        await ReplicaBench.FollowAsync(bench, id);
        var last = await ReplicaBench.CheckAsync(bench, id, CopyDepth.Whole);
        Assert.Empty(last.Findings);
        // The manifest, which names the new documents, and the catalogue are others; no chunk of the copy channel is, nor the healthy one.
        Assert.Equal(6, Live(_foreign, StandIn.SecondChannel).Intersect(copies).Count());
        Assert.Equal(healthy, await bench.Library.FindChunkAsync(id, 1, new ChunkNumber(5), CancellationToken.None), HasSameReceipt);

        await using var next = await OpenOnSecondAsync(_foreign, StandIn.SecondToken);
        Assert.True((await RecoverAsync(next)).IsComplete);
        Assert.Equal(_foreign.Uploads[id], await ReplicaBench.PlayAsync(next, id));
    }

    [Fact(Timeout = 180_000)]
    public async Task Rows_that_are_rebuilt_know_the_copies_whichever_channel_they_come_from()
    {
        VideoId id;
        await using (var bench = await _replicas.OpenAsync())
        {
            id = await _replicas.StoreAsync(bench, 2);
            await ReplicaBench.FollowAsync(bench, id);
        }

        var before = Live(_replicas, StandIn.SecondChannel);
        await using var fromFirst = await _replicas.OpenAsync();
        Assert.True((await RecoverAsync(fromFirst)).IsComplete);
        await ReplicaBench.FollowAsync(fromFirst, id);
        Assert.Empty((await ReplicaBench.CheckAsync(fromFirst, id, CopyDepth.Whole)).Findings);
        // No chunk and no manifest was copied again.
        Assert.Equal(3, Live(_replicas, StandIn.SecondChannel).Intersect(before).Count());

        // The same settings, with the first channel gone: the replica is asked instead.
        _replicas.StandIn.Server.Members.Set(StandIn.FirstBot, StandIn.FirstChannel, BotRights.None);
        await using var fromSecond = await _replicas.OpenAsync();
        var report = await RecoverAsync(fromSecond);
        Assert.Equal((ChannelReplicaPlace, 1, true), (report.Replica, report.Opened, report.IsComplete));
        Assert.Equal(_replicas.Uploads[id], await ReplicaBench.PlayAsync(fromSecond, id));
    }

    [Fact(Timeout = 180_000)]
    public async Task A_rotated_vault_comes_back_from_the_copy_channel_by_the_new_secret_alone_also_where_its_pin_is_lost()
    {
        const string Newer = "the master secret that comes after that one";
        VideoId id;
        VaultSettings storage;
        await using (var bench = await _replicas.OpenAsync())
        {
            id = await _replicas.StoreAsync(bench, 2);
            await ReplicaBench.FollowAsync(bench, id);
            storage = bench.Get<VaultSettings>();
        }

        var rotating = storage with { FormerMasterSecret = storage.MasterSecret };
        await using (var bench = await _replicas.OpenAsync(storage: rotating, masterSecret: Newer))
        {
            await Vaults.RotateAsync(bench);
            await ReplicaBench.FollowAsync(bench, id);
            Assert.Equal(3, Live(_replicas, StandIn.SecondChannel).Count - 1);
        }

        _replicas.StandIn.Server.Members.Set(StandIn.FirstBot, StandIn.FirstChannel, BotRights.None);
        var settings = storage with
        {
            MasterSecret = Newer,
            Telegram = _replicas.StandIn.Settings() with { Channels = [StandIn.SecondChannel] },
            Replicas = [],
        };
        using (var store = StandIn.Store(settings.Telegram))
        {
            var pinned = (await store.FindPinnedAsync(CancellationToken.None))!;
            // Another document is pinned, and taken off again: so nothing is.
            await store.PinAsync(await store.PutAsync(StandIn.Document(10), CancellationToken.None), pinned, CancellationToken.None);
            await UnpinAsync(store);
        }

        var (message, _) = await VaultFoundation.PinNewestCatalogueAsync(settings, _ => { }, TimeProvider.System, CancellationToken.None);
        Assert.NotNull(message);
        await using var next = await OpenOnSecondAsync(_replicas, StandIn.FirstToken, Newer);
        Assert.True((await RecoverAsync(next)).IsComplete);
        Assert.Equal(_replicas.Uploads[id], await ReplicaBench.PlayAsync(next, id));
    }

    static async Task UnpinAsync(TelegramChunkStore store)
    {
        var pinned = (await store.FindPinnedAsync(CancellationToken.None))!;
        await store.DeleteAsync(pinned, CancellationToken.None);
        Assert.Null(await store.FindPinnedAsync(CancellationToken.None));
    }

    static bool HasSameReceipt(ChunkRecord? one, ChunkRecord? other) => one!.Receipt == other!.Receipt;

    static readonly string ChannelReplicaPlace = $"channel {StandIn.SecondChannel}";

    static int Sent(ReplicaBench bench) => bench.StandIn.Server.Documents.Count(IsUploaded);

    static bool IsUploaded(StoredDocument document) => document.ChatId == StandIn.FirstChannel;

    static bool IsChunkIn(StoredDocument document, long channel) =>
        !document.IsDeleted && document.ChatId == channel && document.SizeBytes > 60_000;

    static List<int> Live(ReplicaBench bench, long channel) =>
        [
            .. bench
                .StandIn.Server.Documents.Where(document => !document.IsDeleted && document.ChatId == channel)
                .Select(document => document.MessageId),
        ];

    /// <summary>Every document of the copy channel is named by the rows.</summary>
    async Task AssertNamedAsync(IngestBench bench)
    {
        var named = await bench.Get<INamedDocuments>().ListAsync(CancellationToken.None).ToListAsync();
        Assert.Equal(
            Live(_replicas, StandIn.SecondChannel).Order(),
            named
                .Where(document => document.ChatId == StandIn.SecondChannel && document.Use == DocumentUse.InUse)
                .Select(document => document.MessageId)
                .Order()
        );
    }

    /// <summary>A vault on empty storage whose only channel is the copy.</summary>
    Task<IngestBench> OpenOnSecondAsync(ReplicaBench bench, string token, string masterSecret = Foundations.MasterSecret) =>
        IngestBench.OpenAsync(
            azurite,
            given =>
                given with
                {
                    MasterSecret = masterSecret,
                    Telegram = bench.StandIn.Settings(token) with { Attempts = 4, Channels = [StandIn.SecondChannel] },
                    Pictures = false,
                },
            overTelegram: true
        );

    static Task<RecoveryReport> RecoverAsync(IngestBench bench) =>
        bench.Get<ILibraryRecovery>().RunAsync(new RecoveryRequest { ReadChunks = true }, _ => { }, CancellationToken.None);
}
