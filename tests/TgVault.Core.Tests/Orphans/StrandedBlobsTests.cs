using TgVault.Core.Ingest.Prepare;
using TgVault.Core.Orphans;
using TgVault.Core.Tests.Ingest;
using TgVault.Core.Upkeep;
using TgVault.Core.Videos;
using TgVault.Testing;

namespace TgVault.Core.Tests.Orphans;

/// <summary>A prepared blob that nobody names goes, and one that is about to be named stays.</summary>
[Collection(AzuriteCollection.Name)]
public sealed class StrandedBlobsTests(AzuriteFixture azurite)
{
    [Fact(Timeout = 120_000)]
    public async Task What_nobody_names_is_removed()
    {
        await using var bench = await IngestBench.OpenAsync(azurite);
        var (id, upload) = await bench.UploadAsync("random.bin", new byte[100]);
        await bench.RunAsync(upload);
        // As where the process is killed before the row names it.
        await SaveAsync(bench, PreparedName.OfAdded(id, 4));
        // As where the video goes just then.
        await SaveAsync(bench, PreparedName.OfAdded(VideoId.New(DateTimeOffset.UtcNow), 1));
        var stranded = bench.Get<StrandedBlobs>();

        await stranded.SweepAsync(DateTimeOffset.UtcNow.AddDays(-1), CancellationToken.None);
        var young = await ListAsync(bench);
        await stranded.SweepAsync(DateTimeOffset.UtcNow.AddDays(1), CancellationToken.None);

        Assert.Equal(2, young.Count);
        Assert.Empty(await ListAsync(bench));
    }

    [Fact(Timeout = 120_000)]
    public async Task What_a_row_names_stays()
    {
        await using var bench = await IngestBench.OpenAsync(azurite);
        var (id, upload) = await bench.UploadAsync("random.bin", new byte[100]);
        await bench.RunAsync(upload);
        using var text = new MemoryStream("WEBVTT\n\n00:00.000 --> 00:01.000\nHello\n"u8.ToArray());
        var added = await bench
            .Get<ICompanionWishes>()
            .AddAsync(
                id,
                new Companion
                {
                    Kind = CompanionKind.Captions,
                    Number = 0,
                    ContentType = "text/vtt",
                    Language = "en",
                },
                text,
                _ => true,
                CancellationToken.None
            );

        await bench.Get<StrandedBlobs>().SweepAsync(DateTimeOffset.UtcNow.AddDays(1), CancellationToken.None);

        Assert.NotNull(added);
        Assert.Equal(added.Extents[0].Blob.Name, Assert.Single(await ListAsync(bench)).Name);
    }

    static async Task SaveAsync(IngestBench bench, string name)
    {
        using var content = new MemoryStream([1, 2, 3]);
        await bench.Staging.SavePreparedAsync(name, content, CancellationToken.None);
    }

    static async Task<List<StagedBlob>> ListAsync(IngestBench bench) =>
        await bench.Staging.ListPreparedAsync("", CancellationToken.None).ToListAsync();
}
