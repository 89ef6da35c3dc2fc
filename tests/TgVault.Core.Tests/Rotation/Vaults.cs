using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using TgVault.Core.Catalogue;
using TgVault.Core.Chunks;
using TgVault.Core.Crypto;
using TgVault.Core.Playback.Open;
using TgVault.Core.Rotation;
using TgVault.Core.Rows;
using TgVault.Core.Settings;
using TgVault.Core.Tests.Ingest;
using TgVault.Core.Upkeep;
using TgVault.Core.Videos;
using TgVault.Testing;
using TgVault.Testing.Playback;

namespace TgVault.Core.Tests.Rotation;

/// <summary>What the tests of rotated vaults share.</summary>
static class Vaults
{
    /// <summary>Rotates to the end, as an engine does.</summary>
    /// <param name="bench">The vault.</param>
    /// <param name="meanwhile">Runs after each step but the last.</param>
    public static async Task RotateAsync(IngestBench bench, Func<Task>? meanwhile = null)
    {
        var rotation = bench.Get<IKeyRotation>();
        var amendments = bench.Get<IAmendments>();
        while (
            await rotation.StepAsync((id, cancellation) => amendments.RunAsync(id, cancellation), CancellationToken.None) is var step
            && step != RotationStep.Done
        )
        {
            await (meanwhile?.Invoke() ?? Task.CompletedTask);
            if (step != RotationStep.Waits)
                continue;
            await foreach (var video in bench.Library.ListUnfinishedAsync(CancellationToken.None))
                await amendments.RunAsync(video.Id, CancellationToken.None);
        }
    }

    public static async Task AddCaptionsAsync(IngestBench bench, VideoId id)
    {
        var captions = new Companion
        {
            Kind = CompanionKind.Captions,
            Number = 0,
            Language = "en",
            Name = "English",
            ContentType = "text/vtt",
        };
        var content = new MemoryStream(Encoding.UTF8.GetBytes("WEBVTT\n\n00:00.000 --> 00:01.000\nHello\n"));
        await bench.Get<ICompanionWishes>().AddAsync(id, captions, content, CancellationToken.None);
        await bench.Get<IAmendments>().RunAsync(id, CancellationToken.None);
    }

    /// <summary>A vault where so few entries are a segment, and segments one of the next level, that a small library has levels.</summary>
    public static Task<IngestBench> OpenWithSegmentsAsync(AzuriteFixture azurite, VaultSettings settings) =>
        IngestBench.OpenAsync(
            azurite,
            _ => settings,
            overTelegram: true,
            services =>
                services.AddSingleton(provider => new CatalogueLog(
                    provider.GetRequiredService<IRowStore>().Table(VaultTables.Vault),
                    provider.GetRequiredService<IChunkStore>(),
                    provider.GetRequiredService<IPinboard>(),
                    provider.GetRequiredService<KeyRing>(),
                    "levels",
                    TimeProvider.System,
                    NullLogger<CatalogueLog>.Instance
                )
                {
                    RecentLimit = 1,
                    SegmentLimit = 2,
                })
        );

    /// <summary>SHA-256 of what the vault plays of every file, by video and number.</summary>
    public static async Task<SortedDictionary<string, string>> HashesAsync(IngestBench bench)
    {
        var hashes = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var video in await bench.Library.ListAllAsync(null, 100, CancellationToken.None))
        {
            foreach (var file in video.FilesOf(CompanionState.Stored))
            {
                await using var stream = await bench.Get<OpenVideos>().OpenAsync(video.Id, file.Number, CancellationToken.None);
                hashes.Add($"{video.Id}/{file.Number}", Convert.ToHexStringLower(await SHA256.HashDataAsync(stream!)));
            }
        }

        return hashes;
    }
}
