using System.Net;
using System.Text.Json;
using TgVault.Core.Library;
using TgVault.Core.Videos;

namespace TgVault.Web.Tests;

/// <summary>Deleting, and bringing back what was deleted.</summary>
public sealed class TrashTests : IAsyncLifetime
{
    WebParts _parts = null!;

    string Path => $"api/videos/{_parts.Video.Row.Id}";

    public async Task InitializeAsync() => _parts = await WebParts.StartAsync();

    public async Task DisposeAsync() => await _parts.DisposeAsync();

    [Fact(Timeout = 30000)]
    public async Task A_ready_video_goes_into_the_trash_and_comes_back_with_its_links()
    {
        var link = _parts.StreamPath;
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(link));

        var (status, trashed) = await SendAsync(HttpMethod.Delete, Path);
        var (again, same) = await SendAsync(HttpMethod.Delete, Path);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (status, again));
        Assert.Equal("trashed", trashed.GetProperty("status").GetString());
        var until = trashed.GetProperty("trashedUntil").GetDateTimeOffset();
        Assert.Equal(until, same.GetProperty("trashedUntil").GetDateTimeOffset());
        Assert.Equal(_parts.Settings.TrashDays, (until - trashed.GetProperty("updated").GetDateTimeOffset()).TotalDays, 3);
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(link));
        Assert.Empty(await IdsAsync("api/videos"));
        Assert.Equal([_parts.Video.Row.Id.ToString()], await IdsAsync("api/videos?status=trashed"));
        Assert.Equal(0, (await SendAsync(HttpMethod.Get, "api/lists")).Answer.GetProperty("videos").GetInt32());

        var (restored, video) = await SendAsync(HttpMethod.Post, $"{Path}/restore");
        var (ready, _) = await SendAsync(HttpMethod.Post, $"{Path}/restore");

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (restored, ready));
        Assert.Equal("ready", video.GetProperty("status").GetString());
        Assert.False(video.TryGetProperty("trashedUntil", out _));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(link));
        Assert.Equal([_parts.Video.Row.Id.ToString()], await IdsAsync("api/videos"));
        Assert.Empty(await IdsAsync("api/videos?status=trashed"));
        Assert.Empty(_parts.Scheduled);
    }

    [Fact(Timeout = 30000)]
    public async Task Nothing_is_changed_of_what_is_in_the_trash_and_the_answer_says_why()
    {
        await SendAsync(HttpMethod.Delete, Path);

        (HttpMethod Method, string Path, object? Body)[] requests =
        [
            (HttpMethod.Patch, Path, new { name = "other.mp4" }),
            (HttpMethod.Post, $"{Path}/links", new { }),
            (HttpMethod.Post, $"{Path}/poster", new { at = 1 }),
        ];
        foreach (var request in requests)
        {
            var (status, problem) = await SendAsync(request.Method, request.Path, request.Body);
            Assert.Equal(HttpStatusCode.Conflict, status);
            Assert.Contains("in the trash", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        }

        var (_, many) = await SendAsync(
            HttpMethod.Patch,
            "api/videos",
            new { ids = new[] { _parts.Video.Row.Id.ToString() }, folder = "a" }
        );
        Assert.Equal(409, Assert.Single(many.GetProperty("videos").EnumerateArray()).GetProperty("status").GetInt32());
        Assert.Equal(_parts.Video.Row.Details, (await _parts.Rows.FindAsync(_parts.Video.Row.Id, CancellationToken.None))!.Details);
    }

    [Fact(Timeout = 30000)]
    public async Task What_was_asked_for_before_is_carried_out_after_it_came_back()
    {
        await SendAsync(HttpMethod.Patch, Path, new { folder = "a" });
        await _parts.Rows.ChangeAsync(
            _parts.Video.Row.Id,
            video => video with { Manifests = video.Manifests with { IsStale = true } },
            CancellationToken.None
        );
        await SendAsync(HttpMethod.Delete, Path);
        _parts.Scheduled.Clear();

        await SendAsync(HttpMethod.Post, $"{Path}/restore");

        Assert.Equal([$"amend {_parts.Video.Row.Id}"], _parts.Scheduled);
    }

    [Fact(Timeout = 30000)]
    public async Task For_good_is_asked_for_by_name_and_works_from_the_trash_too()
    {
        var other = await _parts.AddAsync(VideoStatus.Ready);
        await SendAsync(HttpMethod.Delete, $"api/videos/{other.Id}");

        var (unclear, _) = await SendAsync(HttpMethod.Delete, $"{Path}?permanent=yes");
        var (ready, _) = await SendAsync(HttpMethod.Delete, $"{Path}?permanent=true");
        var (_, many) = await SendAsync(
            HttpMethod.Post,
            "api/videos/removals",
            new { ids = new[] { other.Id.ToString() }, permanent = true }
        );
        var (late, _) = await SendAsync(HttpMethod.Post, $"{Path}/restore");

        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.Accepted), (unclear, ready));
        Assert.Equal(202, Assert.Single(many.GetProperty("videos").EnumerateArray()).GetProperty("status").GetInt32());
        Assert.Equal(HttpStatusCode.Conflict, late);
        Assert.Equal([$"remove {_parts.Video.Row.Id}", $"remove {other.Id}"], _parts.Scheduled);
    }

    [Fact(Timeout = 30000)]
    public async Task Many_go_into_the_trash_but_what_is_not_stored_ends_at_once()
    {
        var waiting = await _parts.AddAsync(VideoStatus.Waiting);

        var (_, answer) = await SendAsync(
            HttpMethod.Post,
            "api/videos/removals",
            new { ids = new[] { _parts.Video.Row.Id.ToString(), waiting.Id.ToString() } }
        );

        Assert.Equal([200, 202], answer.GetProperty("videos").EnumerateArray().Select(result => result.GetProperty("status").GetInt32()));
        Assert.Equal([$"remove {waiting.Id}"], _parts.Scheduled);
    }

    [Fact(Timeout = 30000)]
    public async Task A_vault_without_a_trash_removes_for_good()
    {
        await using var parts = await WebParts.StartAsync(change: settings => settings with { TrashDays = 0 });

        using var removed = await parts.ManageAsync(HttpMethod.Delete, $"api/videos/{parts.Video.Row.Id}");

        Assert.Equal(HttpStatusCode.Accepted, removed.StatusCode);
        Assert.Equal([$"remove {parts.Video.Row.Id}"], parts.Scheduled);
    }

    async Task<HttpStatusCode> StatusAsync(string path)
    {
        using var response = await _parts.GetAsync(path);
        return response.StatusCode;
    }

    async Task<(HttpStatusCode Status, JsonElement Answer)> SendAsync(HttpMethod method, string path, object? body = null)
    {
        using var response = await _parts.ManageAsync(method, path, body);
        return (response.StatusCode, await WebParts.JsonAsync(response));
    }

    async Task<string[]> IdsAsync(string path) =>
        [
            .. (await SendAsync(HttpMethod.Get, path))
                .Answer.GetProperty("videos")
                .EnumerateArray()
                .Select(one => one.GetProperty("id").GetString()!),
        ];
}
