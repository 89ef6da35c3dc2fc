using System.Net;
using Microsoft.Extensions.Logging;
using TgVault.Core.Library;
using TgVault.Core.Videos;
using TgVault.Web.Http;

namespace TgVault.Web.Tests.Contract;

/// <summary>What programs go by where something is refused: a code that stays the same, and the request's id.</summary>
public sealed class ProblemTests : IAsyncLifetime
{
    WebParts _parts = null!;

    public async Task InitializeAsync() => _parts = await WebParts.StartAsync();

    public async Task DisposeAsync() => await _parts.DisposeAsync();

    [Theory(Timeout = 30000)]
    [InlineData(VideoStatus.Waiting, "notReady")]
    [InlineData(VideoStatus.Ingesting, "notReady")]
    [InlineData(VideoStatus.Failed, "ingestFailed")]
    public async Task Why_a_video_does_not_play_is_told_apart(VideoStatus status, string code)
    {
        var video = await _parts.AddAsync(status);

        Assert.Equal(code, await CodeAsync(HttpMethod.Get, $"api/stream?file_id={video.Id}", 409));
        Assert.Equal(code, await CodeAsync(HttpMethod.Get, $"api/videos/{video.Id}/player", 409));
    }

    [Fact(Timeout = 30000)]
    public async Task What_is_refused_has_a_code_of_its_own()
    {
        var ready = _parts.Video.Row.Id;
        var trashed = await _parts.AddAsync(VideoStatus.Trashed);
        var deleting = await _parts.AddAsync(VideoStatus.Deleting);

        Assert.Equal("notFound", await CodeAsync(HttpMethod.Get, "nothing/here", 404));
        Assert.Equal("noSuchVideo", await CodeAsync(HttpMethod.Get, "api/videos/nothing", 404));
        Assert.Equal("methodNotAllowed", await CodeAsync(HttpMethod.Put, "api/videos", 405));
        Assert.Equal("inTrash", await CodeAsync(HttpMethod.Patch, $"api/videos/{trashed.Id}", 409));
        Assert.Equal("beingRemoved", await CodeAsync(HttpMethod.Patch, $"api/videos/{deleting.Id}", 409));
        Assert.Equal("notInTrash", await CodeAsync(HttpMethod.Post, $"api/videos/{deleting.Id}/restore", 409));
        Assert.Equal("notFailed", await CodeAsync(HttpMethod.Post, $"api/videos/{ready}/retry", 409));
        Assert.Equal("invalidFields", await CodeAsync(HttpMethod.Post, "api/uploads", 400));
        Assert.Equal("badRequest", await CodeAsync(HttpMethod.Get, "api/videos?limit=0", 400));
        Assert.Equal("badRequest", await CodeAsync(HttpMethod.Get, "api/stream", 400));
        Assert.Equal("invalidLink", await CodeAsync(HttpMethod.Get, "v/no.link.this/video.mp4", 403));
    }

    [Theory(Timeout = 30000)]
    [InlineData("api/videos?q=apples", "\"q\" is no parameter of this address, which takes below, continuation, folder,")]
    [InlineData("api/videos?folder=a&Status=ready&tags=x", "\"tags\"")]
    [InlineData("api/lists?limit=1", "\"limit\" is no parameter of this address, which takes none.")]
    [InlineData("api/videos/{id}?permanent=true", "\"permanent\"")]
    [InlineData("api/links?video=x", "\"video\"")]
    public async Task A_parameter_that_there_is_not_is_refused_by_name(string path, string words)
    {
        using var answer = await _parts.ManageAsync(
            HttpMethod.Get,
            path.Replace("{id}", _parts.Video.Row.Id.ToString(), StringComparison.Ordinal)
        );
        var problem = await WebParts.JsonAsync(answer);

        Assert.Equal((HttpStatusCode.BadRequest, "unknownParameter"), (answer.StatusCode, problem.GetProperty("code").GetString()));
        Assert.StartsWith(words, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact(Timeout = 30000)]
    public async Task Of_its_parameters_nobody_is_told_who_may_not_ask()
    {
        using var answer = await _parts.GetAsync("api/videos?q=apples");

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Theory(Timeout = 30000)]
    [InlineData("")]
    [InlineData(" \t")]
    [InlineData("..")]
    [InlineData("films/")]
    public async Task A_name_with_nothing_to_show_is_refused_and_the_old_one_stays(string name)
    {
        var path = $"api/videos/{_parts.Video.Row.Id}";

        using var refused = await _parts.ManageAsync(HttpMethod.Patch, path, new { name, folder = "f" });
        using var shown = await _parts.ManageAsync(HttpMethod.Get, path);

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.True((await WebParts.JsonAsync(refused)).GetProperty("errors").TryGetProperty("name", out _));
        var video = await WebParts.JsonAsync(shown);
        Assert.Equal(("clip.mp4", ""), (video.GetProperty("name").GetString(), video.GetProperty("folder").GetString()));
    }

    [Fact(Timeout = 30000)]
    public async Task A_request_is_named_in_its_answer_its_problem_and_the_log_where_it_failed()
    {
        await _parts.Rows.ChangeAsync(
            _parts.Video.Row.Id,
            video => video with { Files = video.Files with { Key = null } },
            CancellationToken.None
        );

        using var failed = await _parts.GetAsync(_parts.StreamPath);
        using var refused = await _parts.GetAsync("api/videos", (RequestId.Header, "mine"));
        using var fine = await _parts.GetAsync("api/health");

        var problem = await WebParts.JsonAsync(failed);
        var id = HeaderOf(failed);
        Assert.Contains(_parts.Log.Lines, line => line.Level == LogLevel.Error && line.Text.Contains(id, StringComparison.Ordinal));
        Assert.Equal((id, "damagedVideo"), (problem.GetProperty("requestId").GetString(), problem.GetProperty("code").GetString()));
        Assert.Matches("^[0-9a-f]{16}$", id);
        // What a client calls its request gets nowhere.
        Assert.Equal(HeaderOf(refused), (await WebParts.JsonAsync(refused)).GetProperty("requestId").GetString());
        Assert.Equal(3, new[] { id, HeaderOf(refused), HeaderOf(fine) }.Distinct().Count());

        static string HeaderOf(HttpResponseMessage answer) => answer.Headers.GetValues(RequestId.Header).Single();
    }

    async Task<string?> CodeAsync(HttpMethod method, string path, int status)
    {
        using var answer = await _parts.ManageAsync(method, path);
        Assert.Equal(status, (int)answer.StatusCode);
        return (await WebParts.JsonAsync(answer)).GetProperty("code").GetString();
    }
}
