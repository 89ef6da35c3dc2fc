using System.Net;
using System.Text;
using System.Xml.Linq;
using Microsoft.Extensions.Time.Testing;
using TgVault.Core;
using TgVault.Core.Videos;

namespace TgVault.Web.Tests.Dav;

/// <summary>What an app sees that opens the library's WebDAV address.</summary>
public sealed class DavTests : IAsyncLifetime
{
    static readonly XNamespace D = "DAV:";

    readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow);
    WebParts _parts = null!;
    string _key = "";

    public async Task InitializeAsync()
    {
        _parts = await WebParts.StartAsync(time: _time);
        using var made = await _parts.ManageAsync(HttpMethod.Post, "api/keys", new { name = "tv", scope = "read" });
        _key = (await WebParts.JsonAsync(made)).GetProperty("secret").GetString()!;
    }

    public async Task DisposeAsync() => await _parts.DisposeAsync();

    [Fact(Timeout = 30000)]
    public async Task Folders_are_collections_and_ready_videos_are_files()
    {
        await AddAsync("a film.mp4", "Films/Kids");
        await AddAsync("waiting.mp4", "Films", VideoStatus.Waiting);

        Assert.Equal(["/dav/", "/dav/Films/", "/dav/clip.mp4"], await NamesAsync("dav"));
        Assert.Equal(["/dav/Films/", "/dav/Films/Kids/"], await NamesAsync("dav/Films"));
        Assert.Equal(["/dav/Films/Kids/", "/dav/Films/Kids/a%20film.mp4"], await NamesAsync("dav/Films/Kids/"));
        Assert.Equal(["/dav/Films/Kids/a%20film.mp4"], await NamesAsync("dav/Films/Kids/a%20film.mp4"));
        Assert.Equal(["/dav/Films/"], await NamesAsync("dav/Films", "0"));
    }

    [Fact(Timeout = 30000)]
    public async Task A_file_tells_what_a_player_wants_to_know()
    {
        var answer = await FindAsync("dav/clip.mp4", "0");

        var properties = answer.Descendants(D + "prop").Single();
        using var head = await SendAsync("HEAD", "dav/clip.mp4");
        Assert.Equal(head.Content.Headers.ContentLength.ToString(), properties.Element(D + "getcontentlength")!.Value);
        Assert.Equal(head.Headers.ETag!.ToString(), properties.Element(D + "getetag")!.Value);
        Assert.Equal(head.Content.Headers.LastModified!.Value.ToString("R"), properties.Element(D + "getlastmodified")!.Value);
        Assert.Equal("video/mp4", properties.Element(D + "getcontenttype")!.Value);
        Assert.Empty(properties.Element(D + "resourcetype")!.Elements());
        Assert.EndsWith("Z", properties.Element(D + "creationdate")!.Value, StringComparison.Ordinal);
    }

    [Fact(Timeout = 30000)]
    public async Task Only_what_was_asked_for_is_answered_and_what_there_is_not_is_said()
    {
        const string Body = """
            <?xml version="1.0"?><a:propfind xmlns:a="DAV:" xmlns:x="urn:x"><a:prop><a:getcontentlength/><x:colour/></a:prop></a:propfind>
            """;

        var answer = await FindAsync("dav/clip.mp4", "0", Body);

        var states = answer.Descendants(D + "propstat").ToList();
        Assert.Equal(["HTTP/1.1 200 OK", "HTTP/1.1 404 Not Found"], states.Select(state => state.Element(D + "status")!.Value));
        Assert.Equal(D + "getcontentlength", states[0].Element(D + "prop")!.Elements().Single().Name);
        Assert.Equal(XName.Get("colour", "urn:x"), states[1].Element(D + "prop")!.Elements().Single().Name);
    }

    [Fact(Timeout = 30000)]
    public async Task The_names_of_properties_can_be_asked_for_alone()
    {
        var answer = await FindAsync("dav/clip.mp4", "0", """<propfind xmlns="DAV:"><propname/></propfind>""");

        Assert.All(
            answer.Descendants(D + "prop").Single().Elements(),
            property => Assert.True(property.IsEmpty || property.Value.Length == 0)
        );
    }

    [Fact(Timeout = 30000)]
    public async Task Files_are_read_whole_and_by_ranges()
    {
        using var whole = await SendAsync("GET", "dav/clip.mp4");
        using var range = await SendAsync("GET", "dav/clip.mp4", ("Range", "bytes=1000-"));
        var link = await (await _parts.GetAsync(_parts.StreamPath)).Content.ReadAsByteArrayAsync();

        Assert.Equal(link, await whole.Content.ReadAsByteArrayAsync());
        Assert.Equal(HttpStatusCode.PartialContent, range.StatusCode);
        // All that is left, not a window of it: what copies a file does not ask again.
        Assert.Equal(link[1000..], await range.Content.ReadAsByteArrayAsync());
        Assert.False(whole.Headers.Contains("Access-Control-Allow-Origin"));
    }

    [Fact(Timeout = 30000)]
    public async Task Of_several_files_with_one_name_the_oldest_keeps_it()
    {
        var second = await AddAsync("Clip.mp4", "");
        var third = await AddAsync("clip.mp4", "");

        Assert.Equal(
            new[] { "/dav/", "/dav/clip.mp4", $"/dav/Clip%20%28{second}%29.mp4", $"/dav/clip%20%28{third}%29.mp4" }.Order(
                StringComparer.Ordinal
            ),
            (await NamesAsync("dav")).Order(StringComparer.Ordinal)
        );
    }

    [Fact(Timeout = 30000)]
    public async Task What_was_renamed_is_found_under_its_new_name_only()
    {
        using (await SendAsync("HEAD", "dav/clip.mp4")) { }
        using (await SendAsync("PROPFIND", "dav")) { }
        using var renamed = await _parts.ManageAsync(HttpMethod.Patch, $"api/videos/{_parts.Video.Row.Id}", """{"name":"new.mp4"}""");

        // Folders and rows are remembered for some seconds.
        _time.Advance(TimeSpan.FromSeconds(10));

        using var old = await SendAsync("HEAD", "dav/clip.mp4");
        using var now = await SendAsync("HEAD", "dav/new.mp4");
        Assert.Equal(HttpStatusCode.NotFound, old.StatusCode);
        Assert.Equal(HttpStatusCode.OK, now.StatusCode);
    }

    [Theory(Timeout = 30000)]
    [InlineData("a//b", "/dav/a/")]
    [InlineData("/lead", "/dav/lead/")]
    [InlineData("..", "/dav/_../")]
    [InlineData("50 % & <more>", "/dav/50%20%25%20%26%20%3Cmore%3E/")]
    [InlineData("日本", "/dav/%E6%97%A5%E6%9C%AC/")]
    public async Task Folders_of_any_name_can_be_reached(string folder, string expected)
    {
        await AddAsync("inside.mp4", folder);

        Assert.Contains(expected, await NamesAsync("dav"));
        var path = expected[1..];
        if (folder.Contains("//", StringComparison.Ordinal))
            path += "b/";
        Assert.Contains($"/{path}inside.mp4", await NamesAsync(path));
    }

    [Theory(Timeout = 30000)]
    [InlineData("PROPFIND", "dav/nothing", "", HttpStatusCode.NotFound)]
    [InlineData("GET", "dav/nothing.mp4", "", HttpStatusCode.NotFound)]
    [InlineData("PROPFIND", "dav/..%2f..%2fetc", "", HttpStatusCode.NotFound)]
    [InlineData("PROPFIND", "dav", "<propfind", HttpStatusCode.BadRequest)]
    [InlineData("PROPFIND", "dav", "<x/>", HttpStatusCode.BadRequest)]
    [InlineData("PROPFIND", "dav", "<!DOCTYPE p [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><p>&e;</p>", HttpStatusCode.BadRequest)]
    [InlineData("PUT", "dav/new.mp4", "x", HttpStatusCode.MethodNotAllowed)]
    [InlineData("DELETE", "dav/clip.mp4", "", HttpStatusCode.MethodNotAllowed)]
    [InlineData("MKCOL", "dav/new", "", HttpStatusCode.MethodNotAllowed)]
    [InlineData("LOCK", "dav/clip.mp4", "", HttpStatusCode.MethodNotAllowed)]
    public async Task What_cannot_be_done_is_refused(string method, string path, string body, HttpStatusCode expected)
    {
        using var answer = await _parts.SendAsync(
            new HttpMethod(method),
            path,
            body.Length > 0 ? new StringContent(body, Encoding.UTF8, "application/xml") : null,
            ("X-Api-Key", _key)
        );

        Assert.Equal(expected, answer.StatusCode);
    }

    [Fact(Timeout = 30000)]
    public async Task All_levels_at_once_are_refused_as_the_standard_says()
    {
        using var answer = await SendAsync("PROPFIND", "dav", ("Depth", "infinity"));

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        var error = XDocument.Parse(await answer.Content.ReadAsStringAsync());
        Assert.NotNull(error.Root!.Element(D + "propfind-finite-depth"));
    }

    [Fact(Timeout = 30000)]
    public async Task A_client_learns_what_it_can_do()
    {
        using var answer = await SendAsync("OPTIONS", "dav");

        Assert.Equal("1", answer.Headers.GetValues("DAV").Single());
        Assert.Contains("PROPFIND", answer.Content.Headers.Allow);
    }

    [Fact(Timeout = 30000)]
    public async Task A_list_for_players_has_a_link_to_each_film()
    {
        await AddAsync("later.mp4", "Films", VideoStatus.Waiting);

        using var answer = await SendAsync("GET", "api/videos.m3u8?ttl=60");

        var lines = (await answer.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("#EXTM3U", lines[0]);
        Assert.Equal(3, lines.Length);
        Assert.Matches("^#EXTINF:-?\\d+,clip$", lines[1]);
        using var played = await _parts.Client.GetAsync(new Uri(lines[2]));
        Assert.Equal(HttpStatusCode.OK, played.StatusCode);
        using var tooLong = await SendAsync("GET", "api/videos.m3u8?ttl=99999999999");
        Assert.Equal(HttpStatusCode.BadRequest, tooLong.StatusCode);
    }

    async Task<VideoId> AddAsync(string name, string folder, VideoStatus status = VideoStatus.Ready)
    {
        var made = await _parts.AddAsync(
            status,
            video =>
                video with
                {
                    Details = new VideoDetails { Name = name, Folder = folder },
                    Files = status == VideoStatus.Ready ? _parts.Video.Row.Files : video.Files,
                    Life = status == VideoStatus.Ready ? _parts.Video.Row.Life : video.Life,
                }
        );
        return made.Id;
    }

    async Task<string[]> NamesAsync(string path, string depth = "1") =>
        [.. (await FindAsync(path, depth)).Descendants(D + "href").Select(href => href.Value)];

    async Task<XDocument> FindAsync(string path, string depth, string? body = null)
    {
        using var answer = await _parts.SendAsync(
            new HttpMethod("PROPFIND"),
            path,
            body is null ? null : new StringContent(body, Encoding.UTF8, "application/xml"),
            ("Depth", depth),
            ("X-Api-Key", _key)
        );
        Assert.Equal(HttpStatusCode.MultiStatus, answer.StatusCode);
        return XDocument.Parse(await answer.Content.ReadAsStringAsync());
    }

    Task<HttpResponseMessage> SendAsync(string method, string path, params (string, string)[] headers) =>
        _parts.SendAsync(new HttpMethod(method), path, null, [("X-Api-Key", _key), .. headers]);
}
