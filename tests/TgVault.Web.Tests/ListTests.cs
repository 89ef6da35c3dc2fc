using System.Net;
using System.Text.Json;
using TgVault.Core;

namespace TgVault.Web.Tests;

/// <summary>Lists with their counts and orders, and changes of many videos.</summary>
public sealed class ListTests : IAsyncLifetime
{
    WebParts _parts = null!;

    public async Task InitializeAsync() => _parts = await WebParts.StartAsync();

    public async Task DisposeAsync() => await _parts.DisposeAsync();

    [Fact(Timeout = 30000)]
    public async Task Folders_are_told_with_those_they_lie_in_and_how_many_videos_are_in_and_below_each()
    {
        await AddAsync("one", "Films/Kids", "x");
        await AddAsync("two", "Films/Kids-2", "x", "y");
        await AddAsync("three", "Films");

        var lists = await GetAsync("api/lists");

        // One more is there from the start, in no folder.
        Assert.Equal(4, lists.GetProperty("videos").GetInt32());
        Assert.Equal(
            [("", 1, 1), ("Films", 1, 3), ("Films/Kids", 1, 1), ("Films/Kids-2", 1, 1)],
            lists
                .GetProperty("folders")
                .EnumerateArray()
                .Select(one =>
                    (one.GetProperty("name").GetString()!, one.GetProperty("videos").GetInt32(), one.GetProperty("below").GetInt32())
                )
        );
        Assert.Equal(
            [("x", 2), ("y", 1)],
            lists
                .GetProperty("tags")
                .EnumerateArray()
                .Select(one => (one.GetProperty("name").GetString()!, one.GetProperty("videos").GetInt32()))
        );
        Assert.False(lists.GetProperty("more").GetBoolean());
        Assert.Equal(["one", "three", "two"], await NamesAsync("api/videos?folder=Films&below=true&order=name"));
        Assert.Equal(["three"], await NamesAsync("api/videos?folder=Films"));
        Assert.Equal(3, (await NamesAsync("api/videos?folder=Films&below=true&order=largest")).Length);
    }

    [Theory(Timeout = 30000)]
    [InlineData("order=size")]
    [InlineData("order=name&search=a")]
    [InlineData("order=name&status=ready")]
    [InlineData("order=name&size=7")]
    [InlineData("size=0")]
    [InlineData("size=-1")]
    [InlineData("sha256=5e88")]
    [InlineData("sha256=zz884898da28047151d0e56f8dc6292773603d0d6aabbdd62a11ef721d1542d8")]
    [InlineData("order=longest&search=a")]
    [InlineData("order=largest&continuation=a!7zzzzzzzzz0000000000000000")]
    [InlineData("order=name&continuation=7zzzzzzzzz0000000000000000")]
    [InlineData("below=yes")]
    public async Task An_order_that_there_is_not_is_refused(string query)
    {
        using var response = await _parts.ManageAsync(HttpMethod.Get, $"api/videos?{query}");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact(Timeout = 30000)]
    public async Task Many_are_moved_and_tagged_and_each_is_answered_for()
    {
        var (one, two) = (await AddAsync("one", "a", "x", "z"), await AddAsync("two", "b"));
        var full = await AddAsync("full", "b", [.. Enumerable.Range(0, 32).Select(i => $"t{i}")]);
        string[] ids = [one, "7zzzzzzzzz0000000000000000", two, full, "no id"];

        var results = await SendAsync(
            HttpMethod.Patch,
            "api/videos",
            new
            {
                ids,
                folder = "c/d",
                addTags = new[] { "x", "y" },
                removeTags = new[] { "z" },
            }
        );

        Assert.Equal(ids, results.Select(result => result.GetProperty("id").GetString()));
        Assert.Equal([200, 404, 200, 409, 404], results.Select(result => result.GetProperty("status").GetInt32()));
        Assert.Equal("c/d", results[0].GetProperty("video").GetProperty("folder").GetString());
        Assert.Contains("32 tags", results[3].GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(["x", "y"], await TagsAsync(one));
        Assert.Equal(["x", "y"], await TagsAsync(two));
        Assert.Equal(["two", "one"], await NamesAsync("api/videos?folder=c%2Fd"));
        Assert.Equal(["full"], await NamesAsync("api/videos?folder=b"));

        results = await SendAsync(HttpMethod.Patch, "api/videos", new { ids = new[] { one }, folder = "" });
        Assert.Equal("", results[0].GetProperty("video").GetProperty("folder").GetString());
        Assert.Equal(["x", "y"], await TagsAsync(one));
    }

    [Fact(Timeout = 30000)]
    public async Task Many_are_removed_and_each_is_answered_for()
    {
        var (one, two) = (await AddAsync("one", ""), await AddAsync("two", ""));

        var results = await SendAsync(
            HttpMethod.Post,
            "api/videos/removals",
            new { ids = new[] { one, "7zzzzzzzzz0000000000000000", two } }
        );

        Assert.Equal([202, 404, 202], results.Select(result => result.GetProperty("status").GetInt32()));
        Assert.Equal(two, results[2].GetProperty("video").GetProperty("id").GetString());
        Assert.Equal(new[] { one, two }.Order(), _parts.Scheduled.Select(wish => wish.Split(' ')[^1]).Order());
    }

    [Theory(Timeout = 30000)]
    [InlineData("PATCH", "api/videos", """{"folder":"a"}""", "ids")]
    [InlineData("PATCH", "api/videos", """{"ids":[],"folder":"a"}""", "ids")]
    [InlineData("PATCH", "api/videos", """{"ids":["7zzzzzzzzz0000000000000000"]}""", "folder")]
    [InlineData("PATCH", "api/videos", """{"ids":"all","folder":"a\nb","addTags":[1]}""", "addTags,folder,ids")]
    [InlineData("PATCH", "api/videos", """{"ids":["7zzzzzzzzz0000000000000000"],"name":"a","folder":"b"}""", "name")]
    [InlineData("POST", "api/videos/removals", "{}", "ids")]
    [InlineData("POST", "api/videos/removals", """{"ids":["7zzzzzzzzz0000000000000000"],"permanent":"yes"}""", "permanent")]
    [InlineData("POST", "api/videos/removals", """{"ids":[],"all":true}""", "all,ids")]
    public async Task What_does_not_say_which_videos_or_what_to_do_with_them_is_refused(
        string method,
        string path,
        string body,
        string fields
    )
    {
        using var response = await _parts.ManageAsync(new HttpMethod(method), path, body);
        var problem = await WebParts.JsonAsync(response);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(fields.Split(','), problem.GetProperty("errors").EnumerateObject().Select(error => error.Name));
    }

    [Fact(Timeout = 30000)]
    public async Task A_hundred_go_at_once_and_no_more()
    {
        string[] ids = [.. Enumerable.Range(0, 101).Select(i => VideoId.ForBlob($"{i}", "", DateTimeOffset.UtcNow).ToString())];

        using var more = await _parts.ManageAsync(HttpMethod.Post, "api/videos/removals", new { ids });
        var results = await SendAsync(HttpMethod.Post, "api/videos/removals", new { ids = ids[..100] });

        Assert.Equal(HttpStatusCode.BadRequest, more.StatusCode);
        Assert.Equal(100, results.Length);
    }

    async Task<string> AddAsync(string name, string folder, params string[] tags)
    {
        using var response = await _parts.ManageAsync(
            HttpMethod.Post,
            "api/uploads",
            new
            {
                name,
                size = 1,
                folder,
                tags,
            }
        );
        return (await WebParts.JsonAsync(response)).GetProperty("id").GetString()!;
    }

    async Task<JsonElement> GetAsync(string path)
    {
        using var response = await _parts.ManageAsync(HttpMethod.Get, path);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await WebParts.JsonAsync(response);
    }

    async Task<JsonElement[]> SendAsync(HttpMethod method, string path, object body)
    {
        using var response = await _parts.ManageAsync(method, path, body);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return [.. (await WebParts.JsonAsync(response)).GetProperty("videos").EnumerateArray()];
    }

    async Task<string[]> NamesAsync(string path) =>
        [.. (await GetAsync(path)).GetProperty("videos").EnumerateArray().Select(video => video.GetProperty("name").GetString()!)];

    async Task<string[]> TagsAsync(string id) =>
        [.. (await GetAsync($"api/videos/{id}")).GetProperty("tags").EnumerateArray().Select(tag => tag.GetString()!)];
}
