using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using TgVault.Core;
using TgVault.Core.Library;
using TgVault.Core.Videos;
using TgVault.Testing;

namespace TgVault.Web.Tests.Uploads;

/// <summary>Upload tickets over HTTP, as a page of another site uses them: without a key.</summary>
public sealed class TicketTests
{
    [Fact(Timeout = 30_000)]
    public async Task A_page_announces_one_file_with_what_the_ticket_fixes_and_follows_it()
    {
        await using var parts = await WebParts.StartAsync(publicUrl: "https://video.example.org");
        var ticket = await MakeAsync(
            parts,
            new
            {
                maxSize = 1000,
                folder = "From visitors",
                tags = new[] { "new" },
                description = "theirs",
            }
        );
        Assert.StartsWith("https://video.example.org/t/", ticket.GetProperty("url").GetString(), StringComparison.Ordinal);
        var path = PathOf(ticket);

        using var used = await UseAsync(parts, path, "film.mp4", 500);

        Assert.Equal((HttpStatusCode.OK, "*"), (used.StatusCode, Origin(used)));
        var upload = await WebParts.JsonAsync(used);
        var id = VideoId.Parse(upload.GetProperty("id").GetString()!);
        Assert.True(upload.TryGetProperty("uploadUrl", out _));
        var video = (await parts.Rows.FindAsync(id, CancellationToken.None))!;
        Assert.Equal(("From visitors", "theirs", 500), (video.Details.Folder, video.Details.Description, video.Upload.SizeBytes));
        await parts.Rows.ChangeAsync(
            id,
            current => current with { Life = current.Life.With(status: VideoStatus.Ready, stage: IngestStage.Done) },
            CancellationToken.None
        );

        using var events = await parts.GetAsync($"{path}/events");
        using var shown = await parts.GetAsync(path);
        using var again = await UseAsync(parts, path, "film.mp4", 500);

        Assert.Equal(("text/event-stream", "*"), (events.Content.Headers.ContentType?.MediaType, Origin(events)));
        var told = await events.Content.ReadAsStringAsync();
        Assert.StartsWith("event: video\ndata: {", told, StringComparison.Ordinal);
        Assert.Contains("\"status\":\"ready\"", told, StringComparison.Ordinal);
        Assert.DoesNotContain("From visitors", told, StringComparison.Ordinal);
        Assert.Equal("ready", (await WebParts.JsonAsync(shown)).GetProperty("video").GetProperty("status").GetString());
        var second = await WebParts.JsonAsync(again);
        Assert.Equal(id.ToString(), second.GetProperty("id").GetString());
        Assert.False(second.TryGetProperty("uploadUrl", out _));
    }

    [Theory(Timeout = 30_000)]
    [InlineData("film.mp4", 1001, "video/mp4", HttpStatusCode.RequestEntityTooLarge)]
    [InlineData("film.mp4", 1000, "image/png", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("film.mp4", 1000, "no type", HttpStatusCode.BadRequest)]
    [InlineData("film.mkv", 1000, "application/octet-stream", HttpStatusCode.OK)]
    [InlineData("film.mp4", 1000, "video/mp4", HttpStatusCode.OK)]
    public async Task A_file_is_held_to_what_the_ticket_allows(string name, int size, string contentType, HttpStatusCode expected)
    {
        await using var parts = await WebParts.StartAsync();
        var path = PathOf(await MakeAsync(parts, new { maxSize = 1000, types = new[] { "video/*", ".mkv" } }));

        using var answer = await UseAsync(parts, path, name, size, contentType);

        Assert.Equal((expected, "*"), (answer.StatusCode, Origin(answer)));
        using var shown = await parts.GetAsync(path);
        Assert.Equal(expected == HttpStatusCode.OK, (await WebParts.JsonAsync(shown)).TryGetProperty("video", out _));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_ticket_is_good_for_one_file_and_its_time()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var parts = await WebParts.StartAsync(time: time);
        var path = PathOf(await MakeAsync(parts, new { ttl = 60 }));
        using var first = await UseAsync(parts, path, "film.mp4", 500);
        using var other = await UseAsync(parts, path, "other.mp4", 500);
        var unused = PathOf(await MakeAsync(parts, new { ttl = 60 }));

        time.Advance(TimeSpan.FromSeconds(60));

        using var late = await UseAsync(parts, unused, "film.mp4", 500);
        using var shown = await parts.GetAsync(path);
        Assert.Equal(
            (HttpStatusCode.OK, HttpStatusCode.Conflict, HttpStatusCode.Gone),
            (first.StatusCode, other.StatusCode, late.StatusCode)
        );
        Assert.Equal("film.mp4", (await WebParts.JsonAsync(shown)).GetProperty("video").GetProperty("name").GetString());
    }

    [Fact(Timeout = 30_000)]
    public async Task A_ticket_that_was_ended_is_not_there_and_one_that_was_not_used_has_nothing_to_follow()
    {
        await using var parts = await WebParts.StartAsync();
        var ticket = await MakeAsync(parts, new { });
        using var early = await parts.GetAsync($"{PathOf(ticket)}/events");

        using var ended = await parts.ManageAsync(HttpMethod.Delete, $"api/tickets/{ticket.GetProperty("id").GetString()}");

        using var used = await UseAsync(parts, PathOf(ticket), "film.mp4", 500);
        Assert.Equal((HttpStatusCode.Conflict, HttpStatusCode.NoContent), (early.StatusCode, ended.StatusCode));
        Assert.Equal(HttpStatusCode.NotFound, used.StatusCode);
    }

    [Theory(Timeout = 30_000)]
    [InlineData("""{"maxSize":0}""", "maxSize")]
    [InlineData("""{"types":["films"]}""", "types")]
    [InlineData("""{"types":["video/mp4\n"]}""", "types")]
    [InlineData("""{"ttl":99999999}""", "ttl")]
    [InlineData("""{"folder":"a\nb"}""", "folder")]
    [InlineData("""{"name":"film"}""", "name")]
    public async Task What_cannot_be_a_ticket_is_refused_with_the_field_that_is_at_fault(string body, string field)
    {
        await using var parts = await WebParts.StartAsync();

        using var answer = await parts.ManageAsync(HttpMethod.Post, "api/tickets", body);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.True((await WebParts.JsonAsync(answer)).GetProperty("errors").TryGetProperty(field, out _));
    }

    static async Task<JsonElement> MakeAsync(WebParts parts, object wanted)
    {
        using var made = await parts.ManageAsync(HttpMethod.Post, "api/tickets", wanted);
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        return await WebParts.JsonAsync(made);
    }

    static string PathOf(JsonElement ticket) => new Uri(ticket.GetProperty("url").GetString()!).AbsolutePath.TrimStart('/');

    static Task<HttpResponseMessage> UseAsync(WebParts parts, string path, string name, long size, string contentType = "video/mp4") =>
        parts.SendAsync(
            HttpMethod.Post,
            path,
            JsonContent.Create(
                new
                {
                    name,
                    size,
                    contentType,
                }
            ),
            ("Origin", "https://another.example")
        );

    static string Origin(HttpResponseMessage answer) => string.Join(' ', answer.Headers.GetValues("Access-Control-Allow-Origin"));
}
