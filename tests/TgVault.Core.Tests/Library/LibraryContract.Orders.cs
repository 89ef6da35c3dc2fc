using TgVault.Core.Library;
using TgVault.Core.Library.Lists;
using TgVault.Core.Videos;
using TgVault.Testing;

namespace TgVault.Core.Tests.Library;

/// <summary>Lists by name, folders with what lies in them, and how many videos each list has.</summary>
public abstract partial class LibraryContract
{
    [Theory(Timeout = 60_000)]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(200)]
    public async Task By_name_case_and_accents_do_not_count_and_numbers_go_by_their_value(int limit)
    {
        // Punctuation comes first and a space before letters; 007 is 7; what is not Latin comes last.
        string[] expected =
        [
            "!",
            "2 fast",
            "007",
            "10 things",
            "2001",
            "a b",
            "Ab",
            "Élan",
            "elan vital",
            "Episode 2",
            "episode 03.mkv",
            "Episode 10",
            "Zürich",
            "яблоко",
            "東京",
        ];
        var library = await NewCatalogue();
        foreach (var (place, name) in expected.Index().OrderBy(one => one.Index * 7 % expected.Length))
            await library.TryAddAsync(NewVideo(place) with { Details = new VideoDetails { Name = name } }, None);

        Assert.Equal(expected, await ListByName(library, new VideoQuery(null, null, limit, null)));
    }

    [Fact(Timeout = 60_000)]
    public async Task Of_videos_with_one_name_each_comes_once_and_a_new_name_is_a_new_place()
    {
        var library = await NewCatalogue();
        foreach (var i in Enumerable.Range(0, 5))
            await library.TryAddAsync(NewVideo(i) with { Details = new VideoDetails { Name = "same" } }, None);
        Assert.Equal(Enumerable.Repeat("same", 5), await ListByName(library, new VideoQuery(null, null, 2, null)));

        await library.ChangeAsync(NewVideo(2).Id, video => video with { Details = video.Details with { Name = "a" } }, None);
        await library.ChangeAsync(NewVideo(3).Id, video => video with { Details = video.Details with { Name = "z" } }, None);
        await library.RemoveAsync(NewVideo(0).Id, None);

        Assert.Equal(["a", "same", "same", "z"], await ListByName(library, new VideoQuery(null, null, 2, null)));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_folder_may_be_listed_with_what_lies_in_it_by_time_and_by_name_and_with_a_tag()
    {
        var library = await NewCatalogue();
        string[] folders = ["", "Films", "Films/Kids", "Films/Kids/Small", "Filmstock", "films", "Kids"];
        foreach (var (i, folder) in folders.Index())
            await library.TryAddAsync(
                NewVideo(i) with
                {
                    Details = new VideoDetails
                    {
                        Name = $"{(char)('a' + i)} {folder}",
                        Folder = folder,
                        Tags = i % 2 == 0 ? ["even"] : [],
                    },
                },
                None
            );
        var films = new VideoQuery("Films", null, 2, null) { Below = true };

        Assert.Equal(["d Films/Kids/Small", "c Films/Kids", "b Films"], await Names(library, films));
        Assert.Equal(["b Films", "c Films/Kids", "d Films/Kids/Small"], await ListByName(library, films));
        Assert.Equal(["b Films"], await Names(library, films with { Below = false }));
        Assert.Equal(["b Films"], await ListByName(library, films with { Below = false }));
        Assert.Equal(["c Films/Kids"], await Names(library, films with { Tag = "even" }));
        Assert.Equal(["c Films/Kids"], await ListByName(library, films with { Tag = "even" }));
        Assert.Equal(["d Films/Kids/Small", "c Films/Kids"], await Names(library, films with { Search = "kids" }));
        Assert.Equal(7, (await Names(library, films with { Folder = "" })).Length);
        Assert.Equal(7, (await ListByName(library, films with { Folder = "" })).Length);
        Assert.Equal(["a "], await ListByName(library, films with { Folder = "", Below = false }));
        Assert.Empty(await Names(library, films with { Folder = "Films/" }));

        await library.ChangeAsync(NewVideo(3).Id, video => video with { Details = video.Details with { Folder = "Kids" } }, None);
        Assert.Equal(["c Films/Kids", "b Films"], await Names(library, films));
        Assert.Equal(["b Films", "c Films/Kids"], await ListByName(library, films));
    }

    [Theory(Timeout = 60_000)]
    [InlineData(VideoOrder.Largest, "film photo long clip empty")]
    [InlineData(VideoOrder.Smallest, "empty clip long photo film")]
    [InlineData(VideoOrder.Longest, "long film clip photo empty")]
    [InlineData(VideoOrder.Shortest, "clip film long photo empty")]
    public async Task By_size_and_length_each_comes_once_and_what_does_not_play_comes_last(VideoOrder order, string expected)
    {
        var library = await NewCatalogue();
        (string Name, long Bytes, double? Seconds)[] videos =
        [
            ("clip", 900, 9.5),
            ("film", 10_000_000_000, 5400),
            ("long", 1000, 36_000),
            ("empty", 0, null),
            ("photo", 20_000, 0),
        ];
        foreach (var (i, (name, bytes, seconds)) in videos.Index())
            await library.TryAddAsync(Sized(NewVideo(i), bytes, seconds, name), None);
        var query = new VideoQuery("Films", null, 2, null) { Below = true, Order = order };

        Assert.Equal(expected.Split(' '), await Names(library, query));
        Assert.Equal(expected.Split(' '), await Names(library, query with { Folder = null, Below = false }));
        // As of an upload of which the length is told later: it has one place all the time.
        await library.ChangeAsync(NewVideo(0).Id, video => Sized(video, 40_000_000_000, 100_000, "clip"), None);
        var isFirst = order is VideoOrder.Largest or VideoOrder.Longest;
        var others = expected.Split(' ').Where(name => name != "clip").ToList();
        others.Insert(
            isFirst ? 0
                : order == VideoOrder.Smallest ? others.Count
                : 2,
            "clip"
        );
        Assert.Equal(others, await Names(library, query));

        var byAnother = (await library.ListAsync(query, None)).Continuation;
        var other = query with { Continuation = byAnother, Order = isFirst ? VideoOrder.Smallest : VideoOrder.Largest };
        await Assert.ThrowsAsync<FormatException>(() => library.ListAsync(other, None));
    }

    [Theory(Timeout = 60_000)]
    [InlineData("nonsense")]
    [InlineData("")]
    [InlineData("a!nonsense")]
    [InlineData("a!7zzzzzzzzz000000000000000u")]
    [InlineData("' or RowKey gt '!7zzzzzzzzz0000000000000000")]
    [InlineData("7zzzzzzzzz0000000000000000")]
    public async Task A_continuation_that_a_list_by_name_did_not_give_is_refused(string continuation)
    {
        var library = await NewCatalogue();

        await Assert.ThrowsAsync<FormatException>(() =>
            library.ListAsync(new VideoQuery(null, null, 10, continuation) { Order = VideoOrder.Name }, None)
        );
    }

    [Fact(Timeout = 60_000)]
    public async Task Only_the_newest_first_take_a_status_or_a_search()
    {
        var library = await NewCatalogue();
        foreach (var order in Enum.GetValues<VideoOrder>().Where(order => order != VideoOrder.Newest))
        {
            var query = new VideoQuery(null, null, 10, null) { Order = order };
            await Assert.ThrowsAsync<ArgumentException>(() => library.ListAsync(query with { Status = VideoStatus.Ready }, None));
            await Assert.ThrowsAsync<ArgumentException>(() => library.ListAsync(query with { Search = "a" }, None));
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task Folders_tags_and_statuses_tell_how_many_videos_they_have()
    {
        var library = await NewCatalogue();
        var empty = await library.CountAsync(None);
        Assert.Empty(empty.Folders);
        Assert.Empty(empty.Tags);
        Assert.Empty(empty.Statuses);
        var odd = new string('東', 200);
        (string Folder, string[] Tags, VideoStatus Status)[] videos =
        [
            ("", [], VideoStatus.Ready),
            ("a/b", ["x", "__5f"], VideoStatus.Ready),
            ("a/b", ["x", odd], VideoStatus.Failed),
            ("a", [odd], VideoStatus.Ready),
            (odd, ["100 % \"é\""], VideoStatus.Deleting),
        ];
        foreach (var (i, (folder, tags, status)) in videos.Index())
            await library.TryAddAsync(
                NewVideo(i) with
                {
                    Details = new VideoDetails
                    {
                        Name = $"{i}",
                        Folder = folder,
                        Tags = [.. tags],
                    },
                    Life = NewVideo(i).Life.With(status: status),
                },
                None
            );

        var counts = await library.CountAsync(None);

        Assert.Equal([new("", 1), new("a", 1), new("a/b", 2), new(odd, 1)], counts.Folders);
        Assert.Equal([new("100 % \"é\"", 1), new("__5f", 1), new("x", 2), new(odd, 2)], counts.Tags);
        Assert.Equal([new(VideoStatus.Ready, 3), new(VideoStatus.Failed, 1), new(VideoStatus.Deleting, 1)], counts.Statuses);

        await library.ChangeAsync(NewVideo(1).Id, video => video with { Details = video.Details with { Folder = "", Tags = [] } }, None);
        await library.RemoveAsync(NewVideo(3).Id, None);
        counts = await library.CountAsync(None);
        Assert.Equal([new("", 2), new("a/b", 1), new(odd, 1)], counts.Folders);
        Assert.Equal([new("100 % \"é\"", 1), new("x", 1), new(odd, 1)], counts.Tags);
        Assert.Equal(2, counts.Statuses[VideoStatus.Ready]);
    }

    [Fact(Timeout = 60_000)]
    public async Task What_is_stored_of_all_videos_is_told_in_bytes()
    {
        var library = await NewCatalogue();
        Assert.Equal(0, await library.MeasureAsync(None));
        var full = FullVideo();
        await library.TryAddAsync(full, None);
        await library.TryAddAsync(NewVideo(1), None);

        var companions = full.Files.Companions.Where(companion => companion.State == CompanionState.Stored);
        Assert.Equal(full.Files.Plan!.LengthBytes + companions.Sum(companion => companion.LengthBytes), await library.MeasureAsync(None));
    }

    protected static Video Sized(Video video, long bytes, double? seconds = null, string? name = null) =>
        video with
        {
            Details = video.Details with { Name = name ?? video.Details.Name, Folder = name is null ? "" : "Films/Kids" },
            Upload = video.Upload with { SizeBytes = bytes },
            Inspection = video.Inspection with
            {
                Media = seconds is { } length ? new MediaSummary { Container = "mov,mp4", DurationSeconds = length } : null,
            },
        };

    protected static Task<string[]> ListByName(ILibrary library, VideoQuery query) =>
        Names(library, query with { Order = VideoOrder.Name });

    protected static async Task<string[]> Names(ILibrary library, VideoQuery query)
    {
        var names = new List<string>();
        do
        {
            var page = await library.ListAsync(query, None);
            names.AddRange(page.Videos.Select(video => video.Details.Name));
            query = query with { Continuation = page.Continuation };
        } while (query.Continuation is not null);
        return [.. names];
    }
}
