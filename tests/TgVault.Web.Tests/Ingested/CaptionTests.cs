using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using TgVault.Core.Captioning;
using TgVault.Testing;

namespace TgVault.Web.Tests.Ingested;

/// <summary>Subtitles of uploads and captions that are put later, from ingest to what players are given.</summary>
[Collection(IngestedCollection.Name)]
public sealed partial class CaptionTests(IngestedVault vault)
{
    static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    [Theory(Timeout = 180_000)]
    [InlineData("captions.mkv", "remux")]
    [InlineData("captions.mp4", "relocate")]
    [InlineData("captions-faststart.mp4", "take")]
    public async Task Subtitles_of_an_upload_play_in_every_way_with_their_texts_times_languages_and_names(string clip, string decision)
    {
        var path = await CaptionClips.PathAsync(clip);
        var video = await vault.StoreAsync(path);
        Assert.Equal(decision, video.Decision);
        string[] names = ["en", "Deutsch (voll)"];

        var captions = await CaptionsAsync(video.Id);
        Assert.Equal(["en stored", "de stored"], captions.Select(one => $"{one.GetProperty("language")} {one.GetProperty("status")}"));
        Assert.Equal(names, captions.Select(one => one.GetProperty("name").GetString()));
        var master = await vault.Client.GetStringAsync(video.Url("hls/master.m3u8"));
        var mpd = XDocument.Parse(await vault.Client.GetStringAsync(video.Url("dash/manifest.mpd")));
        XNamespace dash = "urn:mpeg:dash:schema:mpd:2011";
        var sets = mpd.Descendants(dash + "AdaptationSet").ToLookup(set => (string?)set.Attribute("contentType"));
        Assert.Equal(["en", "de"], sets["audio"].Select(set => (string?)set.Attribute("lang")));
        Assert.Equal(["en", "de"], sets["text"].Select(set => (string?)set.Attribute("lang")));
        Assert.Equal(names, sets["text"].Select(set => set.Element(dash + "Label")?.Value));
        Assert.Equal(2, Regex.Count(master, "TYPE=AUDIO"));
        var number = 0;
        foreach (var (language, name) in new[] { "en", "de" }.Zip(names))
        {
            Assert.Contains(
                $"#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID=\"captions\",NAME=\"{name}\",LANGUAGE=\"{language}\",DEFAULT=NO,AUTOSELECT=YES,"
                    + $"FORCED=NO,URI=\"captions/{language}/media.m3u8\"",
                master,
                StringComparison.Ordinal
            );
            // Of the source as ffmpeg has it with the file's start at 0; an MP4's texts of its own timeline.
            var expected = await CaptionClips.TextsAsync(path, $"0:s:{number++}");
            Assert.Equal(expected, Unescaped(await vault.Client.GetStringAsync(video.Url($"captions/{language}.vtt"))));
            Assert.Equal(
                expected,
                Unescaped(
                    await vault.Client.GetStringAsync(
                        new Uri(
                            new Uri(video.Url("dash/manifest.mpd")),
                            sets["text"]
                                .First(set => (string?)set.Attribute("lang") == language)
                                .Descendants(dash + "BaseURL")
                                .Single()
                                .Value
                        )
                    )
                )
            );
            Assert.Equal(expected, await CaptionClips.TextsAsync(video.Url($"hls/captions/{language}/media.m3u8"), "0:s:0"));
            var probed = await Mp4Clips.RunAsync(
                "ffprobe",
                $"-v error -show_entries stream=codec_name -of csv=p=0 {video.Url($"hls/captions/{language}/media.m3u8")}"
            );
            Assert.Equal(["webvtt"], probed.Split('\n', StringSplitOptions.RemoveEmptyEntries).Distinct());
            // What ffmpeg wrote into the MP4 beside the pictures has the same times, where it does not cut one text off at the next.
            Assert.Equal(expected.Select(StartOf), (await CaptionClips.TextsAsync(video.Prepared, $"0:s:{number - 1}")).Select(StartOf));
        }
    }

    [Fact(Timeout = 180_000)]
    public async Task Captions_can_be_put_replaced_and_removed_and_playlists_follow()
    {
        var video = await vault.StoreAsync(await Mp4Clips.PathAsync("h264-bframes.mp4"));
        var before = await ETagAsync(video, "hls/master.m3u8");

        using (
            var put = await PutAsync(
                video.Id,
                "eng",
                "application/x-subrip",
                "1\n00:00:01,000 --> 00:00:02,000\nfirst <i>words</i>\n",
                "English"
            )
        )
        {
            Assert.Equal(HttpStatusCode.Accepted, put.StatusCode);
            Assert.Equal("""{"language":"en","name":"English","status":"waiting","size":58}""", await put.Content.ReadAsStringAsync());
        }

        await UntilAsync(video, "en.vtt", text => text?.Contains("first <i>words</i>", StringComparison.Ordinal) == true);
        var first = await ETagAsync(video, "captions/en.vtt");
        using (var put = await PutAsync(video.Id, "en", "text/vtt", "WEBVTT\n\n00:03.000 --> 00:04.000\nsecond words\n"))
            Assert.Equal(HttpStatusCode.Accepted, put.StatusCode);
        using (var put = await PutAsync(video.Id, "pt-br", "text/vtt; charset=utf-8", "WEBVTT\n\n00:03.000 --> 00:04.000\nolá\n"))
            Assert.Equal(HttpStatusCode.Accepted, put.StatusCode);

        await UntilAsync(video, "pt-BR.vtt", text => text is not null);
        await UntilAsync(video, "en.vtt", text => text?.Contains("second words", StringComparison.Ordinal) == true);
        // The name stays where none is given.
        Assert.Equal(
            ["en English stored", "pt-BR pt-BR stored"],
            (await CaptionsAsync(video.Id)).Select(one =>
                $"{one.GetProperty("language")} {one.GetProperty("name")} {one.GetProperty("status")}"
            )
        );
        Assert.Contains(
            "NAME=\"English\",LANGUAGE=\"en\"",
            await vault.Client.GetStringAsync(video.Url("hls/master.m3u8")),
            StringComparison.Ordinal
        );
        Assert.NotEqual(before, await ETagAsync(video, "hls/master.m3u8"));
        Assert.NotEqual(first, await ETagAsync(video, "captions/en.vtt"));
        Assert.DoesNotContain("first", await vault.Client.GetStringAsync(video.Url("hls/captions/en/0.vtt")), StringComparison.Ordinal);

        using (var removed = await vault.SendAsync(HttpMethod.Delete, $"api/videos/{video.Id}/captions/en", null))
            Assert.Equal(HttpStatusCode.OK, removed.StatusCode);

        await UntilAsync(video, "en.vtt", text => text is null);
        Assert.Equal(["pt-BR"], (await CaptionsAsync(video.Id)).Select(one => one.GetProperty("language").GetString()));
        using var gone = await vault.Client.GetAsync(video.Url("hls/captions/en/media.m3u8"));
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
        using var again = await vault.SendAsync(HttpMethod.Delete, $"api/videos/{video.Id}/captions/en", null);
        Assert.Equal(HttpStatusCode.NotFound, again.StatusCode);
    }

    [Fact(Timeout = 120_000)]
    public async Task Captions_answer_like_other_streams()
    {
        var video = await vault.StoreAsync(await CaptionClips.PathAsync("captions.mkv"));
        foreach (
            var (path, type) in new[]
            {
                ("captions/en.vtt", "text/vtt; charset=utf-8"),
                ("hls/captions/en/media.m3u8", "application/vnd.apple.mpegurl"),
                ("hls/captions/en/0.vtt", "text/vtt; charset=utf-8"),
                ("hls/captions/en/text.vtt", "text/vtt; charset=utf-8"),
            }
        )
        {
            var whole = await vault.Client.GetByteArrayAsync(video.Url(path));
            using var head = await vault.Client.SendAsync(
                new HttpRequestMessage(HttpMethod.Head, video.Url(path)) { Headers = { { "Origin", "https://a.example" } } }
            );
            Assert.Equal(
                (HttpStatusCode.OK, (long?)whole.Length, type),
                (head.StatusCode, head.Content.Headers.ContentLength, head.Content.Headers.ContentType?.ToString())
            );
            Assert.Equal(["*"], head.Headers.GetValues("Access-Control-Allow-Origin"));
            Assert.False(head.Headers.ETag!.IsWeak);
            using var known = await vault.Client.SendAsync(
                new HttpRequestMessage(HttpMethod.Get, video.Url(path)) { Headers = { { "If-None-Match", head.Headers.ETag.ToString() } } }
            );
            Assert.Equal(HttpStatusCode.NotModified, known.StatusCode);
            using var part = await vault.Client.SendAsync(
                new HttpRequestMessage(HttpMethod.Get, video.Url(path)) { Headers = { Range = new RangeHeaderValue(2, 9) } }
            );
            Assert.Equal(whole[2..10], await part.Content.ReadAsByteArrayAsync());
            using var preflight = await vault.Client.SendAsync(
                new HttpRequestMessage(HttpMethod.Options, video.Url(path)) { Headers = { { "Origin", "https://a.example" } } }
            );
            Assert.Equal(HttpStatusCode.NoContent, preflight.StatusCode);
        }

        foreach (
            var path in (string[])
                [
                    "captions/fr.vtt",
                    "captions/EN.vtt",
                    "captions/en.srt",
                    "captions/en",
                    "captions/.vtt",
                    "hls/captions/fr/media.m3u8",
                    "hls/captions/en/99.vtt",
                    "hls/captions/en/-1.vtt",
                    "hls/captions/en/00.vtt",
                    "hls/captions/en/other.m3u8",
                ]
        )
        {
            using var none = await vault.Client.GetAsync(video.Url(path));
            Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
            Assert.Equal("application/problem+json", none.Content.Headers.ContentType?.MediaType);
        }
    }

    [Fact(Timeout = 120_000)]
    public async Task What_cannot_be_captions_is_refused_with_the_reason_and_changes_nothing()
    {
        var video = await vault.StoreAsync(await Mp4Clips.PathAsync("second.mp4"));
        var path = Path.Combine(Path.GetDirectoryName(video.Prepared)!, $"{Guid.NewGuid():n}.txt");
        await File.WriteAllTextAsync(path, "no film");
        const string good = "WEBVTT\n\n00:00.100 --> 00:00.900\na\n";
        (string Language, string Type, byte[] Body, HttpStatusCode Status, string Says)[] cases =
        [
            ("en_US", "text/vtt", Encoding.UTF8.GetBytes(good), HttpStatusCode.BadRequest, "BCP 47"),
            ("en", "text/plain", Encoding.UTF8.GetBytes(good), HttpStatusCode.UnsupportedMediaType, "application/x-subrip"),
            ("en", "text/vtt", "WEBVTT\n\n00:02.000 --> 00:01.000\na\n"u8.ToArray(), HttpStatusCode.BadRequest, "Line 3"),
            ("en", "application/x-subrip", "1\n00:00:01,000 --> 00:00:0x,000\na\n"u8.ToArray(), HttpStatusCode.BadRequest, "Line 2"),
            ("en", "text/vtt", [.. Encoding.UTF8.GetBytes(good), 0xFF], HttpStatusCode.BadRequest, "UTF-8"),
            ("en", "text/vtt", [.. Encoding.UTF8.GetBytes(good), 0], HttpStatusCode.BadRequest, "zero byte"),
            ("en", "text/vtt", new byte[CaptionText.MaxBytes + 1], HttpStatusCode.RequestEntityTooLarge, "4 MiB"),
            // Every < takes four bytes as WebVTT.
            (
                "en",
                "application/x-subrip",
                Encoding.UTF8.GetBytes(
                    $"1\n00:00:01,000 --> 00:00:02,000\n{string.Concat(Enumerable.Repeat(new string('<', 9000) + "\n", 400))}"
                ),
                HttpStatusCode.RequestEntityTooLarge,
                "as WebVTT"
            ),
        ];

        foreach (var (language, type, body, status, says) in cases)
        {
            using var content = new ByteArrayContent(body) { Headers = { ContentType = MediaTypeHeaderValue.Parse(type) } };
            using var refused = await vault.SendAsync(HttpMethod.Put, $"api/videos/{video.Id}/captions/{language}", content);
            Assert.Equal(status, refused.StatusCode);
            Assert.Contains(says, await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        Assert.Empty(await CaptionsAsync(video.Id));
    }

    [Fact(Timeout = 120_000)]
    public async Task Nothing_of_captions_is_readable_in_what_is_stored()
    {
        var video = await vault.StoreAsync(await CaptionClips.PathAsync("captions.mkv"));
        using (
            var put = await PutAsync(
                video.Id,
                "fr",
                "application/x-subrip",
                "1\n00:00:01,000 --> 00:00:02,000\nune phrase que personne ne lit\n",
                "Français secret"
            )
        )
            Assert.Equal(HttpStatusCode.Accepted, put.StatusCode);
        await UntilAsync(video, "fr.vtt", text => text is not null);

        var documents = vault.Store.Names.Keys.Select(vault.Store.Find).OfType<byte[]>().ToList();

        Assert.NotEmpty(documents);
        foreach (var document in documents)
        {
            // Long enough that they do not turn up in tens of megabytes of noise.
            foreach (
                var secret in (string[])
                    [
                        "WEBVTT\n\n",
                        "Hello <i>",
                        " more\n",
                        "Gr\u00FC\u00DFe",
                        "que personne",
                        "ais secret",
                        "Deutsch (voll)",
                        ".000 --> 00:00",
                    ]
            )
                Assert.True(document.AsSpan().IndexOf(Encoding.UTF8.GetBytes(secret)) < 0, secret);
        }
    }

    async Task<JsonElement[]> CaptionsAsync(string id)
    {
        using var shown = await vault.SendAsync(HttpMethod.Get, $"api/videos/{id}", null);
        return [.. (await WebParts.JsonAsync(shown)).GetProperty("captions").EnumerateArray()];
    }

    async Task<HttpResponseMessage> PutAsync(string id, string language, string type, string text, string? name = null)
    {
        using var content = new StringContent(text, Encoding.UTF8) { Headers = { ContentType = MediaTypeHeaderValue.Parse(type) } };
        return await vault.SendAsync(
            HttpMethod.Put,
            $"api/videos/{id}/captions/{language}{(name is null ? "" : $"?name={Uri.EscapeDataString(name)}")}",
            content
        );
    }

    async Task<string> ETagAsync(IngestedClip video, string path)
    {
        using var head = await vault.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, video.Url(path)));
        return head.Headers.ETag!.ToString();
    }

    // Storing goes on behind the answer, and players may be given what was there some seconds ago.
    async Task UntilAsync(IngestedClip video, string file, Func<string?, bool> isThere)
    {
        using var limit = new CancellationTokenSource(Longest);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        do
        {
            using var answer = await vault.Client.GetAsync(video.Url($"captions/{file}"), limit.Token);
            if (isThere(answer.IsSuccessStatusCode ? await answer.Content.ReadAsStringAsync(limit.Token) : null))
                return;
        } while (await timer.WaitForNextTickAsync(limit.Token));
    }

    static string StartOf(string entry) => entry.Split(' ')[0];

    // As ffmpeg writes it: short times, nothing escaped.
    static string[] Unescaped(string webVtt) =>
        [
            .. webVtt
                .Split("\n\n", StringSplitOptions.RemoveEmptyEntries)
                .Skip(1)
                .Select(entry =>
                    Hours()
                        .Replace(entry, "")
                        .Replace("&lt;", "<", StringComparison.Ordinal)
                        .Replace("&gt;", ">", StringComparison.Ordinal)
                        .Replace("&amp;", "&", StringComparison.Ordinal)
                        .Trim()
                ),
        ];

    [GeneratedRegex("00:(?=\\d\\d:\\d\\d\\.)")]
    private static partial Regex Hours();
}
