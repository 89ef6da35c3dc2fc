using Azure.Data.Tables;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using TgVault.Core.Catalogue;
using TgVault.Core.Staging;
using TgVault.Testing;

namespace TgVault.Core.Tests.Catalogue;

[Collection(AzuriteCollection.Name)]
public sealed class TableCatalogueTests(AzuriteFixture azurite) : CatalogueContract
{
    readonly VaultSettings _settings = azurite.NewStorage();
    readonly CountingPolicy _requests = new();
    readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow);

    TableClient Listing => new(_settings.Storage, _settings.StoragePrefix + "listing");

    protected override async Task<ICatalogue> NewCatalogue()
    {
        var account = StorageAccount.Connect(_settings, TimeProvider.System, _requests);
        var catalogue = new TableCatalogue(account, _time, NullLogger<TableCatalogue>.Instance);
        await catalogue.PrepareAsync(None);
        return catalogue;
    }

    [Fact(Timeout = 60_000)]
    public async Task A_page_and_a_range_of_chunks_cost_the_same_whatever_else_there_is()
    {
        var catalogue = await NewCatalogue();
        await Add(catalogue, 0, 12);
        var few = await Cost();
        await Add(catalogue, 12, 120);

        Assert.Equal(few, await Cost());
        Assert.Equal((Page: 1 + 10, FolderPage: 1 + 10, Range: 1, Find: 1), few);

        async Task<(int Page, int FolderPage, int Range, int Find)> Cost() =>
            (
                await Requests(() => catalogue.ListAsync(new VideoQuery(null, null, 10, null), None)),
                await Requests(() => catalogue.ListAsync(new VideoQuery("folder", null, 10, NewVideo(11).Id.ToString()), None)),
                await Requests(async () =>
                {
                    await foreach (var _ in catalogue.ListChunksAsync(NewVideo(0).Id, 1, 3, 5, None)) { }
                }),
                await Requests(() => catalogue.FindAsync(NewVideo(3).Id, None))
            );
    }

    [Fact(Timeout = 60_000)]
    public async Task A_page_of_a_tag_within_a_folder_does_bounded_work_and_still_gets_to_the_end()
    {
        var catalogue = await NewCatalogue();
        await catalogue.TryAddAsync(NewVideo(0) with { Folder = "wanted", Tags = ["tag"] }, None);
        await Parallel.ForAsync(
            1,
            60,
            async (i, _) => await catalogue.TryAddAsync(NewVideo(i) with { Folder = "other", Tags = ["tag"] }, None)
        );

        VideoPage? page = null;
        var cost = await Requests(async () => page = await catalogue.ListAsync(new VideoQuery("wanted", "tag", 5, null), None));

        Assert.Equal(4 * (1 + 5), cost);
        Assert.Empty(page!.Videos);
        Assert.NotNull(page.Continuation);
        for (var pages = 1; page.Continuation is not null && pages < 10; pages++)
            page = await catalogue.ListAsync(new VideoQuery("wanted", "tag", 5, page.Continuation), None);
        Assert.Equal(["0"], page.Videos.Select(video => video.Name));
        Assert.Null(page.Continuation);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_progress_report_touches_the_row_only()
    {
        var catalogue = await NewCatalogue();
        await catalogue.TryAddAsync(NewVideo(0), None);
        var read = (await catalogue.FindAsync(NewVideo(0).Id, None))!;

        Assert.Equal(2, await Requests(() => catalogue.TryReplaceAsync(read with { SizeBytes = 7 }, None)));
    }

    [Fact(Timeout = 60_000)]
    public async Task Entries_that_an_interrupted_write_left_are_skipped_and_swept_once_no_writer_can_still_follow()
    {
        var catalogue = await NewCatalogue();
        await catalogue.TryAddAsync(NewVideo(0), None);
        foreach (
            var (list, id) in new[]
            {
                ("all", NewVideo(1).Id),
                (Listings.Folder("elsewhere"), NewVideo(0).Id),
                (Listings.Unfinished, NewVideo(0).Id),
            }
        )
            await Listing.UpsertEntityAsync(new TableEntity(list, id.ToString()));

        Assert.Equal(["0"], await List(catalogue));
        Assert.Empty(await List(catalogue, folder: "elsewhere"));
        await foreach (var _ in catalogue.ListUnfinishedAsync(None))
            Assert.Fail("A finished video was listed as unfinished.");
        Assert.Equal(5, await Entries());

        _time.Advance(TimeSpan.FromMinutes(61));
        await List(catalogue);
        await List(catalogue, folder: "elsewhere");
        await foreach (var _ in catalogue.ListUnfinishedAsync(None)) { }

        Assert.Equal(2, await Entries());
        Assert.Equal(["0"], await List(catalogue));
    }

    [Fact(Timeout = 60_000)]
    public async Task Removing_a_video_leaves_no_row_in_any_table()
    {
        var catalogue = await NewCatalogue();
        await catalogue.TryAddAsync(FullVideo() with { Status = VideoStatus.Deleting }, None);
        await catalogue.AddChunkAsync(FullVideo().Id, 1, NewChunk(0), None);

        await catalogue.RemoveAsync(FullVideo().Id, None);

        foreach (var table in new[] { "videos", "listing", "chunks" })
        await foreach (var row in new TableClient(_settings.Storage, _settings.StoragePrefix + table).QueryAsync<TableEntity>())
            Assert.Fail($"{table} still holds {row.PartitionKey}");
    }

    [Fact(Timeout = 60_000)]
    public async Task A_row_that_does_not_fit_is_refused_with_the_reason_and_nothing_is_written()
    {
        var catalogue = await NewCatalogue();
        var fits = NewVideo(0) with { Description = new string('d', 500_000) };
        await catalogue.TryAddAsync(fits, None);
        Assert.Equal(fits.Description, (await catalogue.FindAsync(fits.Id, None))!.Description);

        var failure = await Assert.ThrowsAsync<VaultException>(() =>
            catalogue.TryAddAsync(NewVideo(1) with { Description = new string('d', 520_000) }, None)
        );

        Assert.Contains("too large", failure.Message, StringComparison.Ordinal);
        Assert.Equal(2, await Entries());
    }

    static async Task Add(ICatalogue catalogue, int from, int to) =>
        await Parallel.ForAsync(
            from,
            to,
            async (i, _) =>
            {
                await catalogue.TryAddAsync(NewVideo(i) with { Folder = "folder", Tags = ["tag"] }, None);
                await catalogue.AddChunkAsync(NewVideo(0).Id, 1, NewChunk(i), None);
            }
        );

    async Task<int> Requests(Func<Task> call)
    {
        _requests.Reset();
        await call();
        return _requests.Count;
    }

    async Task<int> Entries()
    {
        var count = 0;
        await foreach (var _ in Listing.QueryAsync<TableEntity>())
            count++;
        return count;
    }
}
