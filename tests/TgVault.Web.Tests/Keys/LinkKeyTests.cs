using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using TgVault.Core.Links;

namespace TgVault.Web.Tests.Keys;

/// <summary>Keys that sites make links with by themselves.</summary>
public sealed class LinkKeyTests
{
    [Fact(Timeout = 30000)]
    public async Task A_revoked_link_key_ends_all_its_links_on_every_route_and_no_others()
    {
        await using var parts = await WebParts.StartAsync();
        var (id, key) = await MakeAsync(parts, "shop");
        var (otherId, otherKey) = await MakeAsync(parts, "other");
        var video = parts.Video.Row.Id;
        var revoked = ForeignLink.Sign(id, key, video, "visit-1");
        string[] good = [ForeignLink.Sign(otherId, otherKey, video), ForeignLink.Sign(parts.Keys, video, "older"), parts.LinkTo()];
        foreach (var token in good.Append(revoked))
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(parts, $"v/{token}/video.mp4"));
        // What the embed page plays by is a link of its own.
        using var player = await parts.GetAsync($"embed/{revoked}/player");
        var played = (await WebParts.JsonAsync(player)).GetProperty("base").GetString();
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(parts, $"{played}video.mp4"));

        using var answer = await parts.ManageAsync(HttpMethod.Delete, $"api/link-keys/{id}");

        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        foreach (var path in LinkTests.PathsBelow(revoked).Append($"{played}video.mp4"))
            Assert.Equal((path, HttpStatusCode.Gone), (path, await StatusAsync(parts, path)));
        Assert.Equal(HttpStatusCode.Gone, await StatusAsync(parts, $"v/{ForeignLink.Sign(id, key, video, "made afterwards")}/video.mp4"));
        foreach (var token in good)
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(parts, $"v/{token}/video.mp4"));
    }

    [Fact(Timeout = 30000)]
    public async Task What_another_instance_revoked_is_refused_here_within_a_minute()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var parts = await WebParts.StartAsync(time: time);
        var (id, key) = await MakeAsync(parts, "shop");
        var token = ForeignLink.Sign(id, key, parts.Video.Row.Id);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(parts, $"v/{token}/video.mp4"));
        using var elsewhere = new LinkKeyRing(parts.Keys, parts.LinkKeyRows, time);
        Assert.True(await elsewhere.RevokeAsync(id, CancellationToken.None));

        time.Advance(TimeSpan.FromSeconds(59));

        Assert.Equal(HttpStatusCode.Gone, await StatusAsync(parts, $"v/{token}/video.mp4"));
    }

    [Fact(Timeout = 30000)]
    public async Task Keys_are_listed_without_what_signs_and_with_their_last_use()
    {
        await using var parts = await WebParts.StartAsync(publicUrl: "https://video.example.org/films");
        using var made = await parts.ManageAsync(HttpMethod.Post, "api/link-keys", new { name = "shop" });
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        var answer = await WebParts.JsonAsync(made);
        var (id, secret) = (answer.GetProperty("key").GetProperty("id").GetString()!, answer.GetProperty("secret").GetString()!);
        Assert.Equal("https://video.example.org/films", answer.GetProperty("baseUrl").GetString());
        Assert.False(answer.GetProperty("key").TryGetProperty("lastUsed", out _));

        await StatusAsync(parts, $"v/{ForeignLink.Sign(id, Convert.FromHexString(secret), parts.Video.Row.Id)}/video.mp4");

        using var listed = await parts.ManageAsync(HttpMethod.Get, "api/link-keys");
        var text = await listed.Content.ReadAsStringAsync();
        var key = JsonDocument.Parse(text).RootElement.GetProperty("keys").EnumerateArray().Single();
        Assert.Equal((id, "shop"), (key.GetProperty("id").GetString(), key.GetProperty("name").GetString()));
        Assert.True(key.TryGetProperty("lastUsed", out _));
        Assert.DoesNotContain(secret, text, StringComparison.Ordinal);

        using var revoked = await parts.ManageAsync(HttpMethod.Delete, $"api/link-keys/{id}");
        using var again = await parts.ManageAsync(HttpMethod.Delete, $"api/link-keys/{id}");
        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.NotFound), (revoked.StatusCode, again.StatusCode));
    }

    [Theory(Timeout = 30000)]
    [InlineData("{}")]
    [InlineData("""{"name":""}""")]
    [InlineData("""{"name":"a\nb"}""")]
    [InlineData("""{"name":7}""")]
    public async Task A_link_key_has_a_name_of_one_line(string body)
    {
        await using var parts = await WebParts.StartAsync();

        using var answer = await parts.ManageAsync(HttpMethod.Post, "api/link-keys", body);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.True((await WebParts.JsonAsync(answer)).GetProperty("errors").TryGetProperty("name", out _));
    }

    static async Task<(string Id, byte[] Key)> MakeAsync(WebParts parts, string name)
    {
        using var made = await parts.ManageAsync(HttpMethod.Post, "api/link-keys", new { name });
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        var answer = await WebParts.JsonAsync(made);
        return (answer.GetProperty("key").GetProperty("id").GetString()!, Convert.FromHexString(answer.GetProperty("secret").GetString()!));
    }

    static async Task<HttpStatusCode> StatusAsync(WebParts parts, string path)
    {
        using var answer = await parts.GetAsync(path);
        return answer.StatusCode;
    }
}
