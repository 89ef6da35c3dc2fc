using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using TgVault.Testing;

namespace TgVault.Web.Tests.Ingested;

/// <summary>Posters and storyboards of a stored film as the API, players and other sites are given them.</summary>
[Collection(IngestedCollection.Name)]
public sealed partial class PictureTests(IngestedVault vault)
{
    static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    [Fact(Timeout = 120_000)]
    public async Task The_api_names_the_pictures_of_a_film_and_their_addresses_may_be_kept_for_ever()
    {
        var video = await vault.GetAsync("ladder.mp4");

        var poster = video.View.GetProperty("poster");
        Assert.Equal(("stored", false), (poster.GetProperty("status").GetString(), poster.GetProperty("chosen").GetBoolean()));
        Assert.Equal(
            ["320x180", "428x240"],
            poster.GetProperty("sizes").EnumerateArray().Select(size => $"{size.GetProperty("width")}x{size.GetProperty("height")}")
        );
        foreach (var address in poster.GetProperty("sizes").EnumerateArray().Select(size => size.GetProperty("url").GetString()!))
        {
            using var answer = await vault.SendAsync(HttpMethod.Get, address, null);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Equal("image/jpeg", answer.Content.Headers.ContentType!.ToString());
            Assert.Equal("private, max-age=31536000, immutable", Kept(answer));
        }

        // Without its edition it may be another one in an hour.
        using var plain = await vault.SendAsync(HttpMethod.Get, poster.GetProperty("url").GetString()!.Split('?')[0], null);
        Assert.Equal("private, max-age=3600", Kept(plain));
        var storyboard = video.View.GetProperty("storyboard");
        using var text = await vault.SendAsync(HttpMethod.Get, storyboard.GetProperty("url").GetString()!, null);
        Assert.Equal("text/vtt; charset=utf-8", text.Content.Headers.ContentType!.ToString());
    }

    [Fact(Timeout = 120_000)]
    public async Task The_cues_of_a_storyboard_lead_to_sheets_beside_it()
    {
        var video = await vault.GetAsync("ladder.mp4");
        var text = await vault.Client.GetStringAsync(video.Url("storyboard.vtt"));

        var cues = Cue().Matches(text);
        // One of each second, as far as it has key frames.
        Assert.Equal(10, cues.Count);
        Assert.Equal("00:00:00.000", cues[0].Groups[1].Value);
        foreach (var sheet in cues.Select(cue => cue.Groups[3].Value).Distinct())
        {
            using var answer = await vault.Client.GetAsync(new Uri(new Uri(video.Url("storyboard.vtt")), sheet));
            Assert.Equal((HttpStatusCode.OK, "image/jpeg"), (answer.StatusCode, answer.Content.Headers.ContentType!.ToString()));
            Assert.Equal("private, max-age=31536000, immutable", Kept(answer));
        }
    }

    [Fact(Timeout = 120_000)]
    public async Task Pictures_answer_like_other_streams()
    {
        var video = await vault.GetAsync("ladder.mp4");
        foreach (var name in (string[])["poster.jpg", "poster-320.jpg", "poster-1280.jpg", "storyboard.vtt", "storyboard-0.jpg"])
        {
            var whole = await vault.Client.GetByteArrayAsync(video.Url(name));
            using var head = await vault.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, video.Url(name)));
            Assert.Equal((HttpStatusCode.OK, (long?)whole.Length), (head.StatusCode, head.Content.Headers.ContentLength));
            Assert.Equal(["*"], head.Headers.GetValues("Access-Control-Allow-Origin"));
            Assert.False(head.Headers.ETag!.IsWeak);
            using var known = await vault.Client.SendAsync(
                new HttpRequestMessage(HttpMethod.Get, video.Url(name)) { Headers = { { "If-None-Match", head.Headers.ETag.ToString() } } }
            );
            Assert.Equal(HttpStatusCode.NotModified, known.StatusCode);
            using var part = await vault.Client.SendAsync(
                new HttpRequestMessage(HttpMethod.Get, video.Url(name)) { Headers = { Range = new RangeHeaderValue(2, 9) } }
            );
            Assert.Equal(whole[2..10], await part.Content.ReadAsByteArrayAsync());
        }

        foreach (var name in (string[])["poster-321.jpg", "poster.png", "storyboard-00.jpg", "storyboard-99.jpg", "storyboard", "other"])
        {
            using var none = await vault.Client.GetAsync(video.Url(name));
            Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
        }
    }

    [Theory(Timeout = 120_000)]
    [InlineData("pictures", HttpStatusCode.OK)]
    [InlineData("embed", HttpStatusCode.OK)]
    [InlineData("mp4", HttpStatusCode.Forbidden)]
    [InlineData("hls", HttpStatusCode.Forbidden)]
    public async Task A_link_that_is_not_for_pictures_gives_none(string kind, HttpStatusCode expected)
    {
        var video = await vault.GetAsync("ladder.mp4");
        using var minted = await vault.SendAsync(HttpMethod.Post, $"api/videos/{video.Id}/links", new { kinds = new[] { kind } });
        var token = (await minted.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("token").GetString();

        using var poster = await vault.Client.GetAsync($"v/{token}/poster.jpg");
        using var file = await vault.Client.GetAsync($"v/{token}/video.mp4");

        Assert.Equal(expected, poster.StatusCode);
        Assert.Equal(kind == "mp4" ? HttpStatusCode.OK : HttpStatusCode.Forbidden, file.StatusCode);
    }

    [Fact(Timeout = 120_000)]
    public async Task Players_and_other_sites_are_told_of_the_poster()
    {
        var video = await vault.GetAsync("ladder.mp4");
        using var minted = await vault.SendAsync(HttpMethod.Post, $"api/videos/{video.Id}/links", new { kinds = new[] { "embed" } });
        var embed = (await minted.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("url").GetString()!;
        var player = await vault.Client.GetFromJsonAsync<JsonElement>($"{embed}/player");
        foreach (var name in (string[])["poster", "storyboard"])
        {
            using var answer = await vault.Client.GetAsync(
                $"{player.GetProperty("base").GetString()}{player.GetProperty(name).GetString()}"
            );
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        var oembed = await vault.Client.GetFromJsonAsync<JsonElement>($"api/oembed?url={Uri.EscapeDataString(embed)}");
        var small = await vault.Client.GetFromJsonAsync<JsonElement>($"api/oembed?maxwidth=330&url={Uri.EscapeDataString(embed)}");
        var tiny = await vault.Client.GetFromJsonAsync<JsonElement>($"api/oembed?maxwidth=100&url={Uri.EscapeDataString(embed)}");

        Assert.Equal((428, 240), (oembed.GetProperty("thumbnail_width").GetInt32(), oembed.GetProperty("thumbnail_height").GetInt32()));
        Assert.Equal((320, 180), (small.GetProperty("thumbnail_width").GetInt32(), small.GetProperty("thumbnail_height").GetInt32()));
        Assert.False(tiny.TryGetProperty("thumbnail_url", out _));
        using var thumbnail = await vault.Client.GetAsync(oembed.GetProperty("thumbnail_url").GetString());
        Assert.Equal("image/jpeg", thumbnail.Content.Headers.ContentType!.ToString());
        var page = await vault.Client.GetStringAsync(embed);
        var image = WebUtility.HtmlDecode(Regex.Match(page, "property=\"og:image\" content=\"([^\"]*)\"").Groups[1].Value);
        Assert.Equal(oembed.GetProperty("thumbnail_url").GetString(), image);
    }

    [Theory(Timeout = 120_000)]
    [InlineData("", true)]
    [InlineData("?preload=auto", true)]
    // It would be on its way at the same time as the first picture, and from the same place.
    [InlineData("?autoplay&muted", false)]
    [InlineData("?autoplay&muted&poster=https://other.example/p.jpg", true)]
    public async Task An_embed_page_fetches_a_poster_unless_the_film_itself_is_shown_at_once(string query, bool expected)
    {
        var video = await vault.GetAsync("ladder.mp4");
        using var minted = await vault.SendAsync(HttpMethod.Post, $"api/videos/{video.Id}/links", new { kinds = new[] { "embed" } });
        var embed = (await minted.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("url").GetString()!;

        var page = await vault.Client.GetStringAsync(embed + query);

        var element = Regex.Match(page, "<video [^>]*>").Value;
        Assert.Contains(" src=", element, StringComparison.Ordinal);
        Assert.Equal(expected, element.Contains(" poster=", StringComparison.Ordinal));
    }

    [Fact(Timeout = 120_000)]
    public async Task A_poster_can_be_chosen_from_the_film_or_put_and_its_address_changes()
    {
        var video = await vault.StoreAsync(await Mp4Clips.PathAsync("second.mp4"));
        var before = video.View.GetProperty("poster").GetProperty("url").GetString();

        using (var chosen = await vault.SendAsync(HttpMethod.Post, $"api/videos/{video.Id}/poster", new { at = 0.5 }))
            Assert.Equal(HttpStatusCode.Accepted, chosen.StatusCode);
        var first = await StoredAsync(video.Id);
        var path = Mp4Clips.NewPath(".png");
        await Mp4Clips.RunAsync("ffmpeg", $"-hide_banner -loglevel error -y -f lavfi -i color=red:size=900x900 -frames:v 1 {path}");
        var image = new ByteArrayContent(await File.ReadAllBytesAsync(path)) { Headers = { ContentType = new("image/png") } };
        using (var put = await vault.SendAsync(HttpMethod.Put, $"api/videos/{video.Id}/poster", image))
            Assert.Equal(HttpStatusCode.Accepted, put.StatusCode);
        var second = await StoredAsync(video.Id);

        Assert.True(first.GetProperty("chosen").GetBoolean());
        Assert.Equal(3, new[] { before, first.GetProperty("url").GetString(), second.GetProperty("url").GetString() }.Distinct().Count());
        Assert.Equal(900, second.GetProperty("sizes")[2].GetProperty("width").GetInt32());
        // Never what was sent.
        using var stored = await vault.SendAsync(HttpMethod.Get, second.GetProperty("url").GetString()!, null);
        Assert.Equal([0xFF, 0xD8, 0xFF], (await stored.Content.ReadAsByteArrayAsync())[..3]);
    }

    [Fact(Timeout = 120_000)]
    public async Task What_cannot_be_a_poster_is_refused_with_the_reason_and_changes_nothing()
    {
        var video = await vault.GetAsync("ladder.mp4");
        var path = $"api/videos/{video.Id}/poster";
        foreach (
            var (method, body, expected) in new (HttpMethod, object?, HttpStatusCode)[]
            {
                (HttpMethod.Post, new { }, HttpStatusCode.BadRequest),
                (HttpMethod.Post, new { at = "1" }, HttpStatusCode.BadRequest),
                (HttpMethod.Post, new { at = -0.1 }, HttpStatusCode.BadRequest),
                (HttpMethod.Post, new { second = 1 }, HttpStatusCode.BadRequest),
                (HttpMethod.Put, Image("no picture"u8, "image/png"), HttpStatusCode.BadRequest),
                // The beginning of a JPEG, and nothing behind.
                (HttpMethod.Put, Image([0xFF, 0xD8, 0xFF, 0xC0, 0, 17, 8, 0, 90, 0, 160, 3, 1], "image/jpeg"), HttpStatusCode.BadRequest),
                (HttpMethod.Put, Image("<svg/>"u8, "image/svg+xml"), HttpStatusCode.UnsupportedMediaType),
                (HttpMethod.Put, Image(new byte[(16 << 20) + 1], "image/jpeg"), HttpStatusCode.RequestEntityTooLarge),
            }
        )
        {
            using var refused = await vault.SendAsync(method, path, body);
            Assert.Equal(expected, refused.StatusCode);
            Assert.NotEmpty((await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("detail").GetString()!);
        }

        using var now = await vault.SendAsync(HttpMethod.Get, $"api/videos/{video.Id}", null);
        Assert.Equal(
            video.View.GetProperty("poster").GetRawText(),
            (await now.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("poster").GetRawText()
        );

        static ByteArrayContent Image(ReadOnlySpan<byte> bytes, string type) =>
            new(bytes.ToArray()) { Headers = { ContentType = new MediaTypeHeaderValue(type) } };
    }

    async Task<JsonElement> StoredAsync(string id)
    {
        using var limit = new CancellationTokenSource(Longest);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (true)
        {
            using var answer = await vault.SendAsync(HttpMethod.Get, $"api/videos/{id}", null);
            var poster = (await answer.Content.ReadFromJsonAsync<JsonElement>(limit.Token)).GetProperty("poster");
            if (poster.GetProperty("status").GetString() == "stored")
                return poster;
            await timer.WaitForNextTickAsync(limit.Token);
        }
    }

    static string Kept(HttpResponseMessage answer) => string.Join(", ", answer.Headers.NonValidated["Cache-Control"]);

    [GeneratedRegex(@"(\S+) --> (\S+)\n(\S+)#xywh=\d+,\d+,\d+,\d+\n")]
    private static partial Regex Cue();
}
