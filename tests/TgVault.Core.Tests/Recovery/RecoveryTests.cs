using System.Text;
using System.Text.Json;
using TgVault.BotApi.Faults;
using TgVault.Core.Crypto;
using TgVault.Core.Hosting;
using TgVault.Core.Keys;
using TgVault.Core.Library;
using TgVault.Core.Recovery;
using TgVault.Core.Rows;
using TgVault.Core.Settings;
using TgVault.Core.Tests.Ingest;
using TgVault.Core.Tests.Telegram;
using TgVault.Core.Upkeep;
using TgVault.Core.Videos;
using TgVault.Testing;

namespace TgVault.Core.Tests.Recovery;

/// <summary>A library whose storage is lost comes back from the stand-in's channel. Lost storage is a new prefix in the account.</summary>
[Collection(AzuriteCollection.Name)]
public sealed class RecoveryTests(AzuriteFixture azurite) : IAsyncLifetime
{
    const string WebVtt = "WEBVTT\n\n00:00.000 --> 00:01.000\nHello\n";

    readonly Dictionary<VideoId, byte[]> _uploads = [];
    StandIn _standIn = null!;

    public async Task InitializeAsync() => _standIn = await StandIn.StartAsync();

    public Task DisposeAsync() => _standIn.DisposeAsync().AsTask();

    [Fact(Timeout = 120_000)]
    public async Task A_library_is_back_with_folders_tags_new_names_captions_and_every_byte()
    {
        var stored = await StoreAsync(5);
        await using var bench = await OpenAsync();
        var found = await bench.Get<ILibraryRecovery>().FindAsync(CancellationToken.None);
        Assert.Equal((RecoveryStage.Found, 5), (found!.Stage, found.Videos));
        Assert.Empty(await ListAsync(bench));

        var told = new List<RecoveryProgress>();
        var report = await RecoverAsync(bench, new RecoveryRequest { KeepLinks = true }, told.Add);

        var back = await ListAsync(bench);
        Assert.Equal(stored.Select(Comparable), back.Select(Comparable));
        foreach (var video in back)
            Assert.Equal(_uploads[video.Id], await bench.PlayAsync(video.Id));
        Assert.True(report.IsComplete);
        Assert.Equal((5, 5, 0, 6), (report.Videos, report.Opened, report.There, report.Files));
        Assert.Equal(_uploads.Values.Sum(upload => (upload.Length + 65535) / 65536) + 1, report.Chunks);
        Assert.Equal(
            _uploads.Values.Sum(upload => upload.Length) + back.Sum(video => video.Files.Companions.Sum(one => one.LengthBytes)),
            report.Bytes
        );
        Assert.Equal(0, report.Read);
        Assert.Equal([1, 2, 3, 4, 5], told.Select(progress => progress.Done));
        Assert.True((await bench.Get<ILibraryRecovery>().FindAsync(CancellationToken.None))!.IsDone);

        // And it goes on: what is stored now stands beside what was recovered, for the next loss.
        await AddAsync(bench, 9);
        await using var next = await OpenAsync();
        Assert.Equal(6, (await RecoverAsync(next, new RecoveryRequest { ReadChunks = true })).Videos);
        Assert.Equal(_uploads.Keys.Order(), (await ListAsync(next)).Select(video => video.Id).Order());
    }

    [Fact(Timeout = 120_000)]
    public async Task One_that_was_interrupted_goes_on_where_it_was()
    {
        await StoreAsync(4);
        await using var bench = await OpenAsync();
        using var stop = new CancellationTokenSource();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            bench.Get<ILibraryRecovery>().RunAsync(new RecoveryRequest(), _ => stop.Cancel(), stop.Token)
        );
        var half = await ListAsync(bench);
        var state = await bench.Get<ILibraryRecovery>().FindAsync(CancellationToken.None);
        var report = await RecoverAsync(bench, new RecoveryRequest { ReadChunks = true });

        Assert.InRange(half.Count, 1, 4);
        Assert.Equal(RecoveryStage.Running, state!.Stage);
        Assert.Equal((4, half.Count, 4 - half.Count), (report.Videos, report.There, report.Opened));
        Assert.Equal(report.Chunks, report.Read);
        foreach (var (id, content) in _uploads)
            Assert.Equal(content, await bench.PlayAsync(id));
    }

    [Fact(Timeout = 60_000)]
    public async Task Another_master_secret_is_named_and_makes_no_vault()
    {
        await StoreAsync(1);
        var settings = Settings(azurite.NewStorage()) with { MasterSecret = "another secret for tests, also long enough" };

        var refused = await Assert.ThrowsAsync<VaultException>(() => Foundations.OpenAsync(settings));

        Assert.Contains("TgVault:MasterSecret", refused.Message, StringComparison.Ordinal);
        Assert.Contains($"{StandIn.FirstChannel}", refused.Message, StringComparison.Ordinal);
        // Nothing of it stays in the way of the right one.
        await using var bench = await OpenAsync(settings with { MasterSecret = Foundations.MasterSecret });
        Assert.Equal(1, (await RecoverAsync(bench)).Opened);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_catalogue_that_is_damaged_is_told_from_a_wrong_secret()
    {
        await StoreAsync(1);
        _standIn.Server.Faults.Add(
            new Fault
            {
                Kind = FaultKind.FlippedBit,
                Method = Fault.FileGet,
                AtByte = SealedDocument.HeaderBytes + 5,
            }
        );

        var refused = await Assert.ThrowsAsync<VaultException>(() => Foundations.OpenAsync(Settings(azurite.NewStorage())));

        Assert.Contains("The master secret is right", refused.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_channel_that_cannot_be_looked_into_makes_no_vault()
    {
        _standIn.Server.Faults.Add(new Fault { Kind = FaultKind.BadGateway, Method = "getChat" });
        var settings = Settings(azurite.NewStorage());

        var refused = await Assert.ThrowsAsync<VaultException>(() => Foundations.OpenAsync(settings));

        Assert.Contains("Nothing was made", refused.Message, StringComparison.Ordinal);
        _standIn.Server.Faults.Clear();
        await using var bench = await OpenAsync(settings);
        Assert.Null(await bench.Get<ILibraryRecovery>().FindAsync(CancellationToken.None));
    }

    [Fact(Timeout = 120_000)]
    public async Task Storage_with_videos_is_left_alone_unless_told_and_then_gets_what_it_lacks()
    {
        await StoreAsync(2);
        await using var bench = await OpenAsync();
        await RecoverAsync(bench);
        var (lost, kept) = ((await ListAsync(bench))[0], (await ListAsync(bench))[1]);
        await bench.Library.RemoveAsync(lost.Id, CancellationToken.None);
        var edited = kept with { Details = kept.Details with { Name = "what the tables say" } };
        Assert.NotNull(await bench.Library.TryReplaceAsync(edited, CancellationToken.None));

        var refused = await Assert.ThrowsAsync<VaultException>(() => RecoverAsync(bench));
        var report = await RecoverAsync(bench, new RecoveryRequest { IntoExisting = true });

        Assert.Contains("--into-existing", refused.Message, StringComparison.Ordinal);
        Assert.Equal((2, 1, 1), (report.Videos, report.Opened, report.There));
        Assert.Equal("what the tables say", (await bench.ShowAsync(kept.Id)).Details.Name);
        Assert.Equal(_uploads[lost.Id], await bench.PlayAsync(lost.Id));
    }

    [Fact(Timeout = 120_000)]
    public async Task What_is_gone_from_the_channel_is_named_and_nothing_more_is_claimed()
    {
        var stored = await StoreAsync(3);
        var (manifest, chunk) = (stored[0], stored[1]);
        _standIn.Server.Lose(StandIn.FirstChannel, manifest.Manifests.Newest!.MessageId, bytesToo: true);
        await using var bench = await OpenAsync();

        var report = await RecoverAsync(bench);
        var partial = await bench.Get<ILibraryRecovery>().FindAsync(CancellationToken.None);
        var record = await bench.Library.FindChunkAsync(chunk.Id, 1, default, CancellationToken.None);
        _standIn.Server.Lose(StandIn.FirstChannel, record!.Receipt.MessageId, bytesToo: true);
        var unread = await RecoverAsync(bench);
        var read = await RecoverAsync(bench, new RecoveryRequest { ReadChunks = true });

        Assert.Equal((3, 2, 1), (report.Videos, report.Opened, report.Failed));
        Assert.Equal(manifest.Id, Assert.Single(report.Failures).Video);
        Assert.Equal((RecoveryStage.Partial, 1), (partial!.Stage, partial.Failed));
        Assert.Equal((1, 0), (unread.Failed, unread.Read));
        Assert.Equal([manifest.Id, chunk.Id], read.Failures.Select(failure => failure.Video).Order());
        Assert.False(report.IsComplete || unread.IsComplete || read.IsComplete);
    }

    [Fact(Timeout = 120_000)]
    public async Task Another_bot_of_the_channel_recovers_what_the_first_one_stored_and_ends_old_links()
    {
        var stored = await StoreAsync(2);
        var settings = Settings(azurite.NewStorage()) with { Telegram = _standIn.Settings(StandIn.SecondToken) };
        await using var bench = await OpenAsync(settings);

        var report = await RecoverAsync(bench);

        Assert.True(report.IsComplete);
        Assert.All(await ListAsync(bench), video => Assert.True(video.LinkEpoch > stored.Max(one => one.LinkEpoch)));
        foreach (var (id, content) in _uploads)
            Assert.Equal(content, await bench.PlayAsync(id));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_catalogue_that_nobody_pins_any_more_is_found_from_the_newest_message_back()
    {
        await StoreAsync(2);
        var settings = Settings(azurite.NewStorage());
        using var store = _standIn.Store();
        var pinned = await store.FindPinnedAsync(CancellationToken.None);
        using var http = new HttpClient();
        using var unpinned = await http.GetAsync(
            new Uri($"{_standIn.Server.Url}/bot{StandIn.FirstToken}/unpinChatMessage?chat_id={StandIn.FirstChannel}")
        );
        unpinned.EnsureSuccessStatusCode();
        Assert.Null(await store.FindPinnedAsync(CancellationToken.None));
        var documents = _standIn.LiveDocuments;
        var looked = new List<int>();

        var nothing = await Assert.ThrowsAsync<VaultException>(() =>
            VaultFoundation.OpenExistingAsync(settings, TimeProvider.System, CancellationToken.None)
        );
        var found = await VaultFoundation.PinNewestCatalogueAsync(settings, looked.Add, TimeProvider.System, CancellationToken.None);
        var again = await VaultFoundation.PinNewestCatalogueAsync(settings, looked.Add, TimeProvider.System, CancellationToken.None);

        Assert.Contains("--search", nothing.Message, StringComparison.Ordinal);
        Assert.Equal((pinned!.MessageId, 0), found);
        Assert.Equal((null, 0), again);
        Assert.Equal(pinned.MessageId, looked[^1]);
        Assert.Equal(documents, _standIn.LiveDocuments);
        await using var bench = await OpenAsync(settings);
        Assert.Equal(2, (await RecoverAsync(bench)).Opened);
    }

    [Fact(Timeout = 60_000)]
    public async Task Storage_of_another_vault_is_no_place_to_recover_into()
    {
        await using var other = await IngestBench.OpenAsync(azurite);
        await StoreAsync(1);
        await using var bench = await OpenAsync(Settings(other.Get<VaultSettings>()));

        var refused = await Assert.ThrowsAsync<VaultException>(() => RecoverAsync(bench, new RecoveryRequest { IntoExisting = true }));

        Assert.Contains("another vault", refused.Message, StringComparison.Ordinal);
        Assert.Empty(await ListAsync(bench));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_version_of_the_key_that_only_manifests_name_is_met_once_and_kept()
    {
        var table = new MemoryRowStore(TimeProvider.System).Table(VaultTables.Vault);
        var cheap = new VaultKeyCost(64, 1);
        using var first = new KeyRing([MasterKey.Make(Foundations.MasterSecret, 1, cheap)]);
        using var second = MasterKey.Make(Foundations.MasterSecret, 2, cheap);
        using var foreign = MasterKey.Make("a secret of somebody else, long enough too", 3, cheap);
        var document = SealedDocument.Seal(DocumentKind.Manifest, [1, 2, 3], second);
        using var keys = new HeaderKeys(first, new MasterSecrets(Foundations.MasterSecret), table);

        var met = await keys.FindAsync(document, CancellationToken.None);

        Assert.Equal([1, 2, 3], SealedDocument.Open(DocumentKind.Manifest, document, met));
        Assert.Same(met, await keys.FindAsync(document, CancellationToken.None));
        Assert.Same(met, keys.Find(2));
        await Assert.ThrowsAsync<IntegrityException>(() =>
            keys.FindAsync(SealedDocument.Seal(DocumentKind.Manifest, [1], foreign), CancellationToken.None)
        );
        using var ring = await KeyRingTable.OpenAsync(
            table,
            new MasterSecrets(Foundations.MasterSecret),
            _ => Task.FromResult<VaultKeyParameters?>(null),
            CancellationToken.None
        );
        Assert.Equal(2, ring.Current.Version);
    }

    VaultSettings Settings(VaultSettings storage) =>
        storage with
        {
            MasterSecret = Foundations.MasterSecret,
            Telegram = _standIn.Settings(),
        };

    Task<IngestBench> OpenAsync(VaultSettings? settings = null) =>
        IngestBench.OpenAsync(
            azurite,
            given => (settings ?? Settings(given)) with { Chunks = given.Chunks, Pictures = false },
            overTelegram: true
        );

    /// <summary>So many files, named, tagged and moved after they were stored; the first has captions. Their rows, newest first.</summary>
    async Task<List<Video>> StoreAsync(int count)
    {
        await using var bench = await OpenAsync();
        for (var number = 0; number < count; number++)
            await AddAsync(bench, number);
        return await ListAsync(bench);
    }

    async Task AddAsync(IngestBench bench, int number)
    {
        var content = new byte[50_000 + (number * 40_000)];
        new Random(number).NextBytes(content);
        var (id, arrived) = await bench.UploadAsync($"file {number}.bin", content);
        await bench.RunAsync(arrived);
        _uploads[id] = content;
        if (number == 0)
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
                    new MemoryStream(Encoding.UTF8.GetBytes(WebVtt)),
                    CancellationToken.None
                );
        await bench.Library.ChangeAsync(
            id,
            video =>
                video with
                {
                    Details = new VideoDetails
                    {
                        Name = $"renamed {number}.bin",
                        Folder = $"Films/{number % 2}",
                        Tags = ["all", $"tag {number}"],
                        Description = $"Film ünd number {number}",
                    },
                    LinkEpoch = number,
                    Manifests = video.Manifests with { IsStale = true },
                },
            CancellationToken.None
        );
        await bench.Get<IAmendments>().RunAsync(id, CancellationToken.None);
        Assert.False((await bench.ShowAsync(id)).NeedsAmending);
    }

    static Task<RecoveryReport> RecoverAsync(IngestBench bench, RecoveryRequest? request = null, Action<RecoveryProgress>? tell = null) =>
        bench.Get<ILibraryRecovery>().RunAsync(request ?? new RecoveryRequest(), tell ?? (_ => { }), CancellationToken.None);

    static async Task<List<Video>> ListAsync(IngestBench bench) =>
        [.. (await bench.Library.ListAsync(new VideoQuery(null, null, 100, null), CancellationToken.None)).Videos];

    /// <summary>The whole row but for what is of one storage only: its version, the staged upload, how far sending was, when it was
    /// written.</summary>
    static string Comparable(Video video) =>
        JsonSerializer.Serialize(
            video with
            {
                RowVersion = "",
                Updated = default,
                // Manifests are written before that.
                Finished = null,
                Upload = video.Upload with { Source = null },
                Life = VideoLife.Restored(video.Life.Status, video.Life.Stage, video.Life.Attempt, null, null),
                Files = video.Files with { Prepared = video.Files.Prepared! with { Extents = [] } },
            }
        );
}
