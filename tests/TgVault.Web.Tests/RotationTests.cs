using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using TgVault.Core.Links;
using TgVault.Core.Rotation;

namespace TgVault.Web.Tests;

/// <summary>What is told of a rotation of the master secret, and the end of every link.</summary>
public sealed class RotationTests
{
    static CancellationToken None => CancellationToken.None;

    [Fact(Timeout = 30000)]
    public async Task A_rotation_is_told_with_the_messages_that_are_left_as_runs()
    {
        await using var parts = await WebParts.StartAsync();
        var never = await JsonAsync(parts, HttpMethod.Get, "api/rotation");
        parts.Rotation.State = new RotationState
        {
            Version = 2,
            Videos = 7,
            Waiting = "3 videos wait.",
        };
        parts.Rotation.Left = [new(-1, 5), new(-1, 6), new(-1, 7), new(-1, 9), new(-2, 10)];

        var told = await JsonAsync(parts, HttpMethod.Get, "api/rotation");

        Assert.False(never.GetProperty("underWay").GetBoolean());
        Assert.False(never.TryGetProperty("stage", out _));
        Assert.True(told.GetProperty("underWay").GetBoolean());
        Assert.Equal("videos", told.GetProperty("stage").GetString());
        Assert.Equal((2, 7, 5), (Number(told, "keyVersion"), Number(told, "videos"), Number(told, "left")));
        Assert.Equal(
            [(-1, 5, 7), (-1, 9, 9), (-2, 10, 10)],
            told.GetProperty("leftMessages")
                .EnumerateArray()
                .Select(run => (Number(run, "channel"), Number(run, "first"), Number(run, "last")))
        );
    }

    [Fact(Timeout = 30000)]
    public async Task Every_link_ends_at_once_whoever_made_it_and_new_ones_play()
    {
        await using var parts = await WebParts.StartAsync();
        var id = parts.Video.Row.Id;
        var made = await MakeAsync(parts);
        var foreign = ForeignLink.Sign(parts.Keys, id, null);
        using (await parts.ManageAsync(HttpMethod.Post, "api/link-keys", """{"name":"a site"}""")) { }
        await PlaysAsync(parts, made, HttpStatusCode.OK);
        await PlaysAsync(parts, foreign, HttpStatusCode.OK);

        var ended = await JsonAsync(parts, HttpMethod.Delete, "api/links");
        var next = await MakeAsync(parts);
        var page = await JsonAsync(parts, HttpMethod.Get, $"api/videos/{id}/player");
        var again = await JsonAsync(parts, HttpMethod.Delete, "api/links");

        Assert.Equal((1, 1), (Number(ended, "links"), Number(ended, "linkKeys")));
        Assert.Equal((1, 0), (Number(again, "links"), Number(again, "linkKeys")));
        foreach (var token in new[] { made, foreign, next })
            await PlaysAsync(parts, token, HttpStatusCode.Gone);
        using (var player = await parts.GetAsync($"{page.GetProperty("base").GetString()}video.mp4"))
            Assert.Equal(HttpStatusCode.Gone, player.StatusCode);
        await PlaysAsync(parts, ForeignLink.Sign(parts.Keys, id, "made after that"), HttpStatusCode.Gone);
        await PlaysAsync(parts, await MakeAsync(parts), HttpStatusCode.OK);
        var listed = (await JsonAsync(parts, HttpMethod.Get, "api/links")).GetProperty("links").EnumerateArray().ToArray();
        Assert.Equal(["good", "revoked", "revoked"], listed.Select(link => link.GetProperty("state").GetString()));
    }

    [Fact(Timeout = 30000)]
    public async Task Where_another_instance_ended_them_they_end_here_within_a_minute()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var parts = await WebParts.StartAsync(time: time);
        var token = await MakeAsync(parts);
        await PlaysAsync(parts, token, HttpStatusCode.OK);
        using var elsewhere = new OwnLinkKey(parts.Keys, parts.LinkKeyRows, time);
        await elsewhere.ReplaceAsync(None);

        time.Advance(TimeSpan.FromSeconds(59));

        await PlaysAsync(parts, token, HttpStatusCode.Gone);
        await PlaysAsync(parts, await MakeAsync(parts), HttpStatusCode.OK);
    }

    static async Task PlaysAsync(WebParts parts, string token, HttpStatusCode expected)
    {
        using var answer = await parts.GetAsync($"v/{token}/video.mp4");
        Assert.Equal(expected, answer.StatusCode);
    }

    static async Task<string> MakeAsync(WebParts parts)
    {
        using var answer = await parts.ManageAsync(HttpMethod.Post, $"api/videos/{parts.Video.Row.Id}/links", "{}");
        return JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("token").GetString()!;
    }

    static async Task<JsonElement> JsonAsync(WebParts parts, HttpMethod method, string path)
    {
        using var answer = await parts.ManageAsync(method, path);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        return JsonDocument.Parse(text).RootElement;
    }

    static int Number(JsonElement element, string name) => element.GetProperty(name).GetInt32();
}
