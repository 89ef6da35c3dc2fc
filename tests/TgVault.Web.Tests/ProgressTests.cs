using System.Net.ServerSentEvents;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using TgVault.Core.Library;
using TgVault.Core.Videos;
using TgVault.Testing;

namespace TgVault.Web.Tests;

public sealed class ProgressTests
{
    [Fact(Timeout = 30000)]
    public async Task Each_change_is_told_until_the_video_is_ready()
    {
        await using var parts = await WebParts.StartAsync();
        var video = await parts.AddAsync(VideoStatus.Waiting);
        using var response = await parts.ManageAsync(HttpMethod.Get, $"api/videos/{video.Id}/events");
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.ToString());
        var seen = new List<string>();

        await foreach (var (name, data) in EventsAsync(response))
        {
            seen.Add($"{name} {data.GetProperty("status").GetString()}");
            var next = seen.Count switch
            {
                1 => VideoStatus.Ingesting,
                _ => VideoStatus.Ready,
            };
            await parts.Rows.ChangeAsync(
                video.Id,
                row => row.Life.Status == VideoStatus.Ready ? null : row with { Life = row.Life.With(status: next) },
                CancellationToken.None
            );
        }

        Assert.Equal(["video waiting", "video ingesting", "video ready"], seen);
    }

    [Theory(Timeout = 30000)]
    [InlineData(VideoStatus.Ready)]
    [InlineData(VideoStatus.Failed)]
    public async Task What_has_ended_is_told_once(VideoStatus status)
    {
        await using var parts = await WebParts.StartAsync();
        var video = await parts.AddAsync(status);
        using var response = await parts.ManageAsync(HttpMethod.Get, $"api/videos/{video.Id}/events");

        Assert.Single(await EventsAsync(response).ToListAsync());
    }

    [Fact(Timeout = 30000)]
    public async Task A_removed_video_ends_the_events()
    {
        await using var parts = await WebParts.StartAsync();
        var video = await parts.AddAsync(VideoStatus.Ingesting);
        using var response = await parts.ManageAsync(HttpMethod.Get, $"api/videos/{video.Id}/events");
        await parts.Rows.RemoveAsync(video.Id, CancellationToken.None);

        var events = await EventsAsync(response).ToListAsync();

        Assert.Equal("removed", events[^1].Name);
        Assert.Equal("deleting", events[^1].Data.GetProperty("status").GetString());
    }

    [Fact(Timeout = 30000)]
    public async Task A_quiet_connection_is_kept_by_comments_that_are_no_events()
    {
        var time = new FakeTimeProvider();
        await using var parts = await WebParts.StartAsync(time: time);
        var video = await parts.AddAsync(VideoStatus.Ingesting);
        using var response = await parts.ManageAsync(HttpMethod.Get, $"api/videos/{video.Id}/events");
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync());
        Assert.Equal("event: video", await lines.ReadLineAsync());
        Assert.StartsWith("data: {", await lines.ReadLineAsync(), StringComparison.Ordinal);
        Assert.Equal("", await lines.ReadLineAsync());

        time.Advance(TimeSpan.FromSeconds(15));

        Assert.Equal(": still here", await lines.ReadLineAsync());
        Assert.Equal("", await lines.ReadLineAsync());
    }

    static async IAsyncEnumerable<(string Name, JsonElement Data)> EventsAsync(HttpResponseMessage response)
    {
        await using var stream = await response.Content.ReadAsStreamAsync();
        await foreach (var item in SseParser.Create(stream).EnumerateAsync())
            yield return (item.EventType, JsonDocument.Parse(item.Data).RootElement);
    }
}
