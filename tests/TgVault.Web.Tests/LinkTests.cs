using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using TgVault.Core;
using TgVault.Core.Links;
using TgVault.Web.Streams;

namespace TgVault.Web.Tests;

/// <summary>Links that the vault made are known, and any can be revoked.</summary>
public sealed class LinkTests
{
    static CancellationToken None => CancellationToken.None;

    [Fact(Timeout = 30000)]
    public async Task A_link_is_listed_with_its_label_and_can_be_copied_again()
    {
        await using var parts = await WebParts.StartAsync();

        var made = await MakeAsync(
            parts,
            new
            {
                label = " for Bob ",
                origins = new[] { "https://a.example" },
                kinds = new[] { "hls" },
            }
        );
        var ofVideo = await JsonAsync(parts, HttpMethod.Get, $"api/videos/{parts.Video.Row.Id}/links");
        var all = await JsonAsync(parts, HttpMethod.Get, "api/links");

        Assert.Equal("for Bob", made.GetProperty("label").GetString());
        Assert.Equal("good", made.GetProperty("state").GetString());
        Assert.Equal(made.GetRawText(), Assert.Single(ofVideo.GetProperty("links").EnumerateArray()).GetRawText());
        Assert.Equal(made.GetRawText(), Assert.Single(all.GetProperty("links").EnumerateArray()).GetRawText());
        Assert.EndsWith($"/v/{made.GetProperty("token").GetString()}/hls/master.m3u8", made.GetProperty("url").GetString());
        Assert.Equal(0, ofVideo.GetProperty("epoch").GetInt32());
        Assert.False(all.TryGetProperty("epoch", out _));
    }

    [Theory(Timeout = 30000)]
    [InlineData("""{"label":"two\nlines"}""")]
    [InlineData("""{"label":7}""")]
    [InlineData("""{"name":"x"}""")]
    public async Task A_label_is_one_line(string body)
    {
        await using var parts = await WebParts.StartAsync();

        using var refused = await parts.ManageAsync(HttpMethod.Post, $"api/videos/{parts.Video.Row.Id}/links", body);

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
    }

    [Fact(Timeout = 30000)]
    public async Task A_revoked_link_is_refused_on_every_route_and_others_are_not()
    {
        await using var parts = await WebParts.StartAsync();
        var revoked = await MakeAsync(parts);
        var other = await MakeAsync(parts);
        var token = revoked.GetProperty("token").GetString()!;
        // Known to be good, so that it has to be heard of.
        using (var plays = await parts.GetAsync($"v/{token}/video.mp4"))
            Assert.Equal(HttpStatusCode.OK, plays.StatusCode);

        var answer = await JsonAsync(parts, HttpMethod.Delete, $"api/links/{revoked.GetProperty("id").GetString()}");
        var again = await JsonAsync(parts, HttpMethod.Delete, $"api/links/{token}");

        Assert.Equal(parts.Video.Row.Id.ToString(), answer.GetProperty("video").GetString());
        Assert.Equal(answer.GetRawText(), again.GetRawText());
        foreach (var path in PathsBelow(token))
        {
            using var refused = await parts.GetAsync(path, ("Origin", "https://a.example"));
            Assert.Equal((path, HttpStatusCode.Gone), (path, refused.StatusCode));
        }

        using var embed = await parts.GetAsync($"api/oembed?url={Uri.EscapeDataString($"{parts.Host.Address}embed/{token}")}");
        Assert.Equal(HttpStatusCode.NotFound, embed.StatusCode);
        using var good = await parts.GetAsync($"v/{other.GetProperty("token").GetString()}/video.mp4");
        Assert.Equal(HttpStatusCode.OK, good.StatusCode);
        var listed = (await JsonAsync(parts, HttpMethod.Get, "api/links")).GetProperty("links").EnumerateArray().ToArray();
        Assert.Equal(["good", "revoked"], listed.Select(link => link.GetProperty("state").GetString()));
        Assert.False(listed[1].TryGetProperty("url", out _));
        Assert.False(listed[1].TryGetProperty("token", out _));
    }

    [Fact(Timeout = 30000)]
    public async Task What_another_instance_revoked_is_refused_here_within_a_minute()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var parts = await WebParts.StartAsync(time: time);
        var minted = parts.Links.Mint(new LinkRequest(parts.Video.Row.Id, null, [], []));
        using (var plays = await parts.GetAsync($"v/{minted.Token}/video.mp4"))
            Assert.Equal(HttpStatusCode.OK, plays.StatusCode);
        using var elsewhere = new LinkRegister(parts.LinkRows, time);
        await elsewhere.RevokeAsync(minted.Link.Id, None);

        time.Advance(TimeSpan.FromSeconds(59));

        using var refused = await parts.GetAsync($"v/{minted.Token}/video.mp4");
        Assert.Equal(HttpStatusCode.Gone, refused.StatusCode);
    }

    [Theory(Timeout = 30000)]
    [InlineData("visit-4711", "visit-4711")]
    [InlineData("team/7 é", "team%2F7%20%C3%A9")]
    [InlineData(null, null)]
    public async Task A_link_that_was_made_elsewhere_is_revoked_by_its_id_or_by_its_text(string? id, string? inPath)
    {
        await using var parts = await WebParts.StartAsync();
        var token = ForeignLink.Sign(parts.Keys, parts.Video.Row.Id, id);
        using (var plays = await parts.GetAsync($"v/{token}/video.mp4"))
            Assert.Equal(HttpStatusCode.OK, plays.StatusCode);

        var answer = await JsonAsync(parts, HttpMethod.Delete, $"api/links/{inPath ?? token}");

        Assert.False(answer.TryGetProperty("video", out _));
        using var refused = await parts.GetAsync($"v/{token}/video.mp4");
        Assert.Equal(HttpStatusCode.Gone, refused.StatusCode);
    }

    [Fact(Timeout = 30000)]
    public async Task All_links_of_a_video_are_revoked_at_once_whoever_made_them()
    {
        await using var parts = await WebParts.StartAsync();
        var id = parts.Video.Row.Id;
        var made = (await MakeAsync(parts)).GetProperty("token").GetString()!;
        var foreign = ForeignLink.Sign(parts.Keys, id, null);
        using (var plays = await parts.GetAsync($"v/{made}/video.mp4"))
            Assert.Equal(HttpStatusCode.OK, plays.StatusCode);

        var answer = await JsonAsync(parts, HttpMethod.Delete, $"api/videos/{id}/links");

        Assert.Equal(1, answer.GetProperty("epoch").GetInt32());
        var anew = (await MakeAsync(parts)).GetProperty("token").GetString()!;
        (string Token, HttpStatusCode Status)[] expected =
        [
            (made, HttpStatusCode.Gone),
            (foreign, HttpStatusCode.Gone),
            (ForeignLink.Sign(parts.Keys, id, null, epoch: 2), HttpStatusCode.Gone),
            (ForeignLink.Sign(parts.Keys, id, null, epoch: 1), HttpStatusCode.OK),
            (anew, HttpStatusCode.OK),
        ];
        foreach (var (token, status) in expected)
        {
            using var response = await parts.GetAsync($"v/{token}/video.mp4");
            Assert.Equal(status, response.StatusCode);
        }

        var page = await JsonAsync(parts, HttpMethod.Get, $"api/videos/{id}/links");
        Assert.Equal(1, page.GetProperty("epoch").GetInt32());
        Assert.Equal(["good", "revoked"], page.GetProperty("links").EnumerateArray().Select(link => link.GetProperty("state").GetString()));
    }

    [Fact(Timeout = 30000)]
    public async Task A_vault_made_anew_from_the_channel_does_not_let_them_in_again()
    {
        await using var parts = await WebParts.StartAsync();
        await Core.Library.LibraryChanges.ChangeAsync(
            parts.Rows,
            parts.Video.Row.Id,
            video =>
                video with
                {
                    Manifests = video.Manifests with { Newest = new Core.Chunks.ChunkReceipt(1, -1, 1, "file", "unique", 1) },
                },
            None
        );

        await JsonAsync(parts, HttpMethod.Delete, $"api/videos/{parts.Video.Row.Id}/links");

        Assert.True((await parts.Rows.FindAsync(parts.Video.Row.Id, None))!.Manifests.IsStale);
        Assert.Equal([$"amend {parts.Video.Row.Id}"], parts.Scheduled);
    }

    [Fact(Timeout = 30000)]
    public async Task What_is_being_sent_by_a_link_ends_soon_after_it_is_revoked()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var parts = await WebParts.StartAsync(time: time);
        var link = (await parts.Links.CheckAsync(parts.LinkTo())).Link!;
        var context = new DefaultHttpContext { RequestServices = parts.Host.Services };
        context.Features.Set(link);
        await using var body = LinkedBody.Of(context, new MemoryStream(new byte[100]));
        var buffer = new byte[10];
        Assert.Equal(10, await body.ReadAsync(buffer, None));
        using var elsewhere = new LinkRegister(parts.LinkRows, time);
        time.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal(10, await body.ReadAsync(buffer, None));

        await elsewhere.RevokeAsync(link.Id, None);
        time.Advance(TimeSpan.FromSeconds(59));

        await Assert.ThrowsAsync<VaultException>(async () => Assert.Equal(10, await body.ReadAsync(buffer, None)));
    }

    public static IEnumerable<string> PathsBelow(string token) =>
        VaultRoutes
            .All.Where(route => route.Pattern.Contains("{link}", StringComparison.Ordinal))
            .Select(route =>
                route
                    .Pattern.Replace("{link}", token, StringComparison.Ordinal)
                    .Replace("{track}", "0", StringComparison.Ordinal)
                    .Replace("{file}", "0.m4s", StringComparison.Ordinal)
                    .Replace("{rendition}", "480p", StringComparison.Ordinal)
                    .Replace("{language}", "en", StringComparison.Ordinal)
            );

    static Task<JsonElement> MakeAsync(WebParts parts, object? body = null) =>
        JsonAsync(parts, HttpMethod.Post, $"api/videos/{parts.Video.Row.Id}/links", body);

    static async Task<JsonElement> JsonAsync(WebParts parts, HttpMethod method, string path, object? body = null)
    {
        using var response = await parts.ManageAsync(method, path, body);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        return await WebParts.JsonAsync(response);
    }
}
