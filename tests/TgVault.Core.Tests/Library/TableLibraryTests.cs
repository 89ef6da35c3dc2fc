using Azure.Data.Tables;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using TgVault.Core.Library;
using TgVault.Core.Library.Lists;
using TgVault.Core.Rows;
using TgVault.Core.Settings;
using TgVault.Core.Storage;
using TgVault.Core.Videos;
using TgVault.Testing;

namespace TgVault.Core.Tests.Library;

[Collection(AzuriteCollection.Name)]
public sealed class TableLibraryTests(AzuriteFixture azurite) : StoredLibraryContract
{
    readonly VaultSettings _settings = azurite.NewStorage();
    readonly CountingPolicy _requests = new();
    readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow);

    TableClient Listing => new(_settings.Storage, _settings.StoragePrefix + "listing");

    protected override async Task<ILibrary> NewCatalogue()
    {
        var library = new TableLibrary(NewStore(), _time, NullLogger<TableLibrary>.Instance);
        await library.PrepareAsync(None);
        return library;
    }

    private protected override IRowStore NewStore()
    {
        var account = StorageAccount.Connect(_settings, TimeProvider.System, _requests);
        return new TableRowStore(account.Tables, account.Prefix);
    }

    /// <summary>
    /// The newest sixty are there; of the others only the entries are, which is what a search has to pass over or leave alone.
    /// </summary>
    [Fact(Timeout = 120_000)]
    public async Task A_page_of_a_search_costs_its_page_among_ten_thousand_videos()
    {
        var library = await NewCatalogue();
        await Parallel.ForAsync(10_000, 10_060, async (i, _) => await library.TryAddAsync(Film(i), None));
        var few = await Cost();
        var store = NewStore().Table(VaultTables.Listing);
        foreach (var word in new[] { "f", "film", "two" })
        foreach (var batch in Enumerable.Range(0, 10_000).Chunk(RowLimits.MostChanges))
        {
            var list = Listings.Beginning(word);
            var entries = batch.Select(i => new Row(list.Partition, list.KeyOf(Film(i).Id)));
            Assert.True(await store.TryChangeAsync([.. entries.Select(entry => new RowChange(RowChangeKind.Put, entry))], None));
        }

        Assert.Equal(few, await Cost());
        Assert.Equal((Letter: 1 + 10, Word: 1 + 10, Two: 2 + 10, Rare: 2 + 1, Nothing: 2), few);

        async Task<(int Letter, int Word, int Two, int Rare, int Nothing)> Cost() =>
            (
                await Requests(() => Page("f", 10)),
                await Requests(() => Page("film", 10)),
                await Requests(() => Page("two film", 10)),
                await Requests(() => Page("film no10003", 1)),
                await Requests(() => Page("film nothing", 0))
            );

        async Task Page(string search, int count) =>
            Assert.Equal(count, (await library.ListAsync(new VideoQuery(null, null, 10, null) { Search = search }, None)).Videos.Length);

        static Video Film(int i) => NewVideo(i) with { Details = new VideoDetails { Name = $"film two no{i}" } };
    }

    [Fact(Timeout = 60_000)]
    public async Task A_page_and_a_range_of_chunks_cost_the_same_whatever_else_there_is()
    {
        var library = await NewCatalogue();
        await Add(library, 0, 12);
        var few = await Cost();
        await Add(library, 12, 120);

        Assert.Equal(few, await Cost());
        Assert.Equal((Page: 1 + 10, FolderPage: 1 + 10, Range: 1, Find: 1), few);

        async Task<(int Page, int FolderPage, int Range, int Find)> Cost() =>
            (
                await Requests(() => library.ListAsync(new VideoQuery(null, null, 10, null), None)),
                await Requests(() => library.ListAsync(new VideoQuery("folder", null, 10, NewVideo(11).Id.ToString()), None)),
                await Requests(async () =>
                {
                    await foreach (var _ in library.ListChunksAsync(NewVideo(0).Id, 1, new ChunkNumber(3), 5, None)) { }
                }),
                await Requests(() => library.FindAsync(NewVideo(3).Id, None))
            );
    }

    [Fact(Timeout = 60_000)]
    public async Task A_page_of_a_tag_within_a_folder_goes_by_the_smaller_of_the_two()
    {
        var library = await NewCatalogue();
        await library.TryAddAsync(NewVideo(0) with { Details = NewVideo(0).Details with { Folder = "wanted", Tags = ["tag"] } }, None);
        await Add(library, 1, 60);

        VideoPage? page = null;
        var cost = await Requests(async () => page = await library.ListAsync(new VideoQuery("wanted", "tag", 5, null), None));

        Assert.Equal(2 + 1, cost);
        Assert.Equal(["0"], page!.Videos.Select(video => video.Details.Name));
        Assert.Null(page.Continuation);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_page_of_two_large_lists_that_share_little_does_bounded_work_and_still_gets_to_the_end()
    {
        var library = await NewCatalogue();
        await library.TryAddAsync(NewVideo(0) with { Details = NewVideo(0).Details with { Folder = "wanted", Tags = ["tag"] } }, None);
        await Parallel.ForAsync(
            1,
            300,
            async (i, _) =>
                await library.TryAddAsync(
                    NewVideo(i) with
                    {
                        Details =
                            i % 2 == 0 ? new VideoDetails { Name = "", Folder = "wanted" } : new VideoDetails { Name = "", Tags = ["tag"] },
                    },
                    None
                )
        );

        var (pages, most) = (0, 0);
        var found = new List<string>();
        string? continuation = null;
        do
        {
            VideoPage? page = null;
            var query = new VideoQuery("wanted", "tag", 1, continuation);
            most = Math.Max(most, await Requests(async () => page = await library.ListAsync(query, None)));
            found.AddRange(page!.Videos.Select(video => video.Details.Name));
            continuation = page.Continuation;
            pages++;
        } while (continuation is not null);

        Assert.Equal(["0"], found);
        Assert.InRange(pages, 2, 6);
        Assert.InRange(most, 1, 4 * (2 + 1));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_progress_report_touches_the_row_only()
    {
        var library = await NewCatalogue();
        await library.TryAddAsync(NewVideo(0), None);
        var read = (await library.FindAsync(NewVideo(0).Id, None))!;

        Assert.Equal(2, await Requests(() => library.TryReplaceAsync(read with { Upload = read.Upload with { SizeBytes = 7 } }, None)));
    }

    [Fact(Timeout = 60_000)]
    public async Task Entries_that_an_interrupted_write_left_are_skipped_and_swept_once_no_writer_can_still_follow()
    {
        var library = await NewCatalogue();
        await library.TryAddAsync(NewVideo(0), None);
        (Listing List, VideoId Id)[] left =
        [
            (Listings.All, NewVideo(1).Id),
            (Listings.Folder("elsewhere"), NewVideo(0).Id),
            (Listings.Unfinished, NewVideo(0).Id),
            (Listings.Status(VideoStatus.Failed), NewVideo(0).Id),
            (Listings.Beginning("wor"), NewVideo(0).Id),
            (Listings.Beginning("wor"), NewVideo(1).Id),
        ];
        foreach (var (list, id) in left)
            await Listing.UpsertEntityAsync(new TableEntity(list.Partition, list.KeyOf(id)));

        Assert.Equal(["0"], await List(library));
        Assert.Empty(await List(library, folder: "elsewhere"));
        Assert.Empty(await List(library, status: VideoStatus.Failed));
        Assert.Empty(await List(library, search: "wor"));
        await foreach (var _ in library.ListUnfinishedAsync(None))
            Assert.Fail("A finished video was listed as unfinished.");
        Assert.Equal(4 + 6, await Entries());

        _time.Advance(TimeSpan.FromMinutes(61));
        await List(library);
        await List(library, folder: "elsewhere");
        await List(library, status: VideoStatus.Failed);
        await List(library, search: "word");
        Assert.Equal(4 + 3, await Entries());
        await List(library, search: "wor");
        await foreach (var _ in library.ListUnfinishedAsync(None)) { }

        Assert.Equal(4, await Entries());
        Assert.Equal(["0"], await List(library));
    }

    [Fact(Timeout = 60_000)]
    public async Task Removing_a_video_leaves_no_row_in_any_table()
    {
        var library = await NewCatalogue();
        await library.TryAddAsync(FullVideo() with { Life = FullVideo().Life.With(status: VideoStatus.Deleting) }, None);
        await library.AddChunkAsync(FullVideo().Id, 1, NewChunk(0), None);

        await library.RemoveAsync(FullVideo().Id, None);

        foreach (var table in new[] { "videos", "listing", "chunks" })
        await foreach (var row in new TableClient(_settings.Storage, _settings.StoragePrefix + table).QueryAsync<TableEntity>())
            Assert.Fail($"{table} still holds {row.PartitionKey}");
    }

    [Fact(Timeout = 60_000)]
    public async Task A_row_that_does_not_fit_is_refused_with_the_reason_and_nothing_is_written()
    {
        var library = await NewCatalogue();
        var fits = NewVideo(0) with { Details = NewVideo(0).Details with { Description = new string('d', 500_000) } };
        await library.TryAddAsync(fits, None);
        Assert.Equal(fits.Details.Description, (await library.FindAsync(fits.Id, None))!.Details.Description);

        var failure = await Assert.ThrowsAsync<VaultException>(() =>
            library.TryAddAsync(NewVideo(1) with { Details = NewVideo(1).Details with { Description = new string('d', 520_000) } }, None)
        );

        Assert.Contains("too large", failure.Message, StringComparison.Ordinal);
        // All, no folder, waiting; one beginning of its name, eight of its description.
        Assert.Equal(3 + 1 + 8, await Entries());
    }

    static async Task Add(ILibrary library, int from, int to) =>
        await Parallel.ForAsync(
            from,
            to,
            async (i, _) =>
            {
                await library.TryAddAsync(
                    NewVideo(i) with
                    {
                        Details = NewVideo(i).Details with { Folder = "folder", Tags = ["tag"] },
                    },
                    None
                );
                await library.AddChunkAsync(NewVideo(0).Id, 1, NewChunk(i), None);
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
