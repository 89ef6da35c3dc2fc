using System.Diagnostics;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using SQLitePCL;
using TgVault.Core.Library;
using TgVault.Core.Library.Lists;
using TgVault.Core.Library.Search;
using TgVault.Core.Rows.Sqlite;
using TgVault.Core.Tests.Rows.Sqlite;
using TgVault.Core.Videos;
using Xunit.Abstractions;

namespace TgVault.Core.Tests.Library;

/// <summary>
/// What a page of 40 costs in SQLite with few and with many films. What FTS5 reads is counted, in pages of the database, and must not
/// grow with the films. <c>TGVAULT_BENCH_FILMS=100000</c> makes it a measurement of time for a person to read, too.
/// </summary>
public sealed class SearchBench(ITestOutputHelper output) : IDisposable
{
    const int Few = 100;
    const int ShortRun = 3000;
    const int Page = 40;
    const int MorePages = 400;

    static readonly (string Name, VideoQuery Query)[] Queries =
    [
        ("list", new VideoQuery(null, null, Page, null)),
        ("folder", new VideoQuery("Filme", null, Page, null)),
        ("ready", new VideoQuery(null, null, Page, null) { Status = VideoStatus.Ready }),
        ("one letter", Search("f")),
        ("common word", Search("film")),
        ("two common", Search("film holiday")),
        ("long common", Search("documentary")),
        ("rare word", Search("rarest")),
        ("rare and common", Search("film rarest")),
        ("nothing", Search("film nothing")),
        ("in a folder", new VideoQuery("Filme", null, Page, null) { Search = "film" }),
        ("folder, tag, ready", new VideoQuery("Filme", "holiday", Page, null) { Search = "film", Status = VideoStatus.Ready }),
    ];

    readonly SqliteFolder _few = new();
    readonly SqliteFolder _many = new();

    public void Dispose()
    {
        _few.Dispose();
        _many.Dispose();
    }

    [Fact(Timeout = 3_600_000)]
    public async Task A_page_costs_a_page_however_many_films_there_are()
    {
        var films = int.Parse(Environment.GetEnvironmentVariable("TGVAULT_BENCH_FILMS") ?? $"{ShortRun}", CultureInfo.InvariantCulture);
        var (few, many) = (await FillAsync(_few, Few), await FillAsync(_many, films));
        output.WriteLine($"{films} films: {Number(_many, "SELECT sum(length(data)) FROM rows_videos") >> 10} KiB of rows, search has");
        output.WriteLine($"  {Number(_many, "SELECT sum(length(block)) FROM search_words_data") >> 10} KiB of beginnings,");
        output.WriteLine($"  {Number(_many, "SELECT sum(length(words) + 40) FROM search_videos") >> 10} KiB of words");
        foreach (var (name, query) in Queries)
        {
            // The first ones warm up; then in turns, so that what else the machine does falls on both.
            var (ofFew, ofMany) = (new List<double>(), new List<double>());
            var (found, foundMany) = (0, 0);
            for (var round = 0; round < 40; round++)
            {
                found = await MeasureAsync(few, query, ofFew);
                foundMany = await MeasureAsync(many, query, ofMany);
            }

            Assert.Equal(found, foundMany);
            output.WriteLine($"{name}: {found} found, {Median(ofFew):F2} ms among {Few}, {Median(ofMany):F2} ms among {films}");
            if (query.Search is not { } search)
                continue;
            var (pages, pagesOfMany) = (PagesRead(_few, search), PagesRead(_many, search));
            output.WriteLine($"  {pages} pages among {Few}, {pagesOfMany} among {films}");
            // FTS5 has more parts to merge, and trees are deeper; looking up all that matches would be 3 pages a film.
            Assert.InRange(pagesOfMany, 1, pages + MorePages);
        }
    }

    static long Number(SqliteFolder folder, string sql)
    {
        using var session = SqliteFile.OpenToRead(folder.Database);
        return (long)session.Scalar(sql)!;
    }

    /// <summary>How often SQLite looked at a page of the database, in memory or not (sqlite.org/c3ref/c_dbstatus_options.html).</summary>
    static int PagesRead(SqliteFolder folder, string search)
    {
        using var connection = new SqliteConnection($"Data Source={folder.Database};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = SqliteSearch.List;
        command.Parameters.AddWithValue("$1", SqliteSearch.QueryOf(SearchTerms.Parse(search)));
        command.Parameters.AddWithValue("$2", 0);
        command.Parameters.AddWithValue("$3", Page + 2);
        command.Parameters.AddWithValue("$4", "");
        // The first run reads the schema, too.
        Run();
        Looked(raw.SQLITE_DBSTATUS_CACHE_HIT);
        Looked(raw.SQLITE_DBSTATUS_CACHE_MISS);
        Run();
        return Looked(raw.SQLITE_DBSTATUS_CACHE_HIT) + Looked(raw.SQLITE_DBSTATUS_CACHE_MISS);

        void Run()
        {
            using var reader = command.ExecuteReader();
            while (reader.Read()) { }
        }

        int Looked(int counter)
        {
            Assert.Equal(raw.SQLITE_OK, raw.sqlite3_db_status(connection.Handle, counter, out var current, out _, 1));
            return current;
        }
    }

    static VideoQuery Search(string text) => new(null, null, Page, null) { Search = text };

    static async Task<ILibrary> FillAsync(SqliteFolder folder, int films)
    {
        var library = new TableLibrary(folder.Open(), TimeProvider.System, NullLogger<TableLibrary>.Instance);
        await library.PrepareAsync(CancellationToken.None);
        var options = new ParallelOptions { MaxDegreeOfParallelism = 200 };
        await Parallel.ForAsync(0, films, options, async (i, _) => Assert.True(await library.TryAddAsync(Film(i), default)));
        return library;
    }

    /// <summary>Newest first by number. One of the first hundred is rare, half are in the folder.</summary>
    static Video Film(int i) =>
        new()
        {
            Id = VideoId.ForBlob($"{i}", "", new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).AddMinutes(-i)),
            Details = new VideoDetails
            {
                Name = $"Film {i} The Documentary of {Word(i)} {Word(i / 7)} {1950 + (i % 77)} 1080p.mkv",
                Folder = i % 2 == 0 ? "Filme" : $"Serien/{Word(i / 100)}",
                Tags = i == 42 ? ["rarest"] : ["holiday", Word(i % 50)],
                Description = $"{Word(i)} and {Word(i + 1)} go to {Word(i + 2)}, by {Word(i / 3)}.",
            },
            Upload = new VideoUpload(),
            Life = VideoLife.Restored(VideoStatus.Ready, IngestStage.Done, 1, null, null),
        };

    /// <summary>A word made of three syllables, some 8,000 different ones.</summary>
    static string Word(int i)
    {
        string[] syllables =
        [
            "ba",
            "do",
            "fi",
            "gu",
            "ha",
            "je",
            "ko",
            "li",
            "mu",
            "na",
            "po",
            "ra",
            "si",
            "to",
            "ve",
            "wo",
            "ya",
            "ze",
            "che",
            "sto",
        ];
        var hash = (int)((uint)(i * 2654435761L) >> 8);
        return syllables[hash % 20] + syllables[hash / 20 % 20] + syllables[hash / 400 % 20];
    }

    static async Task<int> MeasureAsync(ILibrary library, VideoQuery query, List<double> times)
    {
        var clock = Stopwatch.StartNew();
        var page = await library.ListAsync(query, CancellationToken.None);
        times.Add(clock.Elapsed.TotalMilliseconds);
        return page.Videos.Length;
    }

    static double Median(List<double> times) => times.Skip(5).Order().ElementAt((times.Count - 5) / 2);
}
