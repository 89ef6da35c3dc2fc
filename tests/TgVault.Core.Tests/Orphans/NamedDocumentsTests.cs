using Microsoft.Extensions.Logging.Abstractions;
using TgVault.Core.Catalogue;
using TgVault.Core.Crypto;
using TgVault.Core.Orphans;
using TgVault.Core.Rows;
using TgVault.Core.Tests.Ingest;
using TgVault.Core.Upkeep;
using TgVault.Testing;

namespace TgVault.Core.Tests.Orphans;

/// <summary>What the rows name of the channel is what is in it, after every change.</summary>
[Collection(AzuriteCollection.Name)]
public sealed class NamedDocumentsTests(AzuriteFixture azurite)
{
    [Fact(Timeout = 120_000)]
    public async Task Every_document_of_a_library_is_named_and_no_other()
    {
        await using var bench = await IngestBench.OpenAsync(azurite);
        var ids = new List<VideoId>();
        foreach (var length in (int[])[1, 200_000, 70_000])
        {
            var (id, upload) = await bench.UploadAsync("random.bin", new byte[length]);
            await bench.RunAsync(upload);
            ids.Add(id);
        }

        var stored = await ListAsync(bench);
        await bench.Get<IRemovals>().BeginAsync(ids[1], CancellationToken.None);
        var removing = await ListAsync(bench);
        await bench.Get<IRemovals>().FinishAsync(ids[1], CancellationToken.None);
        var removed = await ListAsync(bench);

        // 1, 4 and 2 chunks, a manifest each, and the catalogue.
        Assert.Equal(7 + 3 + 1, stored.Count);
        Assert.All(stored, document => Assert.Equal(DocumentUse.InUse, document.Use));
        Assert.Equal(4 + 1, removing.Count(document => document.Use == DocumentUse.LeftOver));
        Assert.Equal(bench.Store.Names.Keys.Order(), removed.Select(document => document.MessageId).Order());
        Assert.All(removed, document => Assert.Equal(DocumentUse.InUse, document.Use));
    }

    [Fact(Timeout = 120_000)]
    public async Task A_record_of_a_video_that_has_no_row_is_stray()
    {
        await using var bench = await IngestBench.OpenAsync(azurite);
        var (id, upload) = await bench.UploadAsync("random.bin", new byte[100]);
        await bench.RunAsync(upload);

        await bench.Get<IRowStore>().Table(VaultTables.Videos).DeleteRangeAsync(RowRange.Of(id.ToString()), CancellationToken.None);

        Assert.Single(await ListAsync(bench), document => document.Use == DocumentUse.Stray);
    }

    [Fact(Timeout = 120_000)]
    public async Task Segments_of_the_catalogue_are_named_at_every_level()
    {
        await using var bench = await IngestBench.OpenAsync(azurite);
        using var log = new CatalogueLog(
            bench.Get<IRowStore>().Table(VaultTables.Vault),
            bench.Store,
            bench.Store,
            bench.Get<KeyRing>(),
            "test",
            TimeProvider.System,
            NullLogger<CatalogueLog>.Instance
        )
        {
            RecentLimit = 1,
            SegmentLimit = 2,
        };
        for (var i = 0; i < 9; i++)
            await log.PublishAsync(
                new CatalogueEntry(VideoId.New(DateTimeOffset.UtcNow), DateTimeOffset.UtcNow, null),
                CancellationToken.None
            );

        var named = await ListAsync(bench);

        Assert.Contains(named, document => document.Owner.Contains("segment", StringComparison.Ordinal));
        Assert.Equal(bench.Store.Names.Keys.Order(), named.Select(document => document.MessageId).Order());
    }

    static async Task<List<NamedDocument>> ListAsync(IngestBench bench)
    {
        var named = new List<NamedDocument>();
        await foreach (var document in bench.Get<INamedDocuments>().ListAsync(CancellationToken.None))
            named.Add(document);
        return named;
    }
}
