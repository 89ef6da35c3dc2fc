using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using TgVault.Core.Chunks;
using TgVault.Core.Crypto;
using TgVault.Core.Settings;

namespace TgVault.Web.Tests;

/// <summary>What a link may cost the chunk store, over real Kestrel, counted there.</summary>
public sealed class FetchBudgetTests
{
    const int Sealed = SealedChunk.SealedBlockBytes;
    const int Chunks = 64;

    static readonly ChunkPlan Film = ChunkPlan.FromRuns([new ChunkRun(Chunks, 32 * SealedChunk.BlockBytes)]);

    [Fact(Timeout = 60_000)]
    public async Task A_thousand_single_bytes_stay_within_the_default_budget_and_are_all_answered()
    {
        await using var parts = await WebParts.StartAsync(plan: Film, time: new FakeTimeProvider(DateTimeOffset.UtcNow));
        var path = parts.StreamPath;

        for (var i = 0; i < 1000; i++)
            Assert.Equal(HttpStatusCode.PartialContent, await AskAsync(parts, path, i));

        Assert.InRange(parts.Video.Reads.Sum(read => (long)read.LengthBytes), 1, 1000 * Sealed);
        Assert.True(1000 * Sealed < new PlaybackSettings().LinkBudgetBytes);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_link_that_costs_more_than_it_is_given_is_held_then_told_when_to_come_back()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        var settings = new PlaybackSettings
        {
            CacheBytes = 0,
            LinkBudgetBytes = 19 * Sealed + 1000,
            LinkBudgetBytesPerSecond = Sealed / 30,
        };
        await using var parts = await WebParts.StartAsync(settings, Film, time: time);
        var path = parts.StreamPath;
        for (var i = 0; i < 20; i++)
            Assert.Equal(HttpStatusCode.PartialContent, await AskAsync(parts, path, i));
        Assert.Equal(20, parts.Video.Reads.Count);

        var asking = parts.GetAsync(path, ("Range", RangeOf(20)));
        while (!asking.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.WhenAny(asking, parts.Client.GetAsync("api/health"));
        }

        using var refused = await asking;
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
        Assert.Equal("application/problem+json", refused.Content.Headers.ContentType?.MediaType);
        var problem = JsonDocument.Parse(await refused.Content.ReadAsStringAsync()).RootElement;
        Assert.Contains("Retry-After", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Null(refused.Headers.ETag);
        Assert.Single(parts.Log.Lines, line => line.Level == LogLevel.Warning);

        // Others are not held for its sake: another link, and who has the key.
        var reads = parts.Video.Reads.Count;
        Assert.Equal(HttpStatusCode.PartialContent, await AskAsync(parts, parts.StreamPath, 40));
        using var own = await parts.GetAsync(
            $"api/stream?file_id={parts.Video.Row.Id}",
            ("Range", RangeOf(50)),
            ("X-Api-Key", WebParts.ApiKey)
        );
        Assert.Equal(HttpStatusCode.PartialContent, own.StatusCode);
        Assert.Equal(reads + 2, parts.Video.Reads.Count);
    }

    [Fact(Timeout = 60_000)]
    public async Task Who_takes_the_whole_film_again_and_again_is_never_held()
    {
        // A clock that stands still gives nothing back.
        await using var parts = await WebParts.StartAsync(
            new PlaybackSettings
            {
                CacheBytes = 0,
                LinkBudgetBytes = 4 << 20,
                LinkBudgetBytesPerSecond = 1,
            },
            ChunkPlan.FromRuns([new ChunkRun(4, 32 * SealedChunk.BlockBytes)]),
            time: new FakeTimeProvider(DateTimeOffset.UtcNow)
        );
        var path = parts.StreamPath;

        for (var i = 0; i < 4; i++)
            Assert.Equal(8 << 20, (await parts.Client.GetByteArrayAsync(path)).Length);

        Assert.InRange(parts.Video.Reads.Sum(read => (long)read.LengthBytes), 32 << 20, (32 << 20) * 11 / 10);
    }

    static string RangeOf(int number)
    {
        var offset = number * 37L % Chunks * Film[0].LengthBytes + (number / Chunks * SealedChunk.BlockBytes);
        return $"bytes={offset}-{offset}";
    }

    static async Task<HttpStatusCode> AskAsync(WebParts parts, string path, int number)
    {
        using var response = await parts.GetAsync(path, ("Range", RangeOf(number)));
        await response.Content.ReadAsByteArrayAsync();
        return response.StatusCode;
    }
}
