using TgVault.Core.Library;
using TgVault.Core.Library.Lists;
using TgVault.Core.Videos;

namespace TgVault.Core.Tests.Library;

/// <summary>The trash: in no list but its own, and back in all of them afterwards.</summary>
public abstract partial class LibraryContract
{
    [Fact(Timeout = 60_000)]
    public async Task What_is_in_the_trash_is_in_no_other_list_until_it_is_brought_back()
    {
        var library = await NewCatalogue();
        foreach (var i in new[] { 0, 1 })
            await library.TryAddAsync(
                NewVideo(i) with
                {
                    Details = new VideoDetails
                    {
                        Name = $"film {i}",
                        Folder = "a/b",
                        Tags = ["t"],
                    },
                    Life = VideoLife.Recovered(1),
                },
                None
            );
        var id = NewVideo(0).Id;

        var trashed = await library.ChangeAsync(id, video => VideoLife.Trash(video, Noon.AddDays(30), Noon), None);

        Assert.Equal(Noon.AddDays(30), (await library.FindAsync(id, None))!.Life.TrashedUntil);
        await AssertListed(library, ["film 1"]);
        Assert.Equal(["film 0"], await Trashed(null));
        Assert.Equal(["film 0"], await Trashed("film"));
        Assert.Equal(["film 0"], await Trashed("film", folder: "a/b", tag: "t"));
        Assert.Empty(await Trashed("film", folder: "a"));
        var counts = await library.CountAsync(None);
        Assert.Equal([new("a/b", 1)], counts.Folders);
        Assert.Equal([new("t", 1)], counts.Tags);
        Assert.Equal([new(VideoStatus.Ready, 1), new(VideoStatus.Trashed, 1)], counts.Statuses);

        await library.ChangeAsync(id, video => VideoLife.Untrash(video, Noon), None);

        Assert.Null((await library.FindAsync(id, None))!.Life.TrashedUntil);
        await AssertListed(library, ["film 1", "film 0"]);
        Assert.Empty(await Trashed(null));

        async Task<string[]> Trashed(string? search, string? folder = null, string? tag = null) =>
            await Names(library, new VideoQuery(folder, tag, 10, null) { Status = VideoStatus.Trashed, Search = search });
    }

    [Fact(Timeout = 60_000)]
    public async Task What_is_removed_from_the_trash_comes_back_into_no_list()
    {
        var library = await NewCatalogue();
        var id = NewVideo(0).Id;
        await library.TryAddAsync(NewVideo(0) with { Life = VideoLife.Recovered(1) }, None);
        await library.ChangeAsync(id, video => VideoLife.Trash(video, Noon, Noon), None);

        await library.ChangeAsync(id, video => VideoLife.Remove(video, Noon), None);

        Assert.Empty(await Names(library, new VideoQuery(null, null, 10, null)));
        Assert.Empty(await Names(library, new VideoQuery(null, null, 10, null) { Status = VideoStatus.Trashed }));
        Assert.Equal(["0"], await Names(library, new VideoQuery(null, null, 10, null) { Status = VideoStatus.Deleting }));
        Assert.Equal(["0"], await Unfinished(library));
        await library.RemoveAsync(id, None);
        Assert.Empty(await Unfinished(library));
        Assert.Empty((await library.CountAsync(None)).Statuses);
    }

    static async Task AssertListed(ILibrary library, string[] newestFirst)
    {
        VideoQuery[] queries =
        [
            new(null, null, 10, null),
            new("a/b", null, 10, null),
            new("a", null, 10, null) { Below = true },
            new(null, "t", 10, null),
            new("a/b", "t", 10, null),
            new(null, null, 10, null) { Search = "film" },
            new("a", "t", 10, null) { Below = true, Search = "film" },
            new(null, null, 10, null) { Status = VideoStatus.Ready },
        ];
        foreach (var query in queries)
            Assert.Equal(newestFirst, await Names(library, query));
        foreach (var query in queries.Where(query => query is { Status: null, Search: null }))
            Assert.Equal(newestFirst.Order(StringComparer.Ordinal), await Names(library, query with { Order = VideoOrder.Name }));
    }
}
