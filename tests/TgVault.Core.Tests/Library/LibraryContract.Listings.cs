using System.Text;
using TgVault.Core.Library;
using TgVault.Core.Videos;
using TgVault.Testing;

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
        var library = await NewCatalogue();
        foreach (var minutes in new[] { 3, 0, 4, 1, 2 })
            await library.TryAddAsync(NewVideo(minutes), None);
        var names = new List<string>();
        var pages = 0;

        string? continuation = null;
        do
        {
            var page = await library.ListAsync(new VideoQuery(null, null, limit, continuation), None);
            names.AddRange(page.Videos.Select(video => video.Details.Name));
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
        var library = await NewCatalogue();

        await Assert.ThrowsAsync<FormatException>(() => library.ListAsync(new VideoQuery(null, null, 10, continuation), None));
    }

    [Fact(Timeout = 60_000)]
    public async Task Folders_and_tags_list_their_own_videos_alone_or_together()
    {
        var library = await NewCatalogue();
        await library.TryAddAsync(NewVideo(0) with { Details = NewVideo(0).Details with { Folder = "a", Tags = ["x", "y"] } }, None);
        await library.TryAddAsync(NewVideo(1) with { Details = NewVideo(1).Details with { Folder = "a", Tags = ["y"] } }, None);
        await library.TryAddAsync(NewVideo(2) with { Details = NewVideo(2).Details with { Folder = "A", Tags = ["x"] } }, None);
        await library.TryAddAsync(NewVideo(3), None);

        Assert.Equal(["1", "0"], await List(library, folder: "a"));
        Assert.Equal(["2"], await List(library, folder: "A"));
        Assert.Equal(["3"], await List(library, folder: ""));
        Assert.Equal(["2", "0"], await List(library, tag: "x"));
        Assert.Equal(["0"], await List(library, folder: "a", tag: "x"));
        Assert.Empty(await List(library, folder: "b", tag: "x"));
        Assert.Equal(["3", "2", "1", "0"], await List(library));
    }

    [Fact(Timeout = 60_000)]
    public async Task Videos_are_found_by_the_size_and_the_hash_of_their_uploads()
    {
        var library = await NewCatalogue();
        var (one, other) = (new string('1', 64), new string('2', 64));
        foreach (var minutes in new[] { 0, 1, 2 })
            await library.TryAddAsync(
                NewVideo(minutes) with
                {
                    Upload = new VideoUpload { SizeBytes = minutes < 2 ? 70 : 7 },
                    Life = VideoLife.Recovered(1),
                },
                None
            );
        await SetAsync(0, one);
        await SetAsync(1, other);
        await SetAsync(2, one);

        Assert.Equal(["1", "0"], await Found(70, null));
        Assert.Equal(["2", "0"], await Found(null, one));
        Assert.Equal(["0"], await Found(70, one));
        Assert.Empty(await Found(7, other));

        await SetAsync(0, other);
        await library.ChangeAsync(NewVideo(1).Id, video => VideoLife.Trash(video, Noon, Noon), None);

        Assert.Equal(["2"], await Found(null, one));
        Assert.Equal(["0"], await Found(null, other));
        Assert.Equal(["1"], await Found(70, other, VideoStatus.Trashed));
        await library.ChangeAsync(NewVideo(1).Id, video => VideoLife.Untrash(video, Noon), None);
        Assert.Equal(["1", "0"], await Found(70, other));

        Task SetAsync(int minutes, string hash) =>
            library.ChangeAsync(NewVideo(minutes).Id, video => video with { Upload = video.Upload with { Sha256 = hash } }, None);

        async Task<string[]> Found(long? size, string? hash, VideoStatus? status = null)
        {
            var query = new VideoQuery(null, null, 10, null)
            {
                SizeBytes = size,
                Sha256 = hash,
                Status = status,
            };
            return [.. (await library.ListAsync(query, None)).Videos.Select(video => video.Details.Name)];
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task A_video_that_changes_folder_and_tags_leaves_the_old_ones()
    {
        var library = await NewCatalogue();
        await library.TryAddAsync(
            NewVideo(0) with
            {
                Details = NewVideo(0).Details with { Folder = "old", Tags = ["kept", "dropped"] },
            },
            None
        );

        await library.ChangeAsync(
            NewVideo(0).Id,
            video => video with { Details = video.Details with { Folder = "new", Tags = ["kept", "added"] } },
            None
        );

        Assert.Empty(await List(library, folder: "old"));
        Assert.Empty(await List(library, tag: "dropped"));
        Assert.Equal(["0"], await List(library, folder: "new"));
        Assert.Equal(["0"], await List(library, tag: "kept"));
        Assert.Equal(["0"], await List(library, tag: "added"));
    }

    [Theory(Timeout = 60_000)]
    [MemberData(nameof(OddNames))]
    public async Task Folders_and_tags_may_be_any_text(string name)
    {
        var library = await NewCatalogue();
        await library.TryAddAsync(
            NewVideo(0) with
            {
                Details = NewVideo(0).Details with { Name = name, Folder = name, Tags = [name] },
            },
            None
        );
        await library.TryAddAsync(NewVideo(1) with { Details = NewVideo(1).Details with { Folder = name + "2" } }, None);

        Assert.Equal([name], await List(library, folder: name));
        Assert.Equal([name], await List(library, tag: name));
        await library.RemoveAsync(NewVideo(0).Id, None);
        Assert.Empty(await List(library, folder: name));
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
        var library = await NewCatalogue();
        foreach (var status in Enum.GetValues<VideoStatus>())
            await library.TryAddAsync(
                NewVideo((int)status) with
                {
                    Details = NewVideo((int)status).Details with { Name = $"{status}" },
                    Life = NewVideo((int)status).Life.With(status: status),
                },
                None
            );
        Assert.Equal(["Deleting", "Ingesting"], await Unfinished(library));

        await library.ChangeAsync(
            NewVideo((int)VideoStatus.Ingesting).Id,
            video => video with { Life = video.Life.With(status: VideoStatus.Ready) },
            None
        );
        await library.ChangeAsync(
            NewVideo((int)VideoStatus.Waiting).Id,
            video => video with { Life = video.Life.With(status: VideoStatus.Ingesting) },
            None
        );

        Assert.Equal(["Deleting", "Waiting"], await Unfinished(library));
    }
}
