using TgVault.Core.Chunks;
using TgVault.Core.Crypto;
using TgVault.Core.Playback.Open;
using TgVault.Core.Playback.Spans;
using TgVault.Core.Settings;

namespace TgVault.Core.Tests.Playback.Spans;

/// <summary>
/// What many readers at different places cost, counted: bytes that the store gave for each byte that was read. They take turns, as viewers
/// do that each get a piece now and then.
/// </summary>
public sealed class ManyReadersTests
{
    const int Piece = 16 * 1024;
    const int BytesEach = 3 << 19;

    [Theory(Timeout = 120_000)]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(32)]
    [InlineData(50)]
    [InlineData(64)]
    public async Task What_each_of_them_reads_is_fetched_once(int readers)
    {
        // A quarter of the default cache: four times as many readers have it as tight in that one.
        var settings = new PlaybackSettings { CacheBytes = 12 << 20 };
        using var parts = await PlaybackParts.CreateAsync(
            ChunkPlan.FromRuns([new ChunkRun(readers, 32 * SealedChunk.BlockBytes)]),
            settings
        );
        var streams = new List<VideoStream>();
        for (var reader = 0; reader < readers; reader++)
        {
            var stream = await parts.OpenAsync();
            stream.Position = reader * 32L * SealedChunk.BlockBytes;
            stream.ReadEnd = stream.Position + BytesEach;
            streams.Add(stream);
        }

        var buffer = new byte[Piece];
        for (var turn = 0; turn < BytesEach / Piece; turn++)
        {
            foreach (var stream in streams)
                Assert.Equal(Piece, await stream.ReadAtLeastAsync(buffer, Piece));
            // As their clocks go: 5 Mbit/s.
            parts.Time.Advance(TimeSpan.FromSeconds(Piece / 625_000.0));
        }

        foreach (var stream in streams)
            await stream.DisposeAsync();
        var fetched = parts.Video.Reads.Sum(read => (long)read.LengthBytes);
        Assert.InRange(fetched / ((double)readers * BytesEach), 1, 1.1);
        Assert.True(parts.Cache.AllocatedBytes <= settings.CacheBytes);
        Assert.Equal(PlaySpan.MaxBlocks, parts.Cache.SpanBlocks);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_reader_at_a_steady_pace_is_not_far_behind_what_is_fetched_for_it()
    {
        using var parts = await PlaybackParts.CreateAsync(
            ChunkPlan.FromRuns([new ChunkRun(8, 32 * SealedChunk.BlockBytes)]),
            new PlaybackSettings { ReadAheadBytes = 4 << 20 }
        );
        await using var stream = await parts.OpenAsync();
        stream.ReadEnd = stream.Length;
        var buffer = new byte[Piece];
        var read = 0L;
        var farthest = 0L;
        while (read < 8 << 20)
        {
            read += await stream.ReadAtLeastAsync(buffer, Piece);
            parts.Time.Advance(TimeSpan.FromSeconds(Piece / 625_000.0));
            // Not in the beginning, when its pace is not known.
            if (read > 4 << 20)
                farthest = Math.Max(farthest, parts.Video.Reads.Sum(one => (long)one.LengthBytes) - read);
        }

        Assert.InRange(farthest, PlaySpan.MaxBytes, (2 * PlaySpan.MaxBytes) + (1 << 16));
    }
}
