using System.Net;
using System.Net.ServerSentEvents;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using TgVault.Core.Library;
using TgVault.Core.Videos;

namespace TgVault.Web.Tests.Contract;

/// <summary>What a video waits for, as the API tells it.</summary>
public sealed class WaitingTests : IAsyncLifetime
{
    readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 29, 12, 0, 0, TimeSpan.Zero));
    WebParts _parts = null!;

    public async Task InitializeAsync() => _parts = await WebParts.StartAsync(time: _time);

    public async Task DisposeAsync() => await _parts.DisposeAsync();

    [Fact(Timeout = 30000)]
    public async Task A_wait_is_shown_and_listed_with_its_cause_its_end_and_a_sentence()
    {
        var video = await WaitingAsync(TimeSpan.FromHours(1));

        using var shown = await _parts.ManageAsync(HttpMethod.Get, $"api/videos/{video.Id}");
        using var listed = await _parts.ManageAsync(HttpMethod.Get, "api/videos?status=ingesting");

        const string Detail = "\"detail\":\"Telegram asks to wait.\"}";
        const string Expected = """{"why":"floodWait","since":"2026-11-29T12:00:00.000Z","until":"2026-11-29T13:00:00.000Z",""" + Detail;
        Assert.Equal(Expected, (await WebParts.JsonAsync(shown)).GetProperty("waiting").GetRawText());
        Assert.Equal(Expected, (await WebParts.JsonAsync(listed)).GetProperty("videos")[0].GetProperty("waiting").GetRawText());
    }

    [Fact(Timeout = 30000)]
    public async Task An_upload_that_has_not_arrived_is_waited_for_and_what_is_ready_waits_for_nothing()
    {
        var announced = await _parts.AddAsync(VideoStatus.Waiting);

        using var waits = await _parts.ManageAsync(HttpMethod.Get, $"api/videos/{announced.Id}");
        using var ready = await _parts.ManageAsync(HttpMethod.Get, $"api/videos/{_parts.Video.Row.Id}");

        Assert.Equal("upload", (await WebParts.JsonAsync(waits)).GetProperty("waiting").GetProperty("why").GetString());
        Assert.False((await WebParts.JsonAsync(ready)).TryGetProperty("waiting", out _));
    }

    [Fact(Timeout = 30000)]
    public async Task A_wait_that_ends_is_another_answer_but_the_same_row_to_change()
    {
        var video = await WaitingAsync(TimeSpan.FromMinutes(1));
        var path = $"api/videos/{video.Id}";
        using var waits = await _parts.ManageAsync(HttpMethod.Get, path);
        var tag = waits.Headers.ETag!.ToString();

        _time.Advance(TimeSpan.FromHours(1));
        using var anew = await SendAsync(HttpMethod.Get, path, ("If-None-Match", tag));
        using var changed = await SendAsync(HttpMethod.Patch, path, ("If-Match", tag));

        Assert.Equal(HttpStatusCode.OK, anew.StatusCode);
        Assert.False((await WebParts.JsonAsync(anew)).TryGetProperty("waiting", out _));
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
    }

    [Fact(Timeout = 30000)]
    public async Task Who_follows_is_told_of_a_wait_that_begins()
    {
        var video = await _parts.AddAsync(VideoStatus.Ingesting);
        using var response = await _parts.ManageAsync(HttpMethod.Get, $"api/videos/{video.Id}/events");
        await using var stream = await response.Content.ReadAsStreamAsync();
        await using var events = SseParser.Create(stream).EnumerateAsync().GetAsyncEnumerator();
        Assert.True(await events.MoveNextAsync());
        Assert.DoesNotContain("waiting\":{", events.Current.Data, StringComparison.Ordinal);

        await NoteAsync(video, TimeSpan.FromHours(1));
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.True(await events.MoveNextAsync());
        Assert.Equal(
            "floodWait",
            JsonDocument.Parse(events.Current.Data).RootElement.GetProperty("waiting").GetProperty("why").GetString()
        );
    }

    async Task<Video> WaitingAsync(TimeSpan time)
    {
        var video = await _parts.AddAsync(VideoStatus.Ingesting);
        return await NoteAsync(video, time);
    }

    async Task<Video> NoteAsync(Video video, TimeSpan time)
    {
        var now = _time.GetUtcNow();
        var wait = new VideoWait(WaitCause.FloodWait, now, now + time, "Telegram asks to wait.");
        return (await _parts.Rows.ChangeAsync(video.Id, row => VideoLife.Waits(row, wait), CancellationToken.None))!;
    }

    Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, (string, string) condition) =>
        _parts.SendAsync(
            method,
            path,
            method == HttpMethod.Patch ? new StringContent("{}", System.Text.Encoding.UTF8, "application/json") : null,
            ("X-Api-Key", WebParts.ApiKey),
            condition
        );
}
