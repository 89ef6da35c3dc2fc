using System.Net.ServerSentEvents;
using System.Text.Json;
using TgVault.Core.Library;
using TgVault.Core.Videos;
using TgVault.Testing;

namespace TgVault.Web.Tests;

/// <summary>What changes in the library, told to all who look at it.</summary>
public sealed class VideoEventTests
{
    [Fact(Timeout = 60000)]
    public async Task Each_who_looks_is_told_what_comes_what_changes_and_what_goes()
    {
        await using var parts = await WebParts.StartAsync();
        var under = await parts.AddAsync(VideoStatus.Ingesting);
        using var one = await parts.ManageAsync(HttpMethod.Get, "api/events");
        using var other = await parts.ManageAsync(HttpMethod.Get, "api/events");
        await using var first = EventsAsync(one).GetAsyncEnumerator();
        await using var second = EventsAsync(other).GetAsyncEnumerator();
        Assert.Equal("text/event-stream", one.Content.Headers.ContentType?.ToString());

        // What is under way is told to who comes: it may have changed since he read his list.
        await UntilAsync(first, "video", under.Id.ToString(), "ingesting");
        await UntilAsync(second, "video", under.Id.ToString(), "ingesting");
        await parts.Rows.ChangeAsync(under.Id, row => row with { Life = row.Life.With(status: VideoStatus.Ready) }, CancellationToken.None);
        await UntilAsync(first, "video", under.Id.ToString(), "ready");
        await UntilAsync(second, "video", under.Id.ToString(), "ready");
        var added = await parts.AddAsync(VideoStatus.Waiting);
        await UntilAsync(first, "video", added.Id.ToString(), "waiting");
        await parts.Rows.RemoveAsync(added.Id, CancellationToken.None);
        await UntilAsync(first, "removed", added.Id.ToString(), "waiting");
    }

    static async Task UntilAsync(IAsyncEnumerator<(string Name, JsonElement Data)> events, string name, string id, string status)
    {
        do Assert.True(await events.MoveNextAsync(), $"the events ended before {name} {id}");
        while (
            events.Current.Name != name
            || events.Current.Data.GetProperty("id").GetString() != id
            || events.Current.Data.GetProperty("status").GetString() != status
        );
    }

    static async IAsyncEnumerable<(string Name, JsonElement Data)> EventsAsync(HttpResponseMessage response)
    {
        await using var stream = await response.Content.ReadAsStreamAsync();
        await foreach (var item in SseParser.Create(stream).EnumerateAsync())
            yield return (item.EventType, JsonDocument.Parse(item.Data).RootElement);
    }
}
