using System.Net;
using Microsoft.Extensions.Logging;
using TgVault.Core;
using TgVault.Core.Chunks;
using TgVault.Core.Settings;

namespace TgVault.Web.Tests;

/// <summary>Hold, or cut the connection; never an error status for a video that is known good, and never a wrong byte.</summary>
public sealed class StreamFailureTests
{
    static readonly ChunkPlan Plan = ChunkSizes.Plan(32 << 20, 0);

    [Fact(Timeout = 30000)]
    public async Task A_short_wait_of_the_store_only_holds_the_player()
    {
        await using var parts = await WebParts.StartAsync();
        var failures = 2;
        parts.Video.Before = (_, _) =>
            Interlocked.Decrement(ref failures) >= 0
                ? throw new ChunkStoreException(ChunkStoreFailure.Transient, "flood", TimeSpan.FromMilliseconds(150))
                : Task.CompletedTask;

        using var response = await parts.GetAsync(parts.StreamPath, ("Range", "bytes=0-99"));

        Assert.Equal(HttpStatusCode.PartialContent, response.StatusCode);
        Assert.Equal(parts.Video.Plain(0, 100), await response.Content.ReadAsByteArrayAsync());
    }

    [Theory(Timeout = 30000)]
    [InlineData(ChunkStoreFailure.Transient)]
    [InlineData(ChunkStoreFailure.Permanent)]
    [InlineData(ChunkStoreFailure.Gone)]
    public async Task What_cannot_be_fetched_cuts_the_connection_before_anything_is_said(ChunkStoreFailure failure)
    {
        await using var parts = await WebParts.StartAsync(new PlaybackSettings { HoldSeconds = 0 });
        parts.Video.Before = (_, _) => throw new ChunkStoreException(failure, "no");

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => parts.GetAsync(parts.StreamPath, ("Range", "bytes=0-99")));
    }

    [Fact(Timeout = 30000)]
    public async Task A_flipped_bit_in_the_middle_cuts_the_connection_after_right_bytes_only()
    {
        await using var parts = await WebParts.StartAsync(new PlaybackSettings { WindowBytes = 0 }, Plan);
        parts.Video.Damage = (read, bytes) =>
        {
            if (read.Chunk == 7)
                bytes.Span[100_000] ^= 1;
        };
        using var response = await parts.GetAsync(parts.StreamPath, ("Range", "bytes=0-"));
        var received = new MemoryStream();

        await Assert.ThrowsAnyAsync<Exception>(() => response.Content.CopyToAsync(received));

        Assert.Equal(HttpStatusCode.PartialContent, response.StatusCode);
        Assert.True(received.Length <= parts.Video.Plan[7].Offset);
        Assert.True(received.ToArray().AsSpan().SequenceEqual(parts.Video.Plain(0, received.Length)));
        Assert.Contains(
            parts.Log.Lines,
            line =>
                line.Level == LogLevel.Warning
                && line.Text.Contains(
                    $"Video {parts.Video.Row.Id}, chunk 7, offset {parts.Video.Plan[7].Offset + 65536}",
                    StringComparison.Ordinal
                )
        );
    }

    [Fact(Timeout = 30000)]
    public async Task A_viewer_who_leaves_is_no_warning_and_its_fetch_is_cancelled()
    {
        await using var parts = await WebParts.StartAsync();
        var asked = new TaskCompletionSource();
        var cancelled = new TaskCompletionSource();
        parts.Video.Before = async (_, token) =>
        {
            token.Register(() => cancelled.TrySetResult());
            asked.TrySetResult();
            await Task.Delay(Timeout.Infinite, token);
        };
        using var leaving = new CancellationTokenSource();

        var request = parts.Client.GetAsync(parts.StreamPath, leaving.Token);
        await asked.Task;
        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request);
        await cancelled.Task;
        await parts.Log.Written.UntilAsync(() => parts.Log.Lines.Any(line => line.Text.Contains("left", StringComparison.Ordinal)));
        Assert.DoesNotContain(parts.Log.Lines, line => line.Level >= LogLevel.Warning);
    }

    [Fact(Timeout = 30000)]
    public async Task No_message_holds_a_key_or_a_link()
    {
        await using var parts = await WebParts.StartAsync(new PlaybackSettings { HoldSeconds = 0 });
        parts.Video.Before = (_, _) => throw new ChunkStoreException(ChunkStoreFailure.Permanent, "no");
        var link = parts.LinkTo();

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => parts.GetAsync($"v/{link}/video.mp4"));
        (await parts.GetAsync($"api/stream?file_id={parts.Video.Row.Id}&link={link}x", ("X-Api-Key", WebParts.ApiKey))).Dispose();

        Assert.NotEmpty(parts.Log.Lines);
        Assert.DoesNotContain(
            parts.Log.Lines,
            line => line.Text.Contains(link, StringComparison.Ordinal) || line.Text.Contains(WebParts.ApiKey, StringComparison.Ordinal)
        );
    }
}
