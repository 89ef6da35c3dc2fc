using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using TgVault.Core.Library;
using TgVault.Core.Links;
using TgVault.Core.Videos;
using TgVault.Testing;

namespace TgVault.Web.Tests.Pages;

/// <summary>The embed page, as far as it is the server's: who may frame it, what it says, what other programs read in it.</summary>
public sealed partial class EmbedTests : IAsyncLifetime
{
    WebParts _parts = null!;

    public async Task InitializeAsync() => _parts = await WebParts.StartAsync(name: "A <film>.mkv");

    public async Task DisposeAsync() => await _parts.DisposeAsync();

    [Fact(Timeout = 30000)]
    public async Task What_the_player_needs_stands_in_the_page_and_plays()
    {
        using var answer = await _parts.GetAsync($"embed/{_parts.LinkTo(kinds: [LinkKind.Embed])}");
        var page = await answer.Content.ReadAsStringAsync();

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("no-store", answer.Headers.CacheControl?.ToString());
        var playable = JsonDocument.Parse(Data().Match(page).Groups[1].Value).RootElement;
        Assert.Equal("A <film>", playable.GetProperty("title").GetString());
        Assert.Equal("video.mp4", playable.GetProperty("source").GetString());
        using var media = await _parts.GetAsync(playable.GetProperty("base").GetString() + "video.mp4", ("Range", "bytes=0-9"));
        Assert.Equal(HttpStatusCode.PartialContent, media.StatusCode);
        Assert.DoesNotContain("<film>", page, StringComparison.Ordinal);
    }

    [Fact(Timeout = 30000)]
    public async Task The_beginning_is_fetched_while_a_browser_still_reads_the_page()
    {
        using var page = await _parts.GetAsync($"embed/{_parts.LinkTo()}", ("Sec-Fetch-Dest", "iframe"));
        await _parts.Video.Read.UntilAsync(() => _parts.Video.Reads.Count == 1);
        var playable = JsonDocument.Parse(Data().Match(await page.Content.ReadAsStringAsync()).Groups[1].Value).RootElement;

        using var media = await _parts.GetAsync(playable.GetProperty("base").GetString() + "video.mp4", ("Range", "bytes=0-9"));

        Assert.Equal(HttpStatusCode.PartialContent, media.StatusCode);
        Assert.Single(_parts.Video.Reads);
    }

    [Fact(Timeout = 30000)]
    public async Task Nothing_is_fetched_for_a_page_that_loads_nothing_or_that_no_browser_shows()
    {
        var link = _parts.LinkTo();
        using var read = await _parts.GetAsync($"embed/{link}");
        using var told = await _parts.GetAsync($"embed/{link}?preload=none", ("Sec-Fetch-Dest", "iframe"));
        using var limited = await _parts.GetAsync(
            $"embed/{_parts.LinkTo(origins: ["https://a.example"])}",
            ("Sec-Fetch-Dest", "iframe"),
            ("Referer", "https://a.example/")
        );

        Assert.All([read, told, limited], answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        Assert.Empty(_parts.Video.Reads);
    }

    [Fact(Timeout = 30000)]
    public async Task Any_site_may_frame_it_or_those_that_the_link_names()
    {
        using var any = await _parts.GetAsync($"embed/{_parts.LinkTo()}");
        using var some = await _parts.GetAsync($"embed/{_parts.LinkTo(origins: ["https://a.example", "https://b.example:8443"])}");

        Assert.EndsWith("frame-ancestors *", Policy(any), StringComparison.Ordinal);
        Assert.EndsWith("frame-ancestors 'self' https://a.example https://b.example:8443", Policy(some), StringComparison.Ordinal);
        Assert.All(
            [any, some],
            answer => Assert.DoesNotContain("unsafe", ScriptRule().Match(Policy(answer)).Value, StringComparison.Ordinal)
        );
    }

    [Fact(Timeout = 30000)]
    public async Task Another_site_gets_a_sentence_and_nothing_to_play()
    {
        var path = $"embed/{_parts.LinkTo(origins: ["https://a.example"])}";
        using var other = await _parts.GetAsync(path, ("Sec-Fetch-Dest", "iframe"), ("Referer", "https://other.example/page"));
        using var named = await _parts.GetAsync(path, ("Sec-Fetch-Dest", "iframe"), ("Referer", "https://a.example/"));
        using var alone = await _parts.GetAsync(path, ("Sec-Fetch-Dest", "document"), ("Referer", "https://other.example/page"));

        await AssertWordsAsync(other, HttpStatusCode.Forbidden, "This video may not be shown on other.example.");
        Assert.Equal(HttpStatusCode.OK, named.StatusCode);
        Assert.Equal(HttpStatusCode.OK, alone.StatusCode);
    }

    [Fact(Timeout = 30000)]
    public async Task What_is_wrong_with_the_link_is_said_in_the_frame()
    {
        using var none = await _parts.GetAsync("embed/what");
        using var kind = await _parts.GetAsync($"embed/{_parts.LinkTo(kinds: [LinkKind.Mp4])}");

        await AssertWordsAsync(none, HttpStatusCode.Forbidden, "This link is not valid here.");
        await AssertWordsAsync(kind, HttpStatusCode.Forbidden, "This link does not permit an embedded player.");
    }

    [Theory(Timeout = 30000)]
    [InlineData(VideoStatus.Waiting, HttpStatusCode.Conflict, "not been uploaded completely", true)]
    [InlineData(VideoStatus.Ingesting, HttpStatusCode.Conflict, "still being stored", true)]
    [InlineData(VideoStatus.Failed, HttpStatusCode.Conflict, "Storing this video failed", false)]
    [InlineData(VideoStatus.Deleting, HttpStatusCode.NotFound, "no longer here", false)]
    [InlineData(VideoStatus.Trashed, HttpStatusCode.NotFound, "no longer here", false)]
    public async Task A_video_that_cannot_play_is_said_so_and_looked_at_again_where_it_will(
        VideoStatus status,
        HttpStatusCode expected,
        string words,
        bool refreshes
    )
    {
        var path = $"embed/{_parts.LinkTo()}";
        await _parts.Rows.ChangeAsync(
            _parts.Video.Row.Id,
            video => video with { Life = video.Life.With(status: status) },
            CancellationToken.None
        );

        using var answer = await _parts.GetAsync(path);

        await AssertWordsAsync(answer, expected, words);
        Assert.Equal(refreshes, (await answer.Content.ReadAsStringAsync()).Contains("refresh", StringComparison.Ordinal));
    }

    [Fact(Timeout = 30000)]
    public async Task OEmbed_keeps_the_parameters_and_the_sizes_asked_for()
    {
        var root = _parts.Client.BaseAddress!.GetLeftPart(UriPartial.Authority);
        var url = $"{root}/embed/{_parts.LinkTo()}?t=90&muted";
        using var page = await _parts.GetAsync(url[(root.Length + 1)..]);
        var discovered = WebUtility.HtmlDecode(Discovery().Match(await page.Content.ReadAsStringAsync()).Groups[1].Value);

        using var answer = await _parts.GetAsync(discovered[(root.Length + 1)..] + "&maxwidth=320");
        var described = await WebParts.JsonAsync(answer);

        Assert.Equal("1.0", described.GetProperty("version").GetString());
        Assert.Equal("video", described.GetProperty("type").GetString());
        Assert.Equal(320, described.GetProperty("width").GetInt32());
        Assert.Equal("*", answer.Headers.GetValues("Access-Control-Allow-Origin").Single());
        var html = described.GetProperty("html").GetString()!;
        Assert.Contains($"src=\"{WebUtility.HtmlEncode(url)}\"", html, StringComparison.Ordinal);
        Assert.Contains("width=\"320\"", html, StringComparison.Ordinal);
        Assert.Contains("title=\"A &lt;film&gt;\"", html, StringComparison.Ordinal);
    }

    [Theory(Timeout = 30000)]
    [InlineData("url=https://elsewhere.example/embed/x", HttpStatusCode.NotFound)]
    [InlineData("url=ROOT/embed/x", HttpStatusCode.NotFound)]
    [InlineData("", HttpStatusCode.NotFound)]
    [InlineData("url=LINK&format=xml", HttpStatusCode.NotImplemented)]
    [InlineData("url=LINK&maxwidth=0", HttpStatusCode.BadRequest)]
    public async Task OEmbed_of_anything_else_is_a_problem(string query, HttpStatusCode expected)
    {
        var root = _parts.Client.BaseAddress!.GetLeftPart(UriPartial.Authority);
        var asked = query
            .Replace("ROOT", root, StringComparison.Ordinal)
            .Replace("LINK", $"{root}/embed/{_parts.LinkTo()}", StringComparison.Ordinal);

        using var answer = await _parts.GetAsync($"api/oembed?{asked}");

        Assert.Equal(expected, answer.StatusCode);
    }

    [Fact(Timeout = 30000)]
    public async Task The_player_is_given_new_addresses_by_its_link_and_the_app_by_the_key()
    {
        using var byLink = await _parts.GetAsync($"embed/{_parts.LinkTo(origins: ["https://a.example"])}/player");
        using var byKey = await _parts.ManageAsync(HttpMethod.Get, $"api/videos/{_parts.Video.Row.Id}/player");
        using var refused = await _parts.GetAsync($"embed/{_parts.LinkTo(kinds: [LinkKind.Hls])}/player");

        Assert.True((await WebParts.JsonAsync(byLink)).GetProperty("limited").GetBoolean());
        Assert.False((await WebParts.JsonAsync(byKey)).GetProperty("limited").GetBoolean());
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
    }

    static async Task AssertWordsAsync(HttpResponseMessage answer, HttpStatusCode status, string words)
    {
        var page = await answer.Content.ReadAsStringAsync();
        Assert.Equal(status, answer.StatusCode);
        Assert.Equal("text/html", answer.Content.Headers.ContentType?.MediaType);
        Assert.Contains(words, WebUtility.HtmlDecode(page), StringComparison.Ordinal);
        Assert.DoesNotContain("/v/", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
        // A sentence that the browser does not show helps nobody.
        Assert.EndsWith("frame-ancestors *", Policy(answer), StringComparison.Ordinal);
    }

    static string Policy(HttpResponseMessage answer) => answer.Headers.GetValues("Content-Security-Policy").Single();

    [GeneratedRegex("<script type=\"application/json\" id=\"playable\">(.*?)</script>")]
    private static partial Regex Data();

    [GeneratedRegex("script-src [^;]*")]
    private static partial Regex ScriptRule();

    [GeneratedRegex("application/json\\+oembed\" href=\"([^\"]*)\"")]
    private static partial Regex Discovery();
}
