using System.Text;
using TgVault.Core.Library;
using TgVault.Core.Videos;

namespace TgVault.Core.Tests.Library;

/// <summary>What listing gives: pages, folders, tags, and what is unfinished.</summary>
public abstract partial class LibraryContract
{
    [Theory(Timeout = 60_000)]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public async Task Pages_give_every_video_once_newest_first_and_the_last_has_no_continuation(int limit)
    {
        var catalogue = await NewCatalogue();
        foreach (var minutes in new[] { 3, 0, 4, 1, 2 })
            await catalogue.TryAddAsync(NewVideo(minutes), None);
        var names = new List<string>();
        var pages = 0;

        string? continuation = null;
        do
        {
            var page = await catalogue.ListAsync(new VideoQuery(null, null, limit, continuation), None);
            names.AddRange(page.Videos.Select(video => video.Name));
            continuation = page.Continuation;
            pages++;
        } while (continuation is not null);

        Assert.Equal(["4", "3", "2", "1", "0"], names);
        Assert.Equal((5 + limit - 1) / limit, pages);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("nonsense")]
    [InlineData("")]
    [InlineData("' or RowKey gt '")]
    public async Task A_continuation_that_was_not_given_is_refused(string continuation)
    {
        var catalogue = await NewCatalogue();

        await Assert.ThrowsAsync<FormatException>(() => catalogue.ListAsync(new VideoQuery(null, null, 10, continuation), None));
    }

    [Fact(Timeout = 60_000)]
    public async Task Folders_and_tags_list_their_own_videos_alone_or_together()
    {
        var catalogue = await NewCatalogue();
        await catalogue.TryAddAsync(NewVideo(0) with { Folder = "a", Tags = ["x", "y"] }, None);
        await catalogue.TryAddAsync(NewVideo(1) with { Folder = "a", Tags = ["y"] }, None);
        await catalogue.TryAddAsync(NewVideo(2) with { Folder = "A", Tags = ["x"] }, None);
        await catalogue.TryAddAsync(NewVideo(3), None);

        Assert.Equal(["1", "0"], await List(catalogue, folder: "a"));
        Assert.Equal(["2"], await List(catalogue, folder: "A"));
        Assert.Equal(["3"], await List(catalogue, folder: ""));
        Assert.Equal(["2", "0"], await List(catalogue, tag: "x"));
        Assert.Equal(["0"], await List(catalogue, folder: "a", tag: "x"));
        Assert.Empty(await List(catalogue, folder: "b", tag: "x"));
        Assert.Equal(["3", "2", "1", "0"], await List(catalogue));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_video_that_changes_folder_and_tags_leaves_the_old_ones()
    {
        var catalogue = await NewCatalogue();
        await catalogue.TryAddAsync(NewVideo(0) with { Folder = "old", Tags = ["kept", "dropped"] }, None);

        await catalogue.ChangeAsync(NewVideo(0).Id, video => video with { Folder = "new", Tags = ["kept", "added"] }, None);

        Assert.Empty(await List(catalogue, folder: "old"));
        Assert.Empty(await List(catalogue, tag: "dropped"));
        Assert.Equal(["0"], await List(catalogue, folder: "new"));
        Assert.Equal(["0"], await List(catalogue, tag: "kept"));
        Assert.Equal(["0"], await List(catalogue, tag: "added"));
    }

    [Theory(Timeout = 60_000)]
    [MemberData(nameof(OddNames))]
    public async Task Folders_and_tags_may_be_any_text(string name)
    {
        var catalogue = await NewCatalogue();
        await catalogue.TryAddAsync(NewVideo(0) with { Name = name, Folder = name, Tags = [name] }, None);
        await catalogue.TryAddAsync(NewVideo(1) with { Folder = name + "2" }, None);

        Assert.Equal([name], await List(catalogue, folder: name));
        Assert.Equal([name], await List(catalogue, tag: name));
        await catalogue.RemoveAsync(NewVideo(0).Id, None);
        Assert.Empty(await List(catalogue, folder: name));
    }

    public static TheoryData<string> OddNames() =>
        [
            "a/b\\c#d?e",
            "100 % it's \"quoted\" & <b>",
            "\u0000\u0001\t\r\n\u007f\u0085",
            "_5f",
            "__",
            "Zürich 東京",
            "👩‍👩‍👧 emoji",
            " ",
            "..",
            "all",
            "state:unfinished",
            new string('x', 255),
            new string('東', 255),
            new StringBuilder().Insert(0, "🎬", 127).ToString(),
        ];

    [Fact(Timeout = 60_000)]
    public async Task The_unfinished_are_those_being_ingested_or_deleted()
    {
        var catalogue = await NewCatalogue();
        foreach (var status in Enum.GetValues<VideoStatus>())
            await catalogue.TryAddAsync(NewVideo((int)status) with { Name = $"{status}", Status = status }, None);
        Assert.Equal(["Deleting", "Ingesting"], await Unfinished(catalogue));

        await catalogue.ChangeAsync(NewVideo((int)VideoStatus.Ingesting).Id, video => video with { Status = VideoStatus.Ready }, None);
        await catalogue.ChangeAsync(NewVideo((int)VideoStatus.Waiting).Id, video => video with { Status = VideoStatus.Ingesting }, None);

        Assert.Equal(["Deleting", "Waiting"], await Unfinished(catalogue));
    }
}
