using TgVault.Core.Chunks;
using TgVault.Core.Crypto;
using TgVault.Core.Playback.Spans;
using TgVault.Core.Settings;

namespace TgVault.Core.Tests.Playback.Spans;

public sealed class SpanCacheTests
{
    const int Block = SealedChunk.BlockBytes;
    static readonly ChunkPlan BigPlan = ChunkSizes.Plan(2L << 30, 0);

    [Fact(Timeout = 30000)]
    public async Task Fifty_viewers_of_one_span_cause_one_fetch()
    {
        using var parts = await PlaybackParts.CreateAsync();
        var open = new TaskCompletionSource();
        parts.Video.Before = (_, token) => open.Task.WaitAsync(token);

        var viewers = Enumerable.Range(0, 50).Select(i => parts.ReadAsync(i, 1000)).ToArray();
        Assert.DoesNotContain(viewers, viewer => viewer.IsCompleted);
        open.SetResult();

        for (var i = 0; i < 50; i++)
            Assert.True((await viewers[i]).AsSpan().SequenceEqual(parts.Video.Plain(i, 1000)));
        Assert.Single(parts.Video.Reads);
        Assert.Equal(1, parts.Rows.PagesRead);
    }

    [Fact(Timeout = 30000)]
    public async Task A_viewer_that_leaves_does_not_end_the_fetch_others_wait_for()
    {
        using var parts = await PlaybackParts.CreateAsync();
        var open = new TaskCompletionSource();
        parts.Video.Before = (_, token) => open.Task.WaitAsync(token);
        using var leaving = new CancellationTokenSource();
        var first = await parts.OpenAsync();

        var left = first.ReadAsync(new byte[10], leaving.Token).AsTask();
        var stayed = parts.ReadAsync(0, 10);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        await first.DisposeAsync();
        parts.Reader.Dispose();
        open.SetResult();

        Assert.Equal(parts.Video.Plain(0, 10), await stayed);
        Assert.Single(parts.Video.Reads);
    }

    [Fact(Timeout = 30000)]
    public async Task A_viewer_who_comes_after_all_have_left_gets_a_fetch_of_its_own()
    {
        using var parts = await PlaybackParts.CreateAsync();
        var stuck = new TaskCompletionSource();
        parts.Video.Before = (_, _) => stuck.Task; // a store that is slow to notice the cancellation
        using var leaving = new CancellationTokenSource();
        await using var first = await parts.OpenAsync();
        var left = first.ReadAsync(new byte[10], leaving.Token).AsTask();
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);

        parts.Video.Before = (_, _) => Task.CompletedTask;
        Assert.Equal(parts.Video.Plain(0, 10), await parts.ReadAsync(0, 10));
        stuck.SetResult();

        Assert.Equal(2, parts.Video.Reads.Count);
        Assert.Equal(parts.Video.Plain(0, 10), await parts.ReadAsync(0, 10));
    }

    [Fact(Timeout = 30000)]
    public async Task A_failure_is_told_to_all_who_wait_and_not_kept()
    {
        using var parts = await PlaybackParts.CreateAsync();
        var fail = new TaskCompletionSource();
        parts.Video.Before = (_, _) => fail.Task;
        var viewers = Enumerable.Range(0, 5).Select(_ => parts.ReadAsync(0, 10)).ToArray();

        fail.SetException(new ChunkStoreException(ChunkStoreFailure.Permanent, "no"));
        foreach (var viewer in viewers)
            await Assert.ThrowsAsync<ChunkStoreException>(() => viewer);
        parts.Video.Before = (_, _) => Task.CompletedTask;

        Assert.Equal(parts.Video.Plain(0, 10), await parts.ReadAsync(0, 10));
        Assert.Equal(2, parts.Video.Reads.Count);
    }

    [Fact(Timeout = 30000)]
    public async Task A_time_limit_inside_the_store_does_not_look_like_the_reader_leaving()
    {
        using var parts = await PlaybackParts.CreateAsync(settings: new PlaybackSettings { HoldSeconds = 0 });
        parts.Video.Before = (_, _) => throw new TaskCanceledException();

        Assert.Equal(ChunkStoreFailure.Transient, (await Assert.ThrowsAsync<ChunkStoreException>(() => parts.ReadAsync(0, 10))).Failure);
    }

    [Fact(Timeout = 60000)]
    public async Task Fifty_readers_at_different_places_of_two_gibibytes_stay_inside_the_bound()
    {
        const long Capacity = 16 << 20;
        using var parts = await PlaybackParts.CreateAsync(
            BigPlan,
            new PlaybackSettings { CacheBytes = Capacity, ReadAheadBytes = 1 << 20 }
        );
        var most = 0L;
        parts.Video.Before = async (_, _) =>
        {
            await Task.Yield();
            InterlockedMax(ref most, parts.Cache.AllocatedBytes);
        };

        await Task.WhenAll(
            Enumerable
                .Range(0, 50)
                .Select(async i =>
                {
                    var start = i * 40L * (1 << 20);
                    await using var stream = await parts.OpenAsync();
                    stream.Position = start;
                    stream.ReadEnd = start + (8 << 20);
                    var buffer = new byte[64 << 10];
                    for (var read = 0; read < 2 << 20; )
                    {
                        var count = await stream.ReadAsync(buffer);
                        Assert.True(buffer.AsSpan(0, count).SequenceEqual(parts.Video.Plain(start + read, count)));
                        read += count;
                        await Task.Yield();
                    }
                })
        );

        Assert.InRange(most, Capacity / 2, Capacity);
    }

    [Fact(Timeout = 30000)]
    public async Task Readers_that_find_no_room_wait_for_it()
    {
        using var parts = await PlaybackParts.CreateAsync(
            BigPlan,
            new PlaybackSettings { CacheBytes = SpanCache.MinCapacityBytes, ReadAheadBytes = 1 << 20 }
        );
        var open = new TaskCompletionSource();
        parts.Video.Before = (_, token) => open.Task.WaitAsync(token);

        var readers = Enumerable.Range(0, 6).Select(i => parts.ReadAsync(i * 100L << 20, 2 << 20)).ToArray();
        Assert.Equal(2, parts.Video.Reads.Count);
        Assert.Equal(SpanCache.MinCapacityBytes, parts.Cache.AllocatedBytes);
        open.SetResult();

        for (var i = 0; i < 6; i++)
            Assert.True((await readers[i]).AsSpan().SequenceEqual(parts.Video.Plain(i * 100L << 20, 2 << 20)));
    }

    [Fact(Timeout = 30000)]
    public async Task A_reader_that_leaves_while_waiting_for_room_takes_none()
    {
        using var parts = await PlaybackParts.CreateAsync(BigPlan, new PlaybackSettings { CacheBytes = SpanCache.MinCapacityBytes });
        var open = new TaskCompletionSource();
        parts.Video.Before = (_, token) => open.Task.WaitAsync(token);
        var readers = Enumerable.Range(0, 2).Select(i => parts.ReadAsync(i * 100L << 20, PlaySpan.MaxBytes)).ToArray();
        using var leaving = new CancellationTokenSource();
        await using var stream = await parts.OpenAsync();
        stream.Position = 1L << 30;

        var left = stream.ReadAsync(new byte[10], leaving.Token).AsTask();
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        open.SetResult();

        await Task.WhenAll(readers);
        // What the two asked for, and nothing of the third one's.
        Assert.Equal(2 * PlaySpan.MaxSealedBytes, parts.Video.Reads.Sum(read => read.LengthBytes));
        Assert.DoesNotContain(parts.Video.Plan.At(1L << 30).Index, parts.Video.Reads.Select(read => read.Chunk));
    }

    [Fact(Timeout = 30000)]
    public async Task Readers_whose_ranges_overlap_fetch_no_block_twice()
    {
        using var parts = await PlaybackParts.CreateAsync(BigPlan, new PlaybackSettings { ReadAheadBytes = 1 << 20 });
        var open = new TaskCompletionSource();
        parts.Video.Before = (_, token) => open.Task.WaitAsync(token);
        (int Offset, int Length)[] ranges =
        [
            (5 * Block, 3 * Block),
            (Block / 2, 12 * Block),
            (7 * Block, 1),
            (0, 31 * Block),
            (6 * Block, 9 * Block),
        ];

        var readers = ranges.Select(range => parts.ReadAsync(range.Offset, range.Length)).ToArray();
        open.SetResult();

        for (var i = 0; i < ranges.Length; i++)
            Assert.True((await readers[i]).AsSpan().SequenceEqual(parts.Video.Plain(ranges[i].Offset, ranges[i].Length)));
        Assert.Equal(31 * SealedChunk.SealedBlockBytes, parts.Video.Reads.Sum(read => read.LengthBytes));
        Assert.Equal(Enumerable.Range(0, 31), parts.Video.Reads.SelectMany(PlaybackParts.BlocksOf).Select(block => block.Block).Order());
    }

    [Fact(Timeout = 30000)]
    public async Task Small_spans_take_small_buffers()
    {
        using var parts = await PlaybackParts.CreateAsync(
            ChunkSizes.Plan(10 << 20, SealedChunk.BlockBytes),
            new PlaybackSettings { CacheBytes = SpanCache.MinCapacityBytes, ReadAheadBytes = 0 }
        );

        await parts.ReadAsync(0, 10 * SealedChunk.BlockBytes);
        Assert.Equal(10 * SealedChunk.SealedBlockBytes, parts.Cache.AllocatedBytes);
        await parts.ReadAsync(0, 10 << 20);

        Assert.Equal(SpanCache.MinCapacityBytes, parts.Cache.AllocatedBytes);
        Assert.Equal(160, parts.Video.Reads.Count);
    }

    static void InterlockedMax(ref long target, long value)
    {
        for (var seen = Interlocked.Read(ref target); value > seen; )
        {
            var before = Interlocked.CompareExchange(ref target, value, seen);
            if (before == seen)
                return;
            seen = before;
        }
    }
}
