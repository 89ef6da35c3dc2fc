using System.Net;
using TgVault.Core;
using TgVault.Core.Library;
using TgVault.Core.Upkeep;
using TgVault.Core.Videos;

namespace TgVault.Web.Tests.Contract;

/// <summary>Conditions on one video: what somebody has changed since is neither sent twice nor written over.</summary>
public sealed class ConditionTests : IAsyncLifetime
{
    WebParts _parts = null!;

    public async Task InitializeAsync() => _parts = await WebParts.StartAsync(change: settings => settings with { TrashDays = 30 });

    public async Task DisposeAsync() => await _parts.DisposeAsync();

    [Fact(Timeout = 30000)]
    public async Task A_video_that_is_known_is_not_sent_again_until_it_changes()
    {
        var path = $"api/videos/{_parts.Video.Row.Id}";
        var tag = await TagAsync(path);

        using var known = await SendAsync(HttpMethod.Get, path, null, ("If-None-Match", $"\"other\", W/{tag}"));
        using var changed = await SendAsync(HttpMethod.Patch, path, """{"folder":"f"}""");
        using var anew = await SendAsync(HttpMethod.Get, path, null, ("If-None-Match", tag));

        Assert.Equal((HttpStatusCode.NotModified, tag), (known.StatusCode, known.Headers.ETag?.ToString()));
        Assert.Empty(await known.Content.ReadAsByteArrayAsync());
        Assert.NotEqual(tag, changed.Headers.ETag?.ToString());
        Assert.Equal((HttpStatusCode.OK, changed.Headers.ETag), (anew.StatusCode, anew.Headers.ETag));
    }

    [Theory(Timeout = 30000)]
    [InlineData("PATCH", "", """{"name":"mine.mp4"}""")]
    [InlineData("DELETE", "", null)]
    [InlineData("DELETE", "?permanent=true", null)]
    [InlineData("POST", "/restore", null)]
    [InlineData("POST", "/retry", null)]
    [InlineData("PUT", "/captions/en", null)]
    [InlineData("DELETE", "/captions/en", null)]
    [InlineData("POST", "/poster", """{"at":0}""")]
    [InlineData("POST", "/pictures", null)]
    public async Task A_change_of_what_has_changed_is_refused_and_told_what_it_is_now(string method, string below, string? body)
    {
        var path = $"api/videos/{_parts.Video.Row.Id}";
        var tag = await TagAsync(path);
        using var _ = await SendAsync(HttpMethod.Patch, path, """{"description":"of somebody else"}""");
        var now = await TagAsync(path);

        foreach (var wanted in new[] { tag, $"W/{now}", "nonsense", "" })
        {
            using var refused = await SendAsync(new HttpMethod(method), path + below, body, ("If-Match", wanted));
            var problem = await WebParts.JsonAsync(refused);

            Assert.Equal((HttpStatusCode.PreconditionFailed, now), (refused.StatusCode, refused.Headers.ETag?.ToString()));
            Assert.Equal("preconditionFailed", problem.GetProperty("code").GetString());
        }

        Assert.Equal(now, await TagAsync(path));
        Assert.DoesNotContain(_parts.Scheduled, wish => wish.StartsWith("remove", StringComparison.Ordinal));
    }

    [Fact(Timeout = 30000)]
    public async Task A_change_of_what_was_seen_is_made_and_so_is_one_of_whatever_there_is()
    {
        var path = $"api/videos/{_parts.Video.Row.Id}";

        using var seen = await SendAsync(HttpMethod.Patch, path, """{"name":"a"}""", ("If-Match", $"\"x\", {await TagAsync(path)}"));
        using var whatever = await SendAsync(HttpMethod.Patch, path, """{"name":"b"}""", ("If-Match", "*"));
        using var trashed = await SendAsync(HttpMethod.Delete, path, null, ("If-Match", whatever.Headers.ETag!.ToString()));
        using var restored = await SendAsync(HttpMethod.Post, path + "/restore", null, ("If-Match", trashed.Headers.ETag!.ToString()));

        Assert.All(new[] { seen, whatever, trashed, restored }, answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        Assert.Equal(restored.Headers.ETag!.ToString(), await TagAsync(path));
    }

    /// <summary>Of two who saw the same, whenever they write, only one does.</summary>
    [Fact(Timeout = 30000)]
    public async Task Of_many_who_change_what_they_saw_at_once_one_does()
    {
        var path = $"api/videos/{_parts.Video.Row.Id}";
        var tag = await TagAsync(path);

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(i => SendAsync(HttpMethod.Patch, path, $$"""{"name":"{{i}}"}""", ("If-Match", tag)))
        );

        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.OK);
        Assert.Equal(19, answers.Count(answer => answer.StatusCode == HttpStatusCode.PreconditionFailed));
    }

    [Theory(Timeout = 30000)]
    [InlineData("DELETE", "?permanent=true")]
    [InlineData("POST", "/retry")]
    public async Task Of_many_who_remove_or_retry_what_they_saw_at_once_one_does(string method, string below)
    {
        var upload = _parts.Staging.Put(StagingArea.Uploads, "kept", [1]);
        var video = await _parts.AddAsync(VideoStatus.Failed, row => row with { Upload = new() { Source = upload } });
        var path = $"api/videos/{video.Id}";
        var tag = await TagAsync(path);

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(_ => SendAsync(new HttpMethod(method), path + below, null, ("If-Match", tag)))
        );

        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.Accepted);
        Assert.Equal(19, answers.Count(answer => answer.StatusCode == HttpStatusCode.PreconditionFailed));
        Assert.Single(_parts.Scheduled);
    }

    /// <summary>Captions and posters: between the look at the row and its change they are staged.</summary>
    [Theory(Timeout = 30000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_is_put_beside_what_was_seen_is_not_where_others_write_while_it_is_staged(bool isEdited)
    {
        var id = _parts.Video.Row.Id;
        var wishes = new CompanionWishes(_parts.Rows, _parts.Staging, _parts.Keys, _parts.Settings.Chunks, TimeProvider.System);
        var seen = (await _parts.Rows.FindAsync(id, CancellationToken.None))!.RowVersion;
        var captions = new Companion
        {
            Kind = CompanionKind.Captions,
            Number = 0,
            Language = "en",
            ContentType = "text/vtt",
        };
        using var content = new WritingStream(async () =>
        {
            if (isEdited)
                await _parts.Rows.ChangeAsync(id, row => row with { LinkEpoch = row.LinkEpoch + 1 }, CancellationToken.None);
        });

        var added = await wishes.AddAsync(id, captions, content, row => row.RowVersion == seen, CancellationToken.None);
        var again = await wishes.AddAsync(id, captions, content, row => row.RowVersion == seen, CancellationToken.None);

        Assert.Equal(isEdited, added is null);
        Assert.Null(again);
        Assert.Equal(isEdited ? 0 : 1, (await _parts.Rows.FindAsync(id, CancellationToken.None))!.Files.Companions.Length);
    }

    sealed class WritingStream(Func<Task> write) : MemoryStream("WEBVTT"u8.ToArray())
    {
        public override async Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken)
        {
            await write();
            await base.CopyToAsync(destination, bufferSize, cancellationToken);
        }
    }

    [Fact(Timeout = 30000)]
    public async Task What_is_not_there_is_not_there_whatever_the_condition()
    {
        using var answer = await SendAsync(HttpMethod.Patch, $"api/videos/{VideoId.New(DateTimeOffset.UtcNow)}", "{}", ("If-Match", "*"));

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact(Timeout = 30000)]
    public async Task What_ingest_writes_is_another_state_too()
    {
        var path = $"api/videos/{_parts.Video.Row.Id}";
        var tag = await TagAsync(path);

        await _parts.Rows.ChangeAsync(_parts.Video.Row.Id, row => row with { Updated = DateTimeOffset.UtcNow }, CancellationToken.None);

        Assert.NotEqual(tag, await TagAsync(path));
    }

    async Task<string> TagAsync(string path)
    {
        using var shown = await SendAsync(HttpMethod.Get, path, null);
        Assert.False(shown.Headers.ETag!.IsWeak);
        return shown.Headers.ETag.ToString();
    }

    Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? json, params (string, string)[] headers) =>
        _parts.SendAsync(
            method,
            path,
            json is null ? null : new StringContent(json, System.Text.Encoding.UTF8, "application/json"),
            [("X-Api-Key", WebParts.ApiKey), .. headers]
        );
}
