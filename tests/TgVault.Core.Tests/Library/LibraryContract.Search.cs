using TgVault.Core.Library;
using TgVault.Core.Videos;
using TgVault.Testing;

namespace TgVault.Core.Tests.Library;

/// <summary>What searching gives: words and their beginnings, together with everything else that a list is asked for.</summary>
public abstract partial class LibraryContract
{
    [Theory(Timeout = 60_000)]
    [InlineData("film", true)]
    [InlineData("FILM", true)]
    [InlineData("fi", true)]
    [InlineData("f", true)]
    [InlineData("ilm", false)]
    [InlineData("films", false)]
    [InlineData("big film", true)]
    [InlineData("film big", true)]
    [InlineData("big,film!", true)]
    [InlineData("big nothing", false)]
    [InlineData("strasse", true)]
    [InlineData("Straße", true)]
    [InlineData("STRA", true)]
    [InlineData("zurich", true)]
    [InlineData("Zu\u0308rich", true)]
    [InlineData("東京", true)]
    [InlineData("京物", true)]
    [InlineData("京", true)]
    [InlineData("東物", false)]
    [InlineData("🎬", true)]
    [InlineData("🎥", false)]
    [InlineData("2019", true)]
    [InlineData("201", true)]
    [InlineData("2019 1080p film zurich nature sea", true)]
    [InlineData("documentary", true)]
    [InlineData("documentarz", false)]
    [InlineData("documentaryx", false)]
    [InlineData("natur", true)]
    [InlineData("turtle", true)]
    [InlineData("\"big film\"", true)]
    [InlineData("\"film big\"", true)]
    [InlineData("big OR nothing", false)]
    [InlineData("film*", true)]
    [InlineData("-film", true)]
    [InlineData("name:film", false)]
    [InlineData("NEAR(big film)", false)]
    [InlineData("' OR 1=1 --", false)]
    [InlineData("film\" AND \"big", false)]
    [InlineData("!!!", false)]
    [InlineData(" ", false)]
    [InlineData("", false)]
    public async Task A_search_finds_what_has_words_that_begin_like_all_of_its_own(string search, bool isFound)
    {
        var library = await NewCatalogue();
        await library.TryAddAsync(
            NewVideo(0) with
            {
                Details = new VideoDetails
                {
                    Name = "The.Big.Film_2019-1080p 東京物語 🎬.mkv",
                    Folder = "Zürich/Bahnhofstraße Straßen",
                    Tags = ["nature", "documentary"],
                    Description = "A turtle, slowly,\nbelow the sea.",
                },
            },
            None
        );
        await library.TryAddAsync(NewVideo(1), None);

        Assert.Equal(isFound ? 1 : 0, (await List(library, search: search)).Length);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_search_that_is_too_long_is_refused()
    {
        var library = await NewCatalogue();
        await library.TryAddAsync(NewVideo(0) with { Details = new VideoDetails { Name = new string('x', 255) } }, None);

        Assert.Single(await List(library, search: new string('x', VideoQuery.MostSearchCharacters)));
        await Assert.ThrowsAsync<ArgumentException>(() => List(library, search: new string('x', VideoQuery.MostSearchCharacters + 1)));
    }

    [Fact(Timeout = 60_000)]
    public async Task Search_folder_tag_and_status_narrow_one_another()
    {
        var library = await NewCatalogue();
        var (ready, failed) = (VideoStatus.Ready, VideoStatus.Failed);
        await Add(0, "red fish", "sea", ["x"], ready);
        await Add(1, "red bird", "sea", ["y"], failed);
        await Add(2, "red fox", "land", ["x", "y"], ready);
        await Add(3, "blue fish", "sea", ["x"], failed);

        Assert.Equal(["blue fish", "red fish"], await List(library, search: "fish"));
        Assert.Equal(["red bird", "red fish"], await List(library, search: "red", folder: "sea"));
        Assert.Equal(["red fox", "red fish"], await List(library, search: "re", tag: "x"));
        Assert.Equal(["red fish"], await List(library, search: "red", folder: "sea", tag: "x"));
        Assert.Equal(["red fox", "red fish"], await List(library, status: ready));
        Assert.Equal(["blue fish"], await List(library, search: "fish", status: failed));
        Assert.Equal(["red bird"], await List(library, status: failed, tag: "y"));
        Assert.Equal(["blue fish"], await List(library, search: "fi", folder: "sea", tag: "x", status: failed));
        Assert.Empty(await List(library, search: "fox", folder: "sea"));
        Assert.Empty(await List(library, status: VideoStatus.Deleting));
        // Words of folders and tags are found, too; a folder's name is not a beginning.
        Assert.Equal(["red fox"], await List(library, search: "lan"));
        Assert.Empty(await List(library, folder: "lan"));

        Task Add(int minutes, string name, string folder, string[] tags, VideoStatus status) =>
            library.TryAddAsync(
                NewVideo(minutes) with
                {
                    Details = new VideoDetails
                    {
                        Name = name,
                        Folder = folder,
                        Tags = [.. tags],
                    },
                    Life = VideoLife.Announced.With(status: status),
                },
                None
            );
    }

    [Fact(Timeout = 60_000)]
    public async Task What_changes_is_found_as_it_is_now()
    {
        var library = await NewCatalogue();
        await library.TryAddAsync(
            NewVideo(0) with
            {
                Details = new VideoDetails { Name = "old name", Description = "kept" },
            },
            None
        );

        await library.ChangeAsync(
            NewVideo(0).Id,
            video =>
                video with
                {
                    Details = video.Details with { Name = "new name", Tags = ["added"] },
                    Life = video.Life.With(status: VideoStatus.Ready),
                },
            None
        );

        Assert.Empty(await List(library, search: "old"));
        Assert.Empty(await List(library, status: VideoStatus.Waiting));
        foreach (var word in new[] { "new", "name", "kept", "added", "ne" })
            Assert.Equal(["new name"], await List(library, search: word));
        Assert.Equal(["new name"], await List(library, status: VideoStatus.Ready, search: "name"));

        await library.RemoveAsync(NewVideo(0).Id, None);
        Assert.Empty(await List(library, search: "new"));
        Assert.Empty(await List(library, status: VideoStatus.Ready));
    }

    [Fact(Timeout = 60_000)]
    public async Task Videos_of_one_moment_are_all_found()
    {
        var library = await NewCatalogue();
        // Blobs that nobody announced have times of whole seconds. Ids that share more than their time come from a search for such.
        var ids = CollidingIds();
        await Task.WhenAll(ids.Select((id, i) => library.TryAddAsync(Named(id, $"same {i} w{i}"), None)));

        Assert.Equal(ids.Select((_, i) => $"same {i} w{i}"), await List(library, search: "same"));
        Assert.Equal(["same 1 w1"], await List(library, search: "w1"));
        Assert.Equal(ids.Select((_, i) => $"same {i} w{i}"), await List(library, search: "same", limit: 1));

        await library.ChangeAsync(ids[0], video => video with { Details = video.Details with { Name = "other" } }, None);
        await library.RemoveAsync(ids[1], None);
        Assert.Equal(ids.Select((_, i) => $"same {i} w{i}").Skip(2), await List(library, search: "same"));
        Assert.Equal(["other"], await List(library, search: "other"));
        Assert.Empty(await List(library, search: "w1"));
        Assert.Equal(["same 2 w2"], await List(library, search: "w2"));

        static Video Named(VideoId id, string name) =>
            NewVideo(0) with
            {
                Id = id,
                Details = new VideoDetails { Name = name },
            };
    }

    /// <summary>Ids in their order that have the time and the next 15 bits in common.</summary>
    static VideoId[] CollidingIds()
    {
        var bytes = new byte[VideoId.SizeBytes];
        NewVideo(0).Id.WriteTo(bytes);
        return
        [
            .. Enumerable
                .Range(0, 5)
                .Select(i =>
                {
                    bytes[^1] = (byte)i;
                    return VideoId.Read(bytes);
                }),
        ];
    }

    [Fact(Timeout = 120_000)]
    public async Task Pages_of_a_search_lose_none_and_double_none_while_others_come_and_go()
    {
        var library = await NewCatalogue();
        // Every third stays, every third goes while the list is read, and every third comes.
        const int Videos = 90;
        foreach (var i in Enumerable.Range(0, Videos).Where(i => i % 3 < 2))
            await library.TryAddAsync(Named(i), None);

        var found = new List<string>();
        var next = 0;
        string? continuation = null;
        do
        {
            var page = await library.ListAsync(new VideoQuery("f", null, 4, continuation) { Search = "film wor" }, None);
            found.AddRange(page.Videos.Select(video => video.Details.Name));
            continuation = page.Continuation;
            for (var end = Math.Min(next + 10, Videos); next < end; next++)
            {
                if (next % 3 == 1)
                    await library.RemoveAsync(NewVideo(next).Id, None);
                if (next % 3 == 2)
                    await library.TryAddAsync(Named(next), None);
            }
        } while (continuation is not null);

        Assert.Equal(found.Count, found.Distinct().Count());
        Assert.Equal(found.OrderByDescending(name => name, StringComparer.Ordinal), found);
        Assert.Empty(Enumerable.Range(0, Videos).Where(i => i % 3 == 0).Select(i => Named(i).Details.Name).Except(found));
        Assert.True(next == Videos, "The list was read before the library had changed.");

        static Video Named(int i) =>
            NewVideo(i) with
            {
                Details = new VideoDetails { Name = $"film {i:D3} words", Folder = "f" },
            };
    }
}
