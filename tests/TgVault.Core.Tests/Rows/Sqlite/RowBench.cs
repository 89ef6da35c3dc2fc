using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using TgVault.Core.Chunks;
using TgVault.Core.Library;
using TgVault.Core.Rows.Sqlite;
using TgVault.Core.Videos;
using Xunit.Abstractions;

namespace TgVault.Core.Tests.Rows.Sqlite;

/// <summary>
/// What a library in SQLite costs with few films and with many, each with four chunk records. <c>TGVAULT_BENCH_FILMS=100000</c> makes it a
/// measurement for a person to read (docs/decisions.md has figures); <c>TGVAULT_BENCH_FOLDER</c> keeps what was filled for the next run,
/// whose memory then is not that of filling. Otherwise it only goes through the motions.
/// </summary>
public sealed class RowBench : IDisposable
{
    const int Few = 100;
    const int ShortRun = 150;
    const int Rounds = 15;
    const int Page = 50;

    static readonly DateTimeOffset Noon = new(2026, 11, 28, 12, 0, 0, TimeSpan.Zero);
    static readonly string About = new('d', 2300);

    static CancellationToken None => CancellationToken.None;

    readonly SqliteFolder _few = new();
    readonly SqliteFolder? _own;
    readonly string _many;

    readonly ITestOutputHelper _output;

    public RowBench(ITestOutputHelper output)
    {
        _output = output;
        _many = Environment.GetEnvironmentVariable("TGVAULT_BENCH_FOLDER") ?? (_own = new SqliteFolder()).Path;
    }

    public void Dispose()
    {
        _few.Dispose();
        _own?.Dispose();
    }

    [Fact(Timeout = 3_600_000)]
    public async Task Many_films_cost_what_few_cost()
    {
        var films = int.Parse(Environment.GetEnvironmentVariable("TGVAULT_BENCH_FILMS") ?? $"{ShortRun}", CultureInfo.InvariantCulture);
        var calls = films == ShortRun ? 2 : 200;
        await FillAsync(_few.Path, Few);
        var database = Path.Combine(_many, SqliteFile.Name);
        if (!File.Exists(database))
        {
            var filling = Stopwatch.StartNew();
            await FillAsync(_many, films);
            _output.WriteLine($"filled in {filling.Elapsed.TotalSeconds:F0} s");
        }

        _output.WriteLine($"{films} films, {Size(new FileInfo(database).Length)}; resident {Resident()}");
        using var fewStore = SqliteRowStore.Open(_few.Path, TimeProvider.System);
        var few = await LibraryOver(fewStore);
        var opening = Stopwatch.StartNew();
        using var manyStore = SqliteRowStore.Open(_many, TimeProvider.System);
        var many = await LibraryOver(manyStore);
        _output.WriteLine($"opened in {opening.Elapsed.TotalMilliseconds:F0} ms; resident {Resident()}");
        Assert.Equal(films, await ScanAsync(many, films));
        _output.WriteLine($"after a scan of all: resident {Resident()}, of that {Size(GC.GetTotalMemory(true))} managed and in use");

        foreach (var (name, call) in Calls())
        {
            // In turns, so that what else the machine does falls on both; the first round warms up.
            var (ofFew, ofMany) = (new List<double>(), new List<double>());
            for (var round = 0; round <= Rounds; round++)
            {
                var (one, other) = (await MeasureAsync(few, Few, call, calls), await MeasureAsync(many, films, call, calls));
                if (round == 0)
                    continue;
                ofFew.AddRange(one);
                ofMany.AddRange(other);
            }

            var (before, after) = (Median(ofFew), Median(ofMany));
            _output.WriteLine($"{name}: {before:F1} us with {Few}, {after:F1} us with {films}: {after / before:F2} times");
        }

        _output.WriteLine($"at the end: resident {Resident()}");
    }

    static IEnumerable<(string Name, Func<ILibrary, int, Random, Task> Call)> Calls() =>
        [
            ("find", async (library, films, random) => Assert.NotNull(await library.FindAsync(Id(random.Next(films)), None))),
            ("page", (library, films, random) => ListAsync(library, new VideoQuery(null, null, Page, From(films, random)))),
            ("first page", (library, _, _) => ListAsync(library, new VideoQuery(null, null, Page, null))),
            ("page of a folder", (library, films, _) => ListAsync(library, new VideoQuery(Folder(films / 2), null, Page, null))),
            ("page of a tag", (library, films, _) => ListAsync(library, new VideoQuery(null, Tag(films / 2), Page, null))),
            (
                "chunks of a range",
                async (library, films, random) =>
                    Assert.Equal(4, await library.ListChunksAsync(Id(random.Next(films)), 1, new ChunkNumber(0), 4, None).CountAsync())
            ),
            (
                "unfinished",
                async (library, _, _) =>
                {
                    await foreach (var _ in library.ListUnfinishedAsync(None)) { }
                }
            ),
            (
                "replace",
                async (library, films, random) =>
                {
                    var video = (await library.FindAsync(Id(random.Next(films)), None))!;
                    Assert.NotNull(await library.TryReplaceAsync(video with { Updated = Noon }, None));
                }
            ),
        ];

    static async Task ListAsync(ILibrary library, VideoQuery query)
    {
        var page = await library.ListAsync(query, None);
        Assert.Equal(Page, page.Videos.Length);
    }

    // Ids of later films come first, and so do later pages of few films end early: only full ones are compared.
    static string From(int films, Random random) => Id(random.Next(Page + 1, films)).ToString();

    static async Task<List<double>> MeasureAsync(ILibrary library, int films, Func<ILibrary, int, Random, Task> call, int calls)
    {
        var random = new Random(calls);
        var times = new List<double>();
        for (var i = 0; i < calls; i++)
        {
            var began = Stopwatch.GetTimestamp();
            await call(library, films, random);
            times.Add(Stopwatch.GetElapsedTime(began).TotalMicroseconds);
        }

        return times;
    }

    static double Median(List<double> times) => times.Order().ElementAt(times.Count / 2);

    static async Task FillAsync(string folder, int films)
    {
        using var store = SqliteRowStore.Open(folder, TimeProvider.System);
        var library = await LibraryOver(store);
        await Parallel.ForAsync(
            0,
            films,
            // Writers wait for commits, not for processors: many share one.
            new ParallelOptions { MaxDegreeOfParallelism = 64 },
            async (i, _) =>
            {
                Assert.True(await library.TryAddAsync(Film(i), None));
                for (var number = 0; number < 4; number++)
                    await library.AddChunkAsync(Id(i), 1, Chunk(number), None);
            }
        );
    }

    static async Task<int> ScanAsync(ILibrary library, int films)
    {
        var found = 0;
        string? continuation = null;
        do
        {
            var page = await library.ListAsync(new VideoQuery(null, null, 200, continuation), None);
            foreach (var video in page.Videos)
                Assert.Equal(4, await library.ListChunksAsync(video.Id, 1, new ChunkNumber(0), films, None).CountAsync());
            found += page.Videos.Length;
            continuation = page.Continuation;
        } while (continuation is not null);
        return found;
    }

    static async Task<ILibrary> LibraryOver(SqliteRowStore store)
    {
        var library = new TableLibrary(store, TimeProvider.System, NullLogger<TableLibrary>.Instance);
        await library.PrepareAsync(None);
        return library;
    }

    /// <summary>A row of some 6 KB, as films with a few tracks have.</summary>
    static Video Film(int number) =>
        new()
        {
            Id = Id(number),
            Details = new VideoDetails
            {
                Name = $"Film {number}",
                Folder = Folder(number),
                Tags = [Tag(number)],
                Description = About,
            },
            Upload = new VideoUpload { SizeBytes = 4L << 30, ContentType = "video/mp4" },
            Life = VideoLife.Restored(VideoStatus.Ready, IngestStage.Committing, 1, null, null),
            Updated = Noon,
            Inspection = new VideoInspection
            {
                Media = new MediaSummary
                {
                    Container = "mov,mp4",
                    DurationSeconds = 5400,
                    Tracks =
                    [
                        .. Enumerable
                            .Range(0, 12)
                            .Select(i => new MediaTrack
                            {
                                Index = i,
                                Kind = MediaTrackKind.Subtitle,
                                Codec = "mov_text",
                                Title = "Untertitel für Hörgeschädigte",
                            }),
                    ],
                },
            },
        };

    static ChunkRecord Chunk(int number) =>
        new(
            new ChunkNumber(number),
            2 << 20,
            new byte[32],
            new ChunkReceipt(7_123_456_789, -1_001_234_567_890, number + 1, new string('B', 72), new string('A', 15), (2 << 20) + 600)
        );

    static VideoId Id(int number) => VideoId.ForBlob($"{number}", "", Noon.AddSeconds(number));

    // A hundred films to a folder and to a tag, at least.
    static string Folder(int number) => $"Films/{number / 100}";

    static string Tag(int number) => $"tag {number / 100}";

    static string Size(long bytes) => $"{bytes / 1048576.0:F0} MiB";

    static string Resident() => Size(Environment.WorkingSet);
}
