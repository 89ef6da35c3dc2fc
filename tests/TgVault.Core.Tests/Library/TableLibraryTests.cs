using TgVault.Core.Library;
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
    public async Task A_page_of_a_tag_within_a_folder_does_bounded_work_and_still_gets_to_the_end()
    {
        var library = await NewCatalogue();
        await library.TryAddAsync(NewVideo(0) with { Details = NewVideo(0).Details with { Folder = "wanted", Tags = ["tag"] } }, None);
        await Parallel.ForAsync(
            1,
            60,
            async (i, _) =>
                await library.TryAddAsync(
                    NewVideo(i) with
                    {
                        Details = NewVideo(i).Details with { Folder = "other", Tags = ["tag"] },
                    },
                    None
                )
        );

        VideoPage? page = null;
        var cost = await Requests(async () => page = await library.ListAsync(new VideoQuery("wanted", "tag", 5, null), None));

        Assert.Equal(4 * (1 + 5), cost);
        Assert.Empty(page!.Videos);
        Assert.NotNull(page.Continuation);
        for (var pages = 1; page.Continuation is not null && pages < 10; pages++)
            page = await library.ListAsync(new VideoQuery("wanted", "tag", 5, page.Continuation), None);
        Assert.Equal(["0"], page.Videos.Select(video => video.Details.Name));
        Assert.Null(page.Continuation);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_progress_report_touches_the_row_only()
    {
        var library = await NewCatalogue();
        await library.TryAddAsync(NewVideo(0), None);
        var read = (await library.FindAsync(NewVideo(0).Id, None))!;

        Assert.Equal(2, await Requests(() => library.TryReplaceAsync(read with { Upload = read.Upload with { SizeBytes = 7 } }, None)));
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
