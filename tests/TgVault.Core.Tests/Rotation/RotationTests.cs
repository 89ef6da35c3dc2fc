using TgVault.Core.Catalogue;
using TgVault.Core.Crypto;
using TgVault.Core.Library;
using TgVault.Core.Links;
using TgVault.Core.Recovery;
using TgVault.Core.Rotation;
using TgVault.Core.Settings;
using TgVault.Core.Tests.Ingest;
using TgVault.Core.Tests.Recovery;
using TgVault.Core.Tests.Telegram;
using TgVault.Core.Upkeep;
using TgVault.Core.Videos;
using TgVault.Testing;

namespace TgVault.Core.Tests.Rotation;

/// <summary>A vault over the stand-in comes under a new master secret.</summary>
[Collection(AzuriteCollection.Name)]
public sealed class RotationTests(AzuriteFixture azurite) : IAsyncLifetime
{
    const string Newer = "the master secret that comes after that one";

    readonly Dictionary<VideoId, byte[]> _uploads = [];
    StandIn _standIn = null!;
    VaultSettings _vault = null!;

    public async Task InitializeAsync()
    {
        _standIn = await StandIn.StartAsync();
        _vault = azurite.NewStorage() with
        {
            MasterSecret = Foundations.MasterSecret,
            Telegram = _standIn.Settings(),
            Chunks = new ChunkSettings { Size = 65536 },
            Pictures = false,
        };
    }

    VaultSettings Rotating => _vault with { MasterSecret = Newer, FormerMasterSecret = Foundations.MasterSecret };

    VaultSettings Rotated => _vault with { MasterSecret = Newer };

    public Task DisposeAsync() => _standIn.DisposeAsync().AsTask();

    [Fact(Timeout = 120_000)]
    public async Task A_vault_comes_under_the_new_secret_alone_with_no_chunk_touched_and_plays_meanwhile()
    {
        MintedLink former;
        string formerKey;
        await using (var before = await OpenAsync(_vault))
        {
            await StoreAsync(before, 3);
            await Vaults.AddCaptionsAsync(before, _uploads.Keys.First());
            former = before.Get<VideoLinks>().Mint(new LinkRequest(_uploads.Keys.First(), null, [], []));
            formerKey = (await before.Get<LinkKeyRing>().MakeAsync("a site", CancellationToken.None)).Key.Id;
        }

        var chunks = await ChunksAsync();
        await using (var bench = await OpenAsync(Rotating))
        {
            Assert.Equal(LinkStatus.Valid, (await bench.Get<VideoLinks>().CheckAsync(former.Token)).Status);
            await Vaults.RotateAsync(bench, () => AssertPlaysAsync(bench));

            var state = await bench.Get<IKeyRotation>().FindAsync(CancellationToken.None);
            Assert.Equal((RotationStage.Done, 2, 3), (state!.Stage, state.Version, state.Videos));
            Assert.Equal(
                RotationStep.Done,
                await bench.Get<IKeyRotation>().StepAsync((_, _) => Task.CompletedTask, CancellationToken.None)
            );
            // The former secret can sign links to everything, so what it signed is over.
            Assert.Equal(LinkStatus.Invalid, (await bench.Get<VideoLinks>().CheckAsync(former.Token)).Status);
            Assert.DoesNotContain(await bench.Get<LinkKeyRing>().ListAsync(CancellationToken.None), key => key.Id == formerKey);
            Assert.Empty(await bench.Get<IKeyRotation>().ListLeftAsync(10, CancellationToken.None));
        }

        Assert.Equal(chunks, await ChunksAsync());
        await AssertNothingOpensAsync(Foundations.MasterSecret);
        var refused = await Assert.ThrowsAsync<VaultException>(() => Foundations.OpenAsync(_vault));
        Assert.Contains("vault key version 2", refused.Message, StringComparison.Ordinal);
        await using (var after = await OpenAsync(Rotated))
        {
            await AssertPlaysAsync(after);
            await StoreAsync(after, 1);
        }

        // All storage is lost: the new secret alone brings everything back.
        await using var recovered = await OpenAsync(Lost(Rotated));
        var report = await RecoverAsync(recovered);
        Assert.True(report.IsComplete);
        Assert.Equal((4, 4), (report.Videos, report.Opened));
        await AssertPlaysAsync(recovered);
    }

    [Fact(Timeout = 120_000)]
    public async Task What_is_in_the_trash_has_failed_or_lost_its_row_comes_under_it_too()
    {
        await using (var before = await OpenAsync(_vault))
        {
            await StoreAsync(before, 3);
            var ids = _uploads.Keys.ToList();
            await before.Library.ChangeAsync(
                ids[0],
                video => VideoLife.Trash(video, DateTimeOffset.UtcNow.AddDays(30), DateTimeOffset.UtcNow),
                CancellationToken.None
            );
            await before.Library.RemoveAsync(ids[1], CancellationToken.None);
        }

        await using (var bench = await OpenAsync(Rotating))
            await Vaults.RotateAsync(bench);

        await AssertNothingOpensAsync(Foundations.MasterSecret);
        await using var recovered = await OpenAsync(Lost(Rotated));
        Assert.Equal((3, 0), ((await RecoverAsync(recovered)).Opened, (await RecoverAsync(recovered)).Failed));
        await AssertPlaysAsync(recovered);
    }

    [Fact(Timeout = 120_000)]
    public async Task Storage_that_is_lost_half_way_needs_both_secrets_and_says_so()
    {
        await using (var before = await OpenAsync(_vault))
            await StoreAsync(before, 3);
        await using (var bench = await OpenAsync(Rotating))
        {
            // The catalogue and one video are under the new one, the others not yet.
            await bench.Get<CatalogueRenewal>().BeginAsync(CancellationToken.None);
            await bench.Library.ChangeAsync(
                _uploads.Keys.First(),
                video => video with { Manifests = video.Manifests with { IsStale = true } },
                CancellationToken.None
            );
            await bench.Get<IAmendments>().RunAsync(_uploads.Keys.First(), CancellationToken.None);
        }

        await using var newer = await OpenAsync(Lost(Rotated));
        var half = await RecoverAsync(newer);
        var refused = await Assert.ThrowsAsync<VaultException>(() => Foundations.OpenAsync(Lost(_vault)));
        var lost = Lost(Rotating);
        RecoveryReport whole;
        await using (var recovering = await OpenAsync(lost))
            whole = await RecoverAsync(recovering);
        await using var both = await OpenAsync(lost);
        await Vaults.RotateAsync(both);

        Assert.Equal((1, 2), (half.Opened, half.Failed));
        Assert.All(half.Failures, failure => Assert.Contains("TgVault:FormerMasterSecret", failure.Reason, StringComparison.Ordinal));
        Assert.Contains("vault key version 2", refused.Message, StringComparison.Ordinal);
        Assert.True(whole.IsComplete);
        await AssertPlaysAsync(both);
        await AssertNothingOpensAsync(Foundations.MasterSecret);
    }

    [Fact(Timeout = 120_000)]
    public async Task Manifests_that_Telegram_does_not_delete_any_more_are_told()
    {
        await using (var before = await OpenAsync(_vault))
            await StoreAsync(before, 2);
        var manifests = _standIn.Server.Documents.Where(document => !document.IsDeleted).Select(document => document.MessageId).ToHashSet();
        _standIn.Server.Clock.Advance(TimeSpan.FromHours(49));

        await using var bench = await OpenAsync(Rotating);
        await Vaults.RotateAsync(bench);

        var left = await bench.Get<IKeyRotation>().ListLeftAsync(100, CancellationToken.None);
        Assert.True(left.Count(document => manifests.Contains(document.Message)) >= 3, string.Join(' ', left));
    }

    [Fact(Timeout = 120_000)]
    public async Task Rows_older_than_the_rotation_go_on_with_the_key_that_the_channel_names()
    {
        await using (var before = await OpenAsync(_vault))
            await StoreAsync(before, 1);
        var old = Lost(Rotating);
        await using (await OpenAsync(old with { MasterSecret = Foundations.MasterSecret, FormerMasterSecret = "" })) { }
        await using (var bench = await OpenAsync(Rotating))
            await Vaults.RotateAsync(bench);

        // As from a backup: of the vault as it was, with one version of the key.
        await using var restored = await OpenAsync(old);

        Assert.Equal(2, restored.Get<KeyRing>().Current.Version);
        var report = await RecoverAsync(restored);
        Assert.True(report.IsComplete);
        await AssertPlaysAsync(restored);
    }

    Task<IngestBench> OpenAsync(VaultSettings settings) => IngestBench.OpenAsync(azurite, _ => settings, overTelegram: true);

    /// <summary>The same vault on storage that has nothing.</summary>
    VaultSettings Lost(VaultSettings settings)
    {
        var storage = azurite.NewStorage();
        return settings with { Storage = storage.Storage, StoragePrefix = storage.StoragePrefix };
    }

    async Task StoreAsync(IngestBench bench, int count)
    {
        for (var number = 0; number < count; number++)
        {
            var content = new byte[50_000 + (number * 40_000)];
            new Random(_uploads.Count).NextBytes(content);
            var (id, arrived) = await bench.UploadAsync($"file {_uploads.Count}.bin", content);
            await bench.RunAsync(arrived);
            _uploads[id] = content;
        }
    }

    async Task AssertPlaysAsync(IngestBench bench)
    {
        foreach (var (id, content) in _uploads)
        {
            if ((await bench.Library.FindAsync(id, CancellationToken.None))?.Life.Status == VideoStatus.Ready)
                Assert.Equal(content, await bench.PlayAsync(id));
        }
    }

    static Task<RecoveryReport> RecoverAsync(IngestBench bench) =>
        bench
            .Get<ILibraryRecovery>()
            .RunAsync(new RecoveryRequest { IntoExisting = true, ReadChunks = true }, _ => { }, CancellationToken.None);

    /// <summary>The messages that hold chunks.</summary>
    async Task<List<int>> ChunksAsync() =>
        [.. (await ReadAllAsync()).Where(document => document.Bytes.AsSpan().StartsWith("TGVC"u8)).Select(document => document.Message)];

    /// <summary>No document that is still in the channel opens with this secret, whatever it is.</summary>
    async Task AssertNothingOpensAsync(string masterSecret)
    {
        var documents = (await ReadAllAsync()).Where(document => SealedDocument.IsDocument(document.Bytes)).ToList();
        Assert.NotEmpty(documents);
        foreach (var version in documents.GroupBy(document => SealedDocument.ReadHeader(document.Bytes).VaultKeyVersion))
            Assert.Null(MasterKey.TryDerive(masterSecret, SealedDocument.ReadHeader(version.First().Bytes).Parameters!));
    }

    async Task<List<(int Message, byte[] Bytes)>> ReadAllAsync()
    {
        var all = new List<(int, byte[])>();
        foreach (var document in _standIn.Server.Documents.Where(document => !document.IsDeleted).ToList())
            all.Add((document.MessageId, await File.ReadAllBytesAsync(document.Path)));
        return all;
    }
}
