using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using TgVault.Core.Requests;

namespace TgVault.Web.Tests.Contract;

/// <summary>Requests that are sent once more since their answer was lost.</summary>
public sealed class IdempotencyTests : IAsyncLifetime
{
    const string Upload = """{"name":"a.mp4","size":5,"tags":["x"]}""";

    readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow);
    WebParts _parts = null!;

    string Links => $"api/videos/{_parts.Video.Row.Id}/links";

    public async Task InitializeAsync() => _parts = await WebParts.StartAsync(time: _time);

    public async Task DisposeAsync() => await _parts.DisposeAsync();

    [Fact(Timeout = 30000)]
    public async Task The_same_upload_announced_again_is_the_same_video()
    {
        var first = await AnsweredAsync("api/uploads", Upload, "\"8e03978e\"");
        var again = await AnsweredAsync("api/uploads", """{ "tags":["x"], "size":5, "name":"a.mp4" }""", "8e03978e");
        var another = await AnsweredAsync("api/uploads", Upload, "\"another\"");
        var without = await AnsweredAsync("api/uploads", Upload, null);

        Assert.Equal((201, IdOf(first)), (again.Status, IdOf(again)));
        Assert.Contains(IdOf(first), again.Body.GetProperty("uploadUrl").GetString(), StringComparison.Ordinal);
        Assert.Equal(3, new[] { first, another, without }.Select(IdOf).Distinct().Count());
        Assert.Equal(4, await CountAsync());
    }

    [Fact(Timeout = 30000)]
    public async Task Another_upload_by_the_same_key_is_refused()
    {
        await AnsweredAsync("api/uploads", Upload, "\"k\"");

        var refused = await AnsweredAsync("api/uploads", """{"name":"b.mp4","size":5,"tags":["x"]}""", "\"k\"");

        Assert.Equal((422, "idempotencyKeyReused"), (refused.Status, refused.Body.GetProperty("code").GetString()));
        Assert.Equal(2, await CountAsync());
    }

    [Fact(Timeout = 30000)]
    public async Task Of_many_at_once_one_makes_a_video_and_the_others_are_told_of_it_or_to_ask_again()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => AnsweredAsync("api/uploads", Upload, "\"k\"")));

        Assert.All(answers, answer => Assert.Contains(answer.Status, new[] { 201, 409 }));
        Assert.Single(answers.Where(answer => answer.Status == 201).Select(IdOf).Distinct());
        Assert.Equal(2, await CountAsync());
    }

    [Fact(Timeout = 30000)]
    public async Task A_key_whose_video_was_removed_makes_no_other()
    {
        var first = await AnsweredAsync("api/uploads", Upload, "\"k\"");
        await _parts.Rows.RemoveAsync(Core.VideoId.Parse(IdOf(first)), CancellationToken.None);

        var again = await AnsweredAsync("api/uploads", Upload, "\"k\"");

        Assert.Equal((409, "idempotencyKeyInUse"), (again.Status, again.Body.GetProperty("code").GetString()));
    }

    [Fact(Timeout = 30000)]
    public async Task A_request_that_is_refused_uses_up_no_key()
    {
        var refused = await AnsweredAsync("api/uploads", """{"name":"a.mp4"}""", "\"k\"");
        var corrected = await AnsweredAsync("api/uploads", Upload, "\"k\"");

        Assert.Equal((400, 201), (refused.Status, corrected.Status));
    }

    [Fact(Timeout = 30000)]
    public async Task A_key_is_forgotten_after_a_day()
    {
        var first = await AnsweredAsync("api/uploads", Upload, "\"k\"");
        _time.Advance(RequestKeys.Lifetime - TimeSpan.FromSeconds(1));
        var known = await AnsweredAsync("api/uploads", Upload, "\"k\"");
        _time.Advance(TimeSpan.FromSeconds(2));
        var later = await AnsweredAsync("api/uploads", """{"name":"b.mp4","size":5}""", "\"k\"");

        Assert.Equal(IdOf(first), IdOf(known));
        Assert.Equal(201, later.Status);
        Assert.NotEqual(IdOf(first), IdOf(later));
    }

    [Fact(Timeout = 30000)]
    public async Task The_same_link_asked_for_again_is_the_same_link()
    {
        var first = await AnsweredAsync(Links, """{"ttl":60}""", "\"k\"");
        var again = await AnsweredAsync(Links, """{"ttl":60}""", "\"k\"");
        var other = await AnsweredAsync(Links, """{"ttl":61}""", "\"k\"");
        var ofUploads = await AnsweredAsync("api/uploads", Upload, "\"k\"");

        Assert.Equal((201, 201, 422, 201), (first.Status, again.Status, other.Status, ofUploads.Status));
        Assert.Equal(first.Body.GetRawText(), again.Body.GetRawText());
        using var listed = await _parts.ManageAsync(HttpMethod.Get, Links);
        Assert.Equal(1, (await WebParts.JsonAsync(listed)).GetProperty("links").GetArrayLength());
    }

    [Theory(Timeout = 30000)]
    [InlineData("\"\"")]
    [InlineData("\"open")]
    [InlineData("\"a\"b\"")]
    [InlineData("\"a\\b\"")]
    [InlineData("\"a\\\"")]
    [InlineData("a\"b")]
    [InlineData("\t")]
    public async Task A_key_that_is_none_is_refused(string key)
    {
        var refused = await AnsweredAsync("api/uploads", Upload, key);
        var tooLong = await AnsweredAsync("api/uploads", Upload, new string('k', 256));
        var longest = await AnsweredAsync("api/uploads", Upload, $"\"{new string('k', 253)}\\\\\\\"\"");

        Assert.Equal((400, 400, 201), (refused.Status, tooLong.Status, longest.Status));
    }

    static string IdOf((int Status, JsonElement Body) answer) => answer.Body.GetProperty("id").GetString()!;

    async Task<int> CountAsync()
    {
        using var listed = await _parts.ManageAsync(HttpMethod.Get, "api/videos");
        return (await WebParts.JsonAsync(listed)).GetProperty("videos").GetArrayLength();
    }

    async Task<(int Status, JsonElement Body)> AnsweredAsync(string path, string json, string? key)
    {
        using var answer = await _parts.SendAsync(
            HttpMethod.Post,
            path,
            new StringContent(json, Encoding.UTF8, "application/json"),
            [("X-Api-Key", WebParts.ApiKey), .. key is null ? Array.Empty<(string, string)>() : [("Idempotency-Key", key)]]
        );
        return ((int)answer.StatusCode, await WebParts.JsonAsync(answer));
    }
}
