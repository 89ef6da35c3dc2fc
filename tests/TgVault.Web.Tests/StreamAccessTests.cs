using System.Net;
using TgVault.Core;
using TgVault.Core.Links;
using TgVault.Core.Videos;

namespace TgVault.Web.Tests;

public sealed class StreamAccessTests
{
    [Fact(Timeout = 30000)]
    public async Task Scripts_of_any_site_may_read_by_a_link_that_names_none()
    {
        await using var parts = await WebParts.StartAsync();

        using var response = await parts.GetAsync(parts.StreamPath, ("Origin", "https://a.example"), ("Range", "bytes=0-1"));

        Assert.Equal(["*"], response.Headers.GetValues("Access-Control-Allow-Origin"));
        var exposed = response.Headers.GetValues("Access-Control-Expose-Headers").Single();
        foreach (var name in new[] { "Content-Range", "Accept-Ranges", "ETag", "Content-Length" })
            Assert.Contains(name, exposed, StringComparison.Ordinal);
    }

    [Theory(Timeout = 30000)]
    [InlineData("https://a.example", "https://a.example", HttpStatusCode.PartialContent)]
    [InlineData("https://b.example", null, HttpStatusCode.Forbidden)]
    [InlineData("null", null, HttpStatusCode.Forbidden)]
    public async Task Scripts_of_named_sites_only_may_read_by_a_link_that_names_them(string origin, string? allowed, HttpStatusCode status)
    {
        await using var parts = await WebParts.StartAsync();
        var path = $"v/{parts.LinkTo(origins: ["https://a.example"])}/video.mp4";

        using var response = await parts.GetAsync(path, ("Origin", origin), ("Range", "bytes=0-1"));
        using var preflight = await parts.SendAsync(
            HttpMethod.Options,
            path,
            null,
            ("Origin", origin),
            ("Access-Control-Request-Method", "GET"),
            ("Access-Control-Request-Headers", "range")
        );

        Assert.Equal((status, HttpStatusCode.NoContent), (response.StatusCode, preflight.StatusCode));
        // Who is refused can read that it is, and nothing else.
        Assert.Equal(allowed ?? "*", response.Headers.GetValues("Access-Control-Allow-Origin").Single());
        Assert.Equal(allowed, preflight.Headers.TryGetValues("Access-Control-Allow-Origin", out var values) ? values.Single() : null);
        Assert.Contains("Origin", preflight.Headers.Vary);
        if (allowed is not null)
            Assert.Contains("Origin", response.Headers.Vary);

        Assert.Contains("Range", preflight.Headers.GetValues("Access-Control-Allow-Headers").Single(), StringComparison.Ordinal);
    }

    [Theory(Timeout = 30000)]
    [InlineData("Sec-Fetch-Dest", "document", "text/html")]
    [InlineData("Accept", "text/html,application/xhtml+xml,*/*;q=0.8", "text/html")]
    [InlineData("Sec-Fetch-Dest", "video", "application/problem+json")]
    [InlineData("Accept", "*/*", "application/problem+json")]
    public async Task Who_opens_a_link_that_is_not_good_in_a_browser_reads_a_page(string header, string value, string type)
    {
        await using var parts = await WebParts.StartAsync();

        foreach (var file in new[] { "video.mp4", "hls/master.m3u8", "poster.jpg" })
        {
            using var refused = await parts.GetAsync($"v/nonsense/{file}", (header, value));

            Assert.Equal((HttpStatusCode.Forbidden, type), (refused.StatusCode, refused.Content.Headers.ContentType?.MediaType));
            Assert.Contains("This link is not valid here.", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
    }

    [Fact(Timeout = 30000)]
    public async Task A_link_that_is_not_good_is_refused_in_plain_words()
    {
        await using var parts = await WebParts.StartAsync();
        var good = parts.LinkTo();

        await ExpectAsync(parts, HttpStatusCode.Forbidden, "v/nonsense/video.mp4");
        await ExpectAsync(parts, HttpStatusCode.Forbidden, $"v/{good[..^2]}/video.mp4");
        await ExpectAsync(parts, HttpStatusCode.Forbidden, $"v/{parts.LinkTo(kinds: [LinkKind.Hls])}/video.mp4");
        await ExpectAsync(parts, HttpStatusCode.Forbidden, $"api/stream?file_id={VideoId.New(DateTimeOffset.UtcNow)}&link={good}");
        await ExpectAsync(parts, HttpStatusCode.Gone, $"v/{ExpiredLink(parts)}/video.mp4");
    }

    [Fact(Timeout = 30000)]
    public async Task A_script_of_any_site_can_read_that_it_is_refused()
    {
        await using var parts = await WebParts.StartAsync();
        var good = parts.LinkTo();
        var gone = parts.Links.Mint(new LinkRequest(VideoId.New(DateTimeOffset.UtcNow), null, [], [])).Token;
        var waiting = parts.Links.Mint(new LinkRequest((await parts.AddAsync(VideoStatus.Waiting)).Id, null, [], [])).Token;
        var named = parts.LinkTo(kinds: [LinkKind.Hls], origins: ["https://a.example"]);
        (string Method, string Path, HttpStatusCode Status)[] refusals =
        [
            ("GET", $"v/{ExpiredLink(parts)}/video.mp4", HttpStatusCode.Gone),
            ("HEAD", $"v/{ExpiredLink(parts)}/video.mp4", HttpStatusCode.Gone),
            ("GET", $"v/{ExpiredLink(parts)}/hls/0/0.m4s", HttpStatusCode.Gone),
            ("GET", "v/nonsense/video.mp4", HttpStatusCode.Forbidden),
            ("GET", $"v/{parts.LinkTo(kinds: [LinkKind.Hls])}/video.mp4", HttpStatusCode.Forbidden),
            ("GET", $"v/{gone}/video.mp4", HttpStatusCode.NotFound),
            ("GET", $"v/{good}/hls/0/999.m4s", HttpStatusCode.Conflict),
            ("GET", $"v/{good}/nothing/here", HttpStatusCode.NotFound),
            ("DELETE", $"v/{good}/video.mp4", HttpStatusCode.MethodNotAllowed),
            ("GET", $"v/{waiting}/video.mp4", HttpStatusCode.Conflict),
        ];

        foreach (var (method, path, status) in refusals)
        {
            using var response = await parts.SendAsync(new HttpMethod(method), path, null, ("Origin", "https://b.example"));

            Assert.Equal((path, status), (path, response.StatusCode));
            Assert.Equal(["*"], response.Headers.GetValues("Access-Control-Allow-Origin"));
        }

        using var mine = await parts.GetAsync($"v/{named}/video.mp4", ("Origin", "https://a.example"));
        using var other = await parts.GetAsync($"v/{named}/video.mp4", ("Origin", "https://b.example"));
        using var managing = await parts.GetAsync("api/videos", ("Origin", "https://b.example"));
        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.Forbidden), (mine.StatusCode, other.StatusCode));
        Assert.Equal(["https://a.example"], mine.Headers.GetValues("Access-Control-Allow-Origin"));
        Assert.Equal(["*"], other.Headers.GetValues("Access-Control-Allow-Origin"));
        Assert.Contains("other sites", await other.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.False(managing.Headers.Contains("Access-Control-Allow-Origin"));
    }

    [Theory(Timeout = 30000)]
    [InlineData(VideoStatus.Waiting, HttpStatusCode.Conflict)]
    [InlineData(VideoStatus.Ingesting, HttpStatusCode.Conflict)]
    [InlineData(VideoStatus.Failed, HttpStatusCode.Conflict)]
    [InlineData(VideoStatus.Deleting, HttpStatusCode.NotFound)]
    [InlineData(VideoStatus.Trashed, HttpStatusCode.NotFound)]
    public async Task A_video_that_is_not_ready_says_why_it_does_not_play(VideoStatus status, HttpStatusCode expected)
    {
        await using var parts = await WebParts.StartAsync();
        var video = await parts.AddAsync(status);
        var link = parts.Links.Mint(new LinkRequest(video.Id, null, [], [])).Token;

        await ExpectAsync(parts, expected, $"v/{link}/video.mp4");
    }

    [Theory(Timeout = 30000)]
    [InlineData("say \"hi\".mp4")]
    [InlineData("трейлер 🎬.mp4")]
    [InlineData("semi;colon, comma=é%20.mp4")]
    [InlineData("back\\slash.mp4")]
    public async Task Any_name_reaches_the_browser_as_it_is(string name)
    {
        await using var parts = await WebParts.StartAsync(name: name);

        using var response = await parts.GetAsync(parts.StreamPath + "?download=1", ("Range", "bytes=0-1"));

        Assert.Equal("attachment", response.Content.Headers.ContentDisposition?.DispositionType);
        Assert.Equal(name, response.Content.Headers.ContentDisposition?.FileNameStar);
        Assert.DoesNotContain(response.Content.Headers.GetValues("Content-Disposition").Single(), c => c is < ' ' or > '~');
    }

    [Theory(Timeout = 30000)]
    [InlineData("text/html", "text/html")]
    [InlineData("image/svg+xml", "image/svg+xml")]
    [InlineData("no type at all", "application/octet-stream")]
    public async Task A_file_that_is_no_video_cannot_run_scripts_here(string contentType, string served)
    {
        await using var parts = await WebParts.StartAsync(name: "page.html", contentType: contentType);

        using var response = await parts.GetAsync(parts.StreamPath);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(served, response.Content.Headers.ContentType?.ToString());
        Assert.Equal("attachment", response.Content.Headers.ContentDisposition?.DispositionType);
        Assert.Contains("sandbox", response.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Equal(["nosniff"], response.Headers.GetValues("X-Content-Type-Options"));
    }

    static string ExpiredLink(WebParts parts) =>
        new VideoLinks(parts.Keys, parts.Settings.Links, new Past())
            .Mint(new LinkRequest(parts.Video.Row.Id, TimeSpan.FromMinutes(1), [], []))
            .Token;

    static async Task ExpectAsync(WebParts parts, HttpStatusCode status, string path)
    {
        using var response = await parts.GetAsync(path, ("Range", "bytes=0-1"));
        Assert.Equal(status, response.StatusCode);
        var problem = await WebParts.JsonAsync(response);
        Assert.Equal((int)status, problem.GetProperty("status").GetInt32());
        Assert.EndsWith(".", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Empty(parts.Video.Reads);
    }

    sealed class Past : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UtcNow.AddDays(-1);
    }
}
