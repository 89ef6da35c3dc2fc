using System.Collections.Immutable;
using Microsoft.Extensions.Logging.Abstractions;
using TgVault.Core.Library;
using TgVault.Core.Rows;
using TgVault.Core.Tests.Rows;
using TgVault.Core.Tests.Rows.Sqlite;
using TgVault.Core.Videos;
using TgVault.Testing;

namespace TgVault.Core.Tests.Library;

/// <summary>
/// The same videos, chosen at random, come, change and go in Table Storage, in SQLite and in a plain model: whatever is looked for, all
/// find the same, in the same order.
/// </summary>
[Collection(AzuriteCollection.Name)]
public sealed class SameSearchTests(AzuriteFixture azurite) : IDisposable
{
    const int Rounds = 150;

    // Alike at their beginnings, beyond what an index knows, in accents and case; some without a word.
    static readonly string[] Words =
    [
        "a",
        "ab",
        "Über",
        "uber",
        "Straße",
        "STRASSEN",
        "documentary",
        "documentaries",
        "documenting",
        "東京都",
        "京都",
        "🎬",
        "🎬🎥",
        "2019",
        "201",
        "--",
        "İx",
        "한글",
        "하나",
        new('x', 40),
    ];

    static readonly string?[] Folders = ["", "Filme", "Filme/Über"];
    static readonly string?[] Tags = ["a", "東京", "documentary"];

    readonly SqliteFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory(Timeout = 300_000)]
    [InlineData(1)]
    [InlineData(20_261_128)]
    public async Task All_find_the_same(int seed)
    {
        var random = new Random(seed);
        ILibrary model = new MemoryLibrary();
        ILibrary[] libraries = [model, await Over(TableRowsTests.StoreIn(azurite)), await Over(_folder.Open())];
        var found = 0;
        for (var round = 0; round < Rounds; round++)
        {
            var videos = await All(model);
            var change = Change(random, round, videos);
            await Task.WhenAll(libraries.Select(change));
            var query = new VideoQuery(Some(random, Folders, 5), Some(random, Tags, 5), random.Next(1, 5), null)
            {
                Search = random.Next(6) == 0 ? null : Text(random, 3),
                Status = random.Next(5) == 0 ? Status(random) : null,
            };
            var answers = await Task.WhenAll(libraries.Select(library => Find(library, query)));
            foreach (var answer in answers.Skip(1))
            {
                if (!answer.SequenceEqual(answers[0]))
                    Assert.Fail($"Round {round} of seed {seed}, {query}: {answers[0].Length} videos, not {answer.Length}.");
            }

            found += answers[0].Length;
        }

        // Were nothing found, they would agree as well.
        Assert.InRange(found, Rounds / 2, 100 * Rounds);
    }

    static Func<ILibrary, Task> Change(Random random, int round, ImmutableArray<Video> videos)
    {
        var chosen = videos.IsEmpty ? null : videos[random.Next(videos.Length)];
        var details = Details(random);
        var status = Status(random);
        var kind = random.Next(8);
        if (kind == 0 && chosen is not null)
            return library => library.RemoveAsync(chosen.Id, CancellationToken.None);
        if (kind < 3 && chosen is not null)
            return library =>
                library.ChangeAsync(
                    chosen.Id,
                    video => video with { Details = details, Life = video.Life.With(status: status) },
                    CancellationToken.None
                );
        // Some of the same moment, some older than what is there.
        var created = new DateTimeOffset(2026, 1, 1, 0, 0, random.Next(10), TimeSpan.Zero);
        var added = new Video
        {
            Id = VideoId.ForBlob($"{round}", "", created),
            Details = details,
            Upload = new VideoUpload(),
            Life = VideoLife.Announced.With(status: status),
        };
        return library => library.TryAddAsync(added, CancellationToken.None);
    }

    static VideoDetails Details(Random random) =>
        new()
        {
            Name = Text(random, 4),
            Folder = Some(random, Folders, 3) ?? "",
            Tags = Some(random, Tags, 3) is { } tag ? [tag] : [],
            Description = random.Next(3) == 0 ? Text(random, 8) : "",
        };

    /// <summary>Words, or beginnings of some.</summary>
    static string Text(Random random, int most)
    {
        var words = Enumerable.Range(0, random.Next(1, most + 1)).Select(_ => Words[random.Next(Words.Length)]);
        return string.Join(" -_."[random.Next(4)], words.Select(word => random.Next(4) == 0 ? word[..random.Next(word.Length + 1)] : word));
    }

    static string? Some(Random random, string?[] texts, int none) =>
        random.Next(texts.Length + none) is var i && i < texts.Length ? texts[i] : null;

    static VideoStatus Status(Random random) => (VideoStatus)random.Next(Enum.GetValues<VideoStatus>().Length);

    static async Task<ImmutableArray<Video>> All(ILibrary library) =>
        (await library.ListAsync(new VideoQuery(null, null, 200, null), CancellationToken.None)).Videos;

    static async Task<VideoId[]> Find(ILibrary library, VideoQuery query)
    {
        var found = new List<VideoId>();
        do
        {
            var page = await library.ListAsync(query, CancellationToken.None);
            found.AddRange(page.Videos.Select(video => video.Id));
            query = query with { Continuation = page.Continuation };
        } while (query.Continuation is not null);
        return [.. found];
    }

    static async Task<ILibrary> Over(IRowStore store)
    {
        var library = new TableLibrary(store, TimeProvider.System, NullLogger<TableLibrary>.Instance);
        await library.PrepareAsync(CancellationToken.None);
        return library;
    }
}
