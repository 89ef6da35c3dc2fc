using System.Net;
using System.Text.Json;
using TgVault.Core;
using TgVault.Core.Videos;
using TgVault.Testing;

namespace TgVault.Web.Tests;

public sealed class ApiTests : IAsyncLifetime
{
    WebParts _parts = null!;

    public async Task InitializeAsync() => _parts = await WebParts.StartAsync(publicUrl: "https://vault.example/");

    public async Task DisposeAsync() => await _parts.DisposeAsync();

    [Fact(Timeout = 30000)]
    public async Task An_upload_is_announced_and_its_video_waits()
    {
        using var response = await _parts.ManageAsync(
            HttpMethod.Post,
            "api/uploads",
            new
            {
                name = "a.mp4",
                size = 5,
                contentType = "video/mp4",
                folder = "f",
                tags = new[] { "x", "y", "x" },
                description = "d",
            }
        );
        var upload = await WebParts.JsonAsync(response);
        var id = upload.GetProperty("id").GetString()!;

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal($"/api/videos/{id}", response.Headers.Location?.ToString());
        Assert.Contains(id, upload.GetProperty("uploadUrl").GetString(), StringComparison.Ordinal);
        Assert.True(upload.GetProperty("expires").GetDateTimeOffset() > DateTimeOffset.UtcNow);
        var video = await ShowAsync(id);
        Assert.Equal("waiting", video.GetProperty("status").GetString());
        Assert.Equal("none", video.GetProperty("stage").GetString());
        Assert.Equal("f", video.GetProperty("folder").GetString());
        Assert.Equal(["x", "y"], video.GetProperty("tags").EnumerateArray().Select(tag => tag.GetString()));
        Assert.Equal("video/mp4", video.GetProperty("contentType").GetString());
    }

    [Theory(Timeout = 30000)]
    [InlineData("""{"size":1}""", "name")]
    [InlineData("""{"name":"a"}""", "size")]
    [InlineData("""{"name":5,"size":"1"}""", "name,size")]
    [InlineData("""{"name":"a","size":-1,"nmae":1}""", "nmae,size")]
    [InlineData("""{"name":"a","size":1.5}""", "size")]
    [InlineData("""{"name":"a","size":99999999999999}""", "size")]
    [InlineData(
        """{"name":"a","size":1,"contentType":"html","folder":"a\nb","tags":["",1],"description":[]}""",
        "contentType,description,folder,tags"
    )]
    [InlineData("""{"name":"\ud800","size":1}""", "name")]
    public async Task Every_field_at_fault_is_named_at_once(string body, string fields)
    {
        using var response = await _parts.ManageAsync(HttpMethod.Post, "api/uploads", body);
        var problem = await WebParts.JsonAsync(response);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(fields.Split(','), problem.GetProperty("errors").EnumerateObject().Select(error => error.Name));
        Assert.All(fields.Split(','), field => Assert.Contains(field, problem.GetProperty("detail").GetString(), StringComparison.Ordinal));
        Assert.Single((await ListAsync("api/videos")).GetProperty("videos").EnumerateArray());
    }

    [Theory(Timeout = 30000)]
    [InlineData("../../etc/passwd", "passwd")]
    [InlineData("two\nlines.mp4", "two lines.mp4")]
    [InlineData("\"quoted\" 🎬.mp4", "\"quoted\" 🎬.mp4")]
    [InlineData("", "untitled")]
    public async Task A_name_is_kept_as_one_harmless_line(string given, string kept)
    {
        using var response = await _parts.ManageAsync(HttpMethod.Post, "api/uploads", new { name = given, size = 1 });

        Assert.Equal(kept, (await WebParts.JsonAsync(response)).GetProperty("name").GetString());
    }

    [Theory(Timeout = 30000)]
    [InlineData("[]", HttpStatusCode.BadRequest)]
    [InlineData("{", HttpStatusCode.BadRequest)]
    [InlineData("null", HttpStatusCode.BadRequest)]
    public async Task A_body_that_is_no_object_is_refused(string body, HttpStatusCode expected)
    {
        using var response = await _parts.ManageAsync(HttpMethod.Post, "api/uploads", body);

        Assert.Equal(expected, response.StatusCode);
    }

    [Fact(Timeout = 30000)]
    public async Task A_body_of_another_type_or_too_large_is_refused()
    {
        using var text = await _parts.SendAsync(HttpMethod.Post, "api/uploads", new StringContent("{}"), ("X-Api-Key", WebParts.ApiKey));
        using var large = await _parts.ManageAsync(HttpMethod.Post, "api/uploads", new { name = new string('x', 70_000), size = 1 });

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, text.StatusCode);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, large.StatusCode);
    }

    [Fact(Timeout = 30000)]
    public async Task An_upload_that_has_not_arrived_gets_a_new_url()
    {
        var waiting = await _parts.AddAsync(VideoStatus.Waiting);
        var blob = new StagedBlob(StagingArea.Uploads, "x", "1", 1, DateTimeOffset.UtcNow);
        var arrived = await _parts.AddAsync(VideoStatus.Waiting, video => video with { Upload = video.Upload with { Source = blob } });

        using var renewed = await _parts.ManageAsync(HttpMethod.Post, $"api/uploads/{waiting.Id}/renew");
        using var refused = await _parts.ManageAsync(HttpMethod.Post, $"api/uploads/{arrived.Id}/renew");
        using var unknown = await _parts.ManageAsync(HttpMethod.Post, $"api/uploads/{VideoId.New(DateTimeOffset.UtcNow)}/renew");

        Assert.Equal(HttpStatusCode.OK, renewed.StatusCode);
        Assert.Equal(waiting.Id.ToString(), (await WebParts.JsonAsync(renewed)).GetProperty("id").GetString());
        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }

    static string TooLong => "search=" + new string('x', 201);

    [Fact(Timeout = 30000)]
    public async Task Videos_are_listed_newest_first_page_by_page_by_folder_and_tag()
    {
        for (var i = 0; i < 5; i++)
            await _parts.AddAsync(
                VideoStatus.Ready,
                video =>
                    video with
                    {
                        Details = video.Details with { Name = $"{i}", Folder = i < 3 ? "a&b" : "", Tags = i % 2 == 0 ? ["even"] : [] },
                    }
            );

        var seen = new List<string>();
        string? continuation = null;
        do
        {
            var page = await ListAsync(
                $"api/videos?limit=2{(continuation is null ? "" : $"&continuation={Uri.EscapeDataString(continuation)}")}"
            );
            seen.AddRange(page.GetProperty("videos").EnumerateArray().Select(video => video.GetProperty("id").GetString()!));
            continuation = page.TryGetProperty("continuation", out var next) ? next.GetString() : null;
        } while (continuation is not null);

        Assert.Equal(6, seen.Distinct().Count());
        Assert.Equal(seen.Order(StringComparer.Ordinal), seen);
        Assert.Equal(3, (await ListAsync("api/videos?folder=a%26b")).GetProperty("videos").GetArrayLength());
        Assert.Equal(2, (await ListAsync("api/videos?folder=a%26b&tag=even")).GetProperty("videos").GetArrayLength());
        foreach (var bad in new[] { "limit=0", "limit=201", "limit=x", "continuation=nonsense", "status=lost", "status=1", TooLong })
        {
            using var response = await _parts.ManageAsync(HttpMethod.Get, $"api/videos?{bad}");
            Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        }
    }

    [Fact(Timeout = 30000)]
    public async Task A_search_narrows_together_with_folder_and_status()
    {
        foreach (var (name, folder, status) in new[] { ("Größe", "a", VideoStatus.Ready), ("Große Fahrt", "a", VideoStatus.Failed) })
            await _parts.AddAsync(status, video => video with { Details = video.Details with { Name = name, Folder = folder } });

        Assert.Equal(["Große Fahrt", "Größe"], await NamesAsync("search=gross"));
        Assert.Equal(["Große Fahrt"], await NamesAsync("search=" + Uri.EscapeDataString("FAHRT große")));
        Assert.Equal(["Größe"], await NamesAsync("search=gr&folder=a&status=ready"));
        Assert.Empty(await NamesAsync("search=gr&folder=b"));
        Assert.Empty(await NamesAsync("search=" + Uri.EscapeDataString("\"* --")));
        // Nothing is typed yet.
        Assert.Equal(await NamesAsync(""), await NamesAsync("search=+"));

        async Task<string[]> NamesAsync(string query) =>
            [
                .. (await ListAsync($"api/videos?{query}"))
                    .GetProperty("videos")
                    .EnumerateArray()
                    .Select(video => video.GetProperty("name").GetString()!)
                    .Order(StringComparer.Ordinal),
            ];
    }

    [Fact(Timeout = 30000)]
    public async Task A_change_touches_only_what_it_names()
    {
        var video = await _parts.AddAsync(
            VideoStatus.Failed,
            video => video with { Details = video.Details with { Folder = "f", Tags = ["t"] }, Life = video.Life.With(failure: "why") }
        );

        using var response = await _parts.ManageAsync(
            HttpMethod.Patch,
            $"api/videos/{video.Id}",
            new { name = "../new.mp4", description = "words" }
        );
        var changed = await WebParts.JsonAsync(response);

        Assert.Equal("new.mp4", changed.GetProperty("name").GetString());
        Assert.Equal("words", changed.GetProperty("description").GetString());
        Assert.Equal("f", changed.GetProperty("folder").GetString());
        Assert.Equal("why", changed.GetProperty("failure").GetString());
        using var bad = await _parts.ManageAsync(HttpMethod.Patch, $"api/videos/{video.Id}", new { status = "ready" });
        Assert.Equal(HttpStatusCode.BadRequest, bad.StatusCode);
        var deleting = await _parts.AddAsync(VideoStatus.Deleting);
        using var late = await _parts.ManageAsync(HttpMethod.Patch, $"api/videos/{deleting.Id}", new { name = "x" });
        Assert.Equal(HttpStatusCode.Conflict, late.StatusCode);
    }

    [Fact(Timeout = 30000)]
    public async Task Removal_and_retry_are_handed_on()
    {
        var upload = _parts.Staging.Put(StagingArea.Uploads, "kept", [1]);
        var failed = await _parts.AddAsync(VideoStatus.Failed, video => video with { Upload = new() { Source = upload } });
        var gone = await _parts.AddAsync(
            VideoStatus.Failed,
            video => video with { Upload = new() { Source = upload with { Name = "x" } } }
        );
        var refused = await _parts.AddAsync(VideoStatus.Failed);

        foreach (var without in new[] { refused, gone })
        {
            using var hopeless = await _parts.ManageAsync(HttpMethod.Post, $"api/videos/{without.Id}/retry");
            Assert.Equal("uploadGone", (await WebParts.JsonAsync(hopeless)).GetProperty("code").GetString());
        }

        using var retried = await _parts.ManageAsync(HttpMethod.Post, $"api/videos/{failed.Id}/retry");
        using var again = await _parts.ManageAsync(HttpMethod.Post, $"api/videos/{failed.Id}/retry");
        using var removed = await _parts.ManageAsync(HttpMethod.Delete, $"api/videos/{failed.Id}");

        Assert.Equal(HttpStatusCode.Accepted, retried.StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, again.StatusCode);
        Assert.Equal(HttpStatusCode.Accepted, removed.StatusCode);
        Assert.Equal("deleting", (await WebParts.JsonAsync(removed)).GetProperty("status").GetString());
        Assert.Equal([$"retry {failed.Id}", $"remove {failed.Id}"], _parts.Scheduled);
    }

    [Fact(Timeout = 30000)]
    public async Task A_minted_link_plays_until_it_expires()
    {
        using var response = await _parts.ManageAsync(
            HttpMethod.Post,
            $"api/videos/{_parts.Video.Row.Id}/links",
            new
            {
                ttl = 60,
                origins = new[] { "https://a.example" },
                kinds = new[] { "mp4" },
            }
        );
        var link = await WebParts.JsonAsync(response);

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.StartsWith("https://vault.example/v/", link.GetProperty("url").GetString(), StringComparison.Ordinal);
        Assert.InRange(
            link.GetProperty("expires").GetDateTimeOffset(),
            DateTimeOffset.UtcNow.AddSeconds(50),
            DateTimeOffset.UtcNow.AddSeconds(61)
        );
        using var played = await _parts.GetAsync(new Uri(link.GetProperty("url").GetString()!).PathAndQuery, ("Range", "bytes=0-1"));
        Assert.Equal(_parts.Video.Plain(0, 2), await played.Content.ReadAsByteArrayAsync());
        using var byDefault = await _parts.ManageAsync(HttpMethod.Post, $"api/videos/{_parts.Video.Row.Id}/links");
        Assert.Equal(HttpStatusCode.Created, byDefault.StatusCode);
    }

    [Theory(Timeout = 30000)]
    [InlineData("""{"ttl":0}""", "ttl")]
    [InlineData("""{"ttl":99999999999}""", "ttl")]
    [InlineData("""{"ttl":"7d"}""", "ttl")]
    [InlineData("""{"kinds":["exe"]}""", "kinds")]
    [InlineData("""{"kinds":["1"]}""", "kinds")]
    [InlineData("""{"origins":["a.example"]}""", "origins")]
    [InlineData("""{"origins":["https://a.example/path"]}""", "origins")]
    public async Task A_link_that_cannot_be_is_refused(string body, string field)
    {
        using var response = await _parts.ManageAsync(HttpMethod.Post, $"api/videos/{_parts.Video.Row.Id}/links", body);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal([field], (await WebParts.JsonAsync(response)).GetProperty("errors").EnumerateObject().Select(error => error.Name));
    }

    [Fact(Timeout = 30000)]
    public async Task A_video_shows_decision_progress_and_media()
    {
        var start = DateTimeOffset.UtcNow;
        var video = await _parts.AddAsync(
            VideoStatus.Ingesting,
            video =>
                video with
                {
                    Life = video.Life.With(
                        stage: IngestStage.CleaningUp,
                        progress: new IngestProgress
                        {
                            Started = start,
                            Updated = start.AddSeconds(2),
                            BytesDone = 100,
                            BytesTotal = 400,
                            ChunksDone = 1,
                            ChunksTotal = 4,
                        }
                    ),
                    Inspection = video.Inspection with
                    {
                        Decision = new MediaDecision(MediaAction.KeepAsFile, "It is a text."),
                        Media = new MediaSummary
                        {
                            Container = "x",
                            Tracks =
                            [
                                new MediaTrack
                                {
                                    Index = 0,
                                    Kind = MediaTrackKind.Audio,
                                    Codec = "aac",
                                },
                            ],
                        },
                    },
                }
        );

        var shown = await ShowAsync(video.Id.ToString());

        Assert.Equal("cleaningUp", shown.GetProperty("stage").GetString());
        Assert.Equal("keepAsFile", shown.GetProperty("decision").GetString());
        Assert.Equal("It is a text.", shown.GetProperty("reason").GetString());
        Assert.Equal("audio", shown.GetProperty("media").GetProperty("tracks")[0].GetProperty("kind").GetString());
        Assert.Equal(
            """{"chunksDone":1,"chunksTotal":4,"bytesDone":100,"bytesTotal":400,"bytesPerSecond":50,"etaSeconds":6}""",
            shown.GetProperty("progress").GetRawText()
        );
    }

    async Task<JsonElement> ShowAsync(string id)
    {
        using var response = await _parts.ManageAsync(HttpMethod.Get, $"api/videos/{id}");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await WebParts.JsonAsync(response);
    }

    async Task<JsonElement> ListAsync(string path)
    {
        using var response = await _parts.ManageAsync(HttpMethod.Get, path);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await WebParts.JsonAsync(response);
    }
}
