using Microsoft.Extensions.DependencyInjection;
using TgVault.Core.Catalogue;
using TgVault.Core.Chunks;
using TgVault.Core.Crypto;
using TgVault.Core.Keys;
using TgVault.Core.Rotation;
using TgVault.Core.Rows;
using TgVault.Core.Settings;
using TgVault.Core.Tests.Catalogue;
using TgVault.Core.Tests.Ingest;
using TgVault.Core.Tests.Recovery;
using TgVault.Core.Upkeep;
using TgVault.Core.Videos;
using TgVault.Testing;

namespace TgVault.Core.Tests.Rotation;

/// <summary>A rotation that dies again and again, each time at another call of the channel, and goes on from what the rows say.</summary>
[Collection(AzuriteCollection.Name)]
public sealed class RotationCrashTests(AzuriteFixture azurite)
{
    const string Newer = "the master secret that comes after that one";
    const int Videos = 3;

    static readonly VaultKeyCost Cheap = new(64, 1);

    readonly MemoryChunkStore _channel = new();
    readonly Dictionary<VideoId, byte[]> _uploads = [];

    [Fact(Timeout = 120_000)]
    public async Task It_goes_on_wherever_it_died_and_ends_with_every_manifest_under_the_new_key()
    {
        var settings = azurite.NewStorage() with
        {
            MasterSecret = Foundations.MasterSecret,
            Chunks = new ChunkSettings { Size = 65536 },
        };
        await using (var before = await OpenAsync(settings, _channel))
        {
            await MakeCheapAsync(before, settings);
        }

        await using (var before = await OpenAsync(settings, _channel))
            await StoreAsync(before);
        settings = settings with { MasterSecret = Newer, FormerMasterSecret = Foundations.MasterSecret };

        var died = 0;
        for (var calls = 1; !await TryRotateAsync(settings, calls); calls++)
            died++;

        Assert.InRange(died, 5, 60);
        await using var after = await OpenAsync(settings with { FormerMasterSecret = "" }, _channel);
        var keys = after.Get<KeyRing>();
        Assert.Equal(2, keys.Current.Version);
        Assert.Empty(keys.Former);
        foreach (var (id, content) in _uploads)
            Assert.Equal(content, await after.PlayAsync(id));

        // From the channel alone, with the new key alone.
        var found = 0;
        await foreach (var entry in new CatalogueReader(_channel, _channel, keys).ReadAllAsync(CancellationToken.None))
        {
            var document = new byte[entry.Manifest!.SealedLengthBytes];
            await _channel.ReadAsync(entry.Manifest, 0, document, CancellationToken.None);
            foreach (var file in ManifestDocument.Open(document, keys).ToVideo(entry.Manifest).FilesOf(CompanionState.Stored))
                keys.UnwrapFor(file).Dispose();
            found++;
        }

        Assert.Equal(Videos, found);
    }

    /// <summary>False where it died.</summary>
    async Task<bool> TryRotateAsync(VaultSettings settings, int calls)
    {
        var crash = new Crash(calls);
        await using var bench = await OpenAsync(settings, crash.Over(_channel));
        try
        {
            var rotation = bench.Get<IKeyRotation>();
            var amendments = bench.Get<Amendments>();
            while (await rotation.StepAsync(amendments.FinishAsync, CancellationToken.None) is var step && step != RotationStep.Done)
            {
                if (step != RotationStep.Waits)
                    continue;
                await foreach (var video in bench.Library.ListUnfinishedAsync(CancellationToken.None))
                    await amendments.FinishAsync(video.Id, CancellationToken.None);
            }

            return !crash.Happened;
        }
        catch (CrashException)
        {
            return false;
        }
    }

    Task<IngestBench> OpenAsync<T>(VaultSettings settings, T channel)
        where T : class, IChunkStore, IPinboard =>
        IngestBench.OpenAsync(
            azurite,
            _ => settings,
            services: services => services.AddSingleton<IChunkStore>(channel).AddSingleton<IPinboard>(channel)
        );

    async Task StoreAsync(IngestBench bench)
    {
        for (var number = 0; number < Videos; number++)
        {
            var content = new byte[50_000 + (number * 40_000)];
            new Random(number).NextBytes(content);
            var (id, arrived) = await bench.UploadAsync($"file {number}.bin", content);
            await bench.RunAsync(arrived);
            _uploads[id] = content;
        }
    }

    /// <summary>Keys that cost nothing to derive, of both secrets: each life of the vault derives them.</summary>
    static async Task MakeCheapAsync(IngestBench bench, VaultSettings settings)
    {
        var table = bench.Get<IRowStore>().Table(VaultTables.Vault);
        await table.DeleteAsync("keys", "000001", CancellationToken.None);
        using var first = MasterKey.Make(settings.MasterSecret, 1, Cheap);
        await KeyRingTable.AddAsync(table, first.Parameters!, CancellationToken.None);
    }
}
