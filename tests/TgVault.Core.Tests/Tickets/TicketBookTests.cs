using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using TgVault.Core.Library;
using TgVault.Core.Rows;
using TgVault.Core.Tests.Webhooks;
using TgVault.Core.Tickets;
using TgVault.Core.Videos;
using TgVault.Testing;

namespace TgVault.Core.Tests.Tickets;

/// <summary>A ticket becomes one video, whoever uses it and whatever happens meanwhile.</summary>
public sealed class TicketBookTests
{
    static readonly Ticket Wanted = new("", default, 1000) { Folder = "From visitors", Tags = ["new"] };

    readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 29, 11, 0, 0, TimeSpan.Zero));
    readonly BreakingRows _rows;
    readonly TableLibrary _library;
    readonly TicketBook _book;

    public TicketBookTests()
    {
        _rows = new BreakingRows(new MemoryRowStore(_time));
        _library = new TableLibrary(_rows, _time, NullLogger<TableLibrary>.Instance);
        _book = new TicketBook(_rows.Table(VaultTables.Vault), _library, _time);
    }

    [Fact(Timeout = 30_000)]
    public async Task The_same_file_is_the_same_video_and_another_is_none()
    {
        var text = await MakeAsync();

        var first = await UseAsync(text, "film.mp4");
        var again = await UseAsync(text, "film.mp4");
        var other = await UseAsync(text, "another.mp4");

        Assert.Equal(first!.Id, again!.Id);
        Assert.Null(other);
        Assert.Equal(("From visitors", "new"), (first.Details.Folder, Assert.Single(first.Details.Tags)));
        Assert.Single(await VideosAsync());
    }

    [Fact(Timeout = 30_000)]
    public async Task Of_many_files_at_once_one_becomes_a_video()
    {
        var text = await MakeAsync();

        var used = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(() => UseAsync(text, $"film {i % 10}.mp4"))));

        var video = Assert.Single(await VideosAsync());
        Assert.Equal(2, used.Count(one => one?.Id == video.Id));
        Assert.Equal(18, used.Count(one => one is null));
    }

    [Fact(Timeout = 60_000)]
    public async Task Wherever_the_process_is_killed_the_same_file_goes_on_and_makes_one_video()
    {
        for (var writes = 0; ; writes++)
        {
            var text = await MakeAsync();
            var before = (await VideosAsync()).Count;
            _rows.Left = writes;
            var wasKilled = false;
            try
            {
                await UseAsync(text, "film.mp4");
            }
            catch (PowerLossException)
            {
                wasKilled = true;
            }

            _rows.Left = -1;
            Assert.NotNull(await UseAsync(text, "film.mp4"));
            Assert.Equal(before + 1, (await VideosAsync()).Count);
            if (wasKilled)
                continue;
            Assert.True(writes > 4, $"only {writes} writes were broken off at");
            return;
        }
    }

    [Fact(Timeout = 30_000)]
    public async Task A_ticket_whose_video_was_removed_makes_no_other()
    {
        var text = await MakeAsync();
        var video = await UseAsync(text, "film.mp4");
        await _library.RemoveAsync(video!.Id, CancellationToken.None);

        Assert.Null(await UseAsync(text, "film.mp4"));
        Assert.Empty(await VideosAsync());
    }

    [Fact(Timeout = 30_000)]
    public async Task A_text_is_good_for_its_own_ticket_until_that_is_ended_or_forgotten()
    {
        var text = await MakeAsync();
        var other = await MakeAsync();
        Assert.NotNull(await FindAsync(text));
        foreach (var wrong in new[] { "", "x", text[..^1], text + "x", text[..26] + other[26..], text[..26] + new string('A', 22) })
            Assert.Null(await FindAsync(wrong));

        Assert.True(await _book.RemoveAsync(text[..26], CancellationToken.None));
        Assert.False(await _book.RemoveAsync(text[..26], CancellationToken.None));
        Assert.Null(await FindAsync(text));
        _time.Advance(TimeSpan.FromHours(1) + TicketBook.KeptAfterEnd);
        await _book.PruneAsync(CancellationToken.None);
        Assert.NotNull(await FindAsync(other));
        _time.Advance(TimeSpan.FromMilliseconds(1));
        await _book.PruneAsync(CancellationToken.None);
        Assert.Null(await FindAsync(other));
    }

    [Theory]
    [InlineData("", "film.mp4", "video/mp4", true)]
    [InlineData("video/*", "film.bin", "video/mp4", true)]
    [InlineData("video/*", "film.bin", "VIDEO/mp4; codecs=avc1", true)]
    [InlineData("video/*", "film.mp4", "videos/mp4", false)]
    [InlineData("video/mp4", "film.mp4", "video/mp4", true)]
    [InlineData("video/mp4", "film.mp4", "video/mp4x", false)]
    [InlineData(".mkv", "film.MKV", "application/octet-stream", true)]
    [InlineData(".mkv", "film.mkv.exe", "video/x-matroska", false)]
    [InlineData("image/png .mkv", "film.mkv", "", true)]
    public void A_ticket_is_for_files_of_its_kinds(string types, string name, string contentType, bool isAllowed) =>
        Assert.Equal(
            isAllowed,
            (Wanted with { Types = [.. types.Split(' ', StringSplitOptions.RemoveEmptyEntries)] }).Allows(name, contentType)
        );

    async Task<string> MakeAsync() => (await _book.MakeAsync(Wanted, TimeSpan.FromHours(1), CancellationToken.None)).Text;

    Task<Ticket?> FindAsync(string text) => _book.FindAsync(text, CancellationToken.None);

    Task<Video?> UseAsync(string text, string name) =>
        _book.UseAsync(
            text,
            new Video
            {
                Id = VideoId.New(_time.GetUtcNow()),
                Details = new VideoDetails { Name = name },
                Upload = new VideoUpload { SizeBytes = 10 },
                Life = VideoLife.Announced,
                Updated = _time.GetUtcNow(),
            },
            CancellationToken.None
        );

    async Task<IReadOnlyList<Video>> VideosAsync() =>
        (await _library.ListAsync(new VideoQuery(null, null, 200, null), CancellationToken.None)).Videos;
}
