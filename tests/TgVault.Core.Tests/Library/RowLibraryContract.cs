using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using TgVault.Core.Library;
using TgVault.Core.Library.Lists;
using TgVault.Core.Rows;
using TgVault.Core.Videos;
using TgVault.Testing;

namespace TgVault.Core.Tests.Library;

/// <summary>What a library over rows owes besides, whatever keeps them.</summary>
public abstract partial class RowLibraryContract : LibraryContract
{
    readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow);
    IRowStore? _store;

    /// <param name="time">Says when a row was written, where the store does not say so itself.</param>
    private protected abstract IRowStore NewStore(TimeProvider time);

    /// <summary>Whether words are among the listing entries.</summary>
    private protected abstract bool ListsWords { get; }

    protected override async Task<ILibrary> NewCatalogue()
    {
        var library = new TableLibrary(_store = NewStore(_time), _time, NullLogger<TableLibrary>.Instance);
        await library.PrepareAsync(None);
        return library;
    }

    [Fact(Timeout = 60_000)]
    public async Task Entries_that_an_interrupted_write_left_are_skipped_and_swept_once_no_writer_can_still_follow()
    {
        var library = await NewCatalogue();
        await library.TryAddAsync(NewVideo(0), None);
        var own = await Entries();
        (Listing List, VideoId Id)[] left =
        [
            (Listings.All, NewVideo(1).Id),
            (Listings.Folder("elsewhere"), NewVideo(0).Id),
            (Listings.Unfinished, NewVideo(0).Id),
            (Listings.Status(VideoStatus.Failed), NewVideo(0).Id),
            (Listings.Below("elsewhere"), NewVideo(0).Id),
            (Listings.By(VideoOrder.Name, Listings.All, NewVideo(7)), NewVideo(0).Id),
            (Listings.By(VideoOrder.Name, Listings.All, NewVideo(1)), NewVideo(1).Id),
            (Listings.By(VideoOrder.Name, Listings.Below("elsewhere"), NewVideo(0)), NewVideo(0).Id),
            (Listings.By(VideoOrder.Largest, Listings.All, Sized(NewVideo(0), 9)), NewVideo(0).Id),
        ];
        (Listing List, VideoId Id)[] leftOfWords =
        [
            (Listings.Beginning("wor"), NewVideo(0).Id),
            (Listings.Beginning("wor"), NewVideo(1).Id),
        ];
        if (ListsWords)
            left = [.. left, .. leftOfWords];
        foreach (var (list, id) in left)
            await Table(VaultTables.Listing).PutAsync(new Row(list.Partition, list.KeyOf(id)), None);

        await ReadAll();
        Assert.Equal(own + left.Length, await Entries());

        _time.Advance(TimeSpan.FromMinutes(61));
        await ReadAll();

        Assert.Equal(own, await Entries());
        await ReadAll();

        async Task ReadAll()
        {
            Assert.Equal(["0"], await List(library));
            Assert.Empty(await List(library, folder: "elsewhere"));
            Assert.Empty(await List(library, status: VideoStatus.Failed));
            Assert.Equal(["0"], await ListByName(library, new VideoQuery(null, null, 50, null)));
            Assert.Equal(["0"], await Names(library, new VideoQuery(null, null, 50, null) { Order = VideoOrder.Largest }));
            Assert.Empty(await Names(library, new VideoQuery("elsewhere", null, 50, null) { Below = true }));
            Assert.Empty(await ListByName(library, new VideoQuery("elsewhere", null, 50, null) { Below = true }));
            Assert.Empty(await List(library, search: "wor"));
            await foreach (var _ in library.ListUnfinishedAsync(None))
                Assert.Fail("A finished video was listed as unfinished.");
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task Removing_a_video_leaves_no_row_in_any_table()
    {
        var library = await NewCatalogue();
        await library.TryAddAsync(FullVideo() with { Life = FullVideo().Life.With(status: VideoStatus.Deleting) }, None);
        await library.AddChunkAsync(FullVideo().Id, 1, NewChunk(0), None);

        await library.RemoveAsync(FullVideo().Id, None);

        // Links go with the removal of the video, not of its row.
        foreach (var table in VaultTables.All.Except([VaultTables.Vault, VaultTables.Links]))
        await foreach (var row in Table(table).ListAsync(RowRange.All, 100, [], None))
            Assert.Fail($"{table} still holds {row.Partition}");
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
        // All and no folder, both in five orders more, its size, and waiting; one beginning of its name, eight of its description.
        Assert.Equal((2 * 6) + 2 + (ListsWords ? 1 + 8 : 0), await Entries());
    }

    private protected IRowTable Table(string name) => _store!.Table(name);

    async Task<int> Entries() => await Table(VaultTables.Listing).ListAsync(RowRange.All, 100, [], None).CountAsync();
}
