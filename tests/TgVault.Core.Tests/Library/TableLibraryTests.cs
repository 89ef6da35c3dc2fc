using TgVault.Core.Library;
using TgVault.Core.Library.Lists;
using TgVault.Core.Rows;
using TgVault.Core.Settings;
using TgVault.Core.Storage;
using TgVault.Core.Videos;
using TgVault.Testing;

namespace TgVault.Core.Tests.Library;

/// <summary>The library over Table Storage: also what each call costs there.</summary>
[Collection(AzuriteCollection.Name)]
public sealed class TableLibraryTests(AzuriteFixture azurite) : RowLibraryContract
{
    readonly VaultSettings _settings = azurite.NewStorage();
    readonly CountingPolicy _requests = new();

    private protected override IRowStore NewStore(TimeProvider time)
    {
        var account = StorageAccount.Connect(_settings, TimeProvider.System, _requests);
        return new TableRowStore(account.Tables, account.Prefix);
    }

    private protected override bool ListsWords => true;

    /// <summary>
    /// The newest sixty are there; of the others only the entries are, which is what a search has to pass over or leave alone.
    /// </summary>
    [Fact(Timeout = 120_000)]
    public async Task A_page_of_a_search_costs_its_page_among_ten_thousand_videos()
    {
        var library = await NewCatalogue();
        await Parallel.ForAsync(10_000, 10_060, async (i, _) => await library.TryAddAsync(Film(i), None));
        var few = await Cost();
        var store = Table(VaultTables.Listing);
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

        var progress = new IngestProgress
        {
            Started = Noon,
            Updated = Noon,
            ChunksDone = 7,
        };
        var moved = read with { Life = read.Life.With(progress: progress) };
        Assert.Equal(2, await Requests(() => library.TryReplaceAsync(moved, None)));
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
}
