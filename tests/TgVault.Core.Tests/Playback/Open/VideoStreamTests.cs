using TgVault.Core.Chunks;
using TgVault.Core.Crypto;
using TgVault.Core.Mp4.Boxes;
using TgVault.Core.Playback.Spans;
using TgVault.Core.Settings;

namespace TgVault.Core.Tests.Playback.Open;

public sealed class VideoStreamTests
{
    const int Block = SealedChunk.BlockBytes;
    const int Span = PlaySpan.MaxBytes;
    const int Chunk = 17 * Block;
    static readonly int Length = (int)PlaybackParts.Plan.LengthBytes;

    public static TheoryData<int, int> Ranges()
    {
        var data = new TheoryData<int, int>();
        int[] edges = [0, Block, Span, 2 * Span, Chunk, Chunk + Span, 2 * Chunk, 2 * Chunk + Block, Length];
        var starts = edges
            .SelectMany(edge => new[] { edge - 1, edge, edge + 1 })
            .Where(start => start >= 0 && start <= Length + 1)
            .Distinct();
        foreach (var start in starts)
        {
            foreach (var length in new[] { 0, 1, Block - 1, Block, Block + 1, Span + 1, Chunk, Length })
                data.Add(start, length);
        }

        return data;
    }

    [Theory(Timeout = 30000)]
    [MemberData(nameof(Ranges))]
    public async Task A_range_equals_the_plaintext_and_costs_the_blocks_that_it_touches(int offset, int length)
    {
        using var parts = await PlaybackParts.CreateAsync(settings: new PlaybackSettings { ReadAheadBytes = 1 << 20 });

        var bytes = await parts.ReadAsync(offset, length);

        Assert.True(bytes.AsSpan().SequenceEqual(parts.Video.Plain(offset, length)));
        Assert.Equal(
            PlaybackParts.BlocksOf(parts.Video.Plan, offset, length),
            parts.Video.Reads.SelectMany(PlaybackParts.BlocksOf).Order()
        );
    }

    [Fact(Timeout = 30000)]
    public async Task Reading_goes_on_behind_where_it_was_said_to_end()
    {
        using var parts = await PlaybackParts.CreateAsync(settings: new PlaybackSettings { ReadAheadBytes = 1 << 20 });
        await using var stream = await parts.OpenAsync();
        stream.ReadEnd = 2;

        var bytes = await PlaybackParts.ReadAsync(stream, Length);

        Assert.True(bytes.AsSpan().SequenceEqual(parts.Video.Plain(0, Length)));
        // One block that was told of, and then whole spans.
        Assert.Equal(7, parts.Video.Reads.Count);
    }

    [Fact(Timeout = 30000)]
    public async Task What_lies_scattered_is_fetched_at_the_same_time_and_nothing_between_it()
    {
        using var parts = await PlaybackParts.CreateAsync(ChunkSizes.Plan(256 << 20, 0), new PlaybackSettings { ReadAheadBytes = 1 << 20 });
        SourceRange[] ranges = [.. Enumerable.Range(0, 20).Select(i => new SourceRange((i * 1_000_000L) + 17, 20_000))];
        var open = new TaskCompletionSource();
        parts.Video.Before = (_, token) => open.Task.WaitAsync(token);
        await using var stream = await parts.OpenAsync();
        stream.Expect(ranges);

        var first = stream.ReadAsync(new byte[1]).AsTask();
        Assert.Equal(9, parts.Video.Reads.Count);
        open.SetResult();
        await first;

        foreach (var range in ranges)
        {
            stream.Position = range.Offset;
            var bytes = await PlaybackParts.ReadAsync(stream, (int)range.LengthBytes);
            Assert.True(bytes.AsSpan().SequenceEqual(parts.Video.Plain(range.Offset, range.LengthBytes)));
        }

        Assert.Equal(
            ranges.SelectMany(range => PlaybackParts.BlocksOf(parts.Video.Plan, range.Offset, range.LengthBytes)),
            parts.Video.Reads.SelectMany(PlaybackParts.BlocksOf).Order()
        );
    }

    [Theory(Timeout = 30000)]
    [InlineData(0)]
    [InlineData(1 << 20)]
    [InlineData(16 << 20)]
    public async Task A_whole_file_read_in_order_fetches_every_sealed_byte_once(int readAhead)
    {
        using var parts = await PlaybackParts.CreateAsync(settings: new PlaybackSettings { ReadAheadBytes = readAhead });

        var bytes = await parts.ReadAsync(0, Length);

        Assert.True(bytes.AsSpan().SequenceEqual(parts.Video.Plain(0, Length)));
        Assert.Equal(7, parts.Video.Reads.Count);
        Assert.Equal(parts.Video.Reads.Count, parts.Video.Reads.Distinct().Count());
        Assert.Equal(
            Enumerable.Range(0, 3).Sum(i => SealedChunk.SealedLength(PlaybackParts.Plan[i].LengthBytes) - SealedChunk.HeaderBytes),
            parts.Video.Reads.Sum(read => read.LengthBytes)
        );
    }

    [Fact(Timeout = 30000)]
    public async Task A_range_far_into_two_gibibytes_costs_what_one_at_the_start_costs()
    {
        var plan = ChunkSizes.Plan(2L << 30, 0);
        var costs = new List<(int Fetches, long Bytes, int Pages, int Rows)>();
        foreach (var offset in new[] { 0, 1L << 30, (2L << 30) - 1_000_000 })
        {
            using var parts = await PlaybackParts.CreateAsync(plan);

            var bytes = await parts.ReadAsync(offset, 100);

            Assert.True(bytes.AsSpan().SequenceEqual(parts.Video.Plain(offset, 100)));
            costs.Add(
                (parts.Video.Reads.Count, parts.Video.Reads.Sum(read => read.LengthBytes), parts.Rows.PagesRead, parts.Rows.RowsRead)
            );
        }

        Assert.Equal([(1, SealedChunk.SealedBlockBytes, 1, 1)], costs.Distinct());
    }

    [Fact(Timeout = 30000)]
    public async Task Nothing_is_fetched_ahead_of_a_small_range()
    {
        using var parts = await PlaybackParts.CreateAsync(settings: new PlaybackSettings { ReadAheadBytes = 4 << 20 });

        await parts.ReadAsync(0, 2);

        Assert.Single(parts.Video.Reads);
    }

    [Fact(Timeout = 30000)]
    public async Task A_reader_who_says_no_end_is_read_ahead_for_once_it_reads_in_order()
    {
        using var parts = await PlaybackParts.CreateAsync(settings: new PlaybackSettings { ReadAheadBytes = 1 });
        await using var stream = await parts.OpenAsync();

        await PlaybackParts.ReadAsync(stream, Span);
        Assert.Single(parts.Video.Reads);
        await PlaybackParts.ReadAsync(stream, 1);

        await parts.Video.Read.UntilAsync(() => parts.Video.Reads.Count == 3);
    }

    [Fact(Timeout = 30000)]
    public async Task Leaving_cancels_what_was_fetched_ahead()
    {
        using var parts = await PlaybackParts.CreateAsync(settings: new PlaybackSettings { ReadAheadBytes = Span });
        var cancelled = new TaskCompletionSource();
        parts.Video.Before = async (read, token) =>
        {
            if (read.Offset == SealedChunk.BlockOffset(0))
                return;
            token.Register(cancelled.SetResult);
            await Task.Delay(Timeout.Infinite, token);
        };
        var stream = await parts.OpenAsync();
        stream.ReadEnd = Length;
        await PlaybackParts.ReadAsync(stream, 1);

        await stream.DisposeAsync();

        await cancelled.Task;
    }

    [Fact(Timeout = 30000)]
    public async Task A_reader_is_held_while_the_store_makes_us_wait()
    {
        using var parts = await PlaybackParts.CreateAsync(settings: new PlaybackSettings { ReadAheadBytes = 0, HoldSeconds = 60 });
        var failures = 1;
        parts.Video.Before = (_, _) =>
            failures-- > 0
                ? throw new ChunkStoreException(ChunkStoreFailure.Transient, "flood", TimeSpan.FromSeconds(40))
                : Task.CompletedTask;

        var reading = parts.ReadAsync(0, 10);
        parts.Time.Advance(TimeSpan.FromSeconds(39));
        await Task.Yield();
        Assert.False(reading.IsCompleted);
        Assert.Single(parts.Video.Reads);
        parts.Time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(parts.Video.Plain(0, 10), await reading);
    }

    [Fact(Timeout = 30000)]
    public async Task A_wait_longer_than_the_hold_ends_the_read_when_the_hold_ends()
    {
        using var parts = await PlaybackParts.CreateAsync(settings: new PlaybackSettings { ReadAheadBytes = 0, HoldSeconds = 60 });
        parts.Video.Before = (_, _) => throw new ChunkStoreException(ChunkStoreFailure.Transient, "flood", TimeSpan.FromHours(1));

        var reading = parts.ReadAsync(0, 10);
        Assert.False(reading.IsCompleted);
        parts.Time.Advance(TimeSpan.FromSeconds(60));

        await Assert.ThrowsAsync<ChunkStoreException>(() => reading);
        Assert.Single(parts.Video.Reads);
    }

    [Theory(Timeout = 30000)]
    [InlineData(ChunkStoreFailure.Permanent)]
    [InlineData(ChunkStoreFailure.Gone)]
    public async Task A_lasting_failure_is_thrown_at_once(ChunkStoreFailure failure)
    {
        using var parts = await PlaybackParts.CreateAsync();
        parts.Video.Before = (_, _) => throw new ChunkStoreException(failure, "no");

        Assert.Equal(failure, (await Assert.ThrowsAsync<ChunkStoreException>(() => parts.ReadAsync(0, 10))).Failure);
    }

    [Fact(Timeout = 30000)]
    public async Task A_cancelled_read_ends_and_cancels_its_fetch()
    {
        using var parts = await PlaybackParts.CreateAsync();
        using var leaving = new CancellationTokenSource();
        var cancelled = new TaskCompletionSource();
        parts.Video.Before = async (_, token) =>
        {
            token.Register(cancelled.SetResult);
            await Task.Delay(Timeout.Infinite, token);
        };
        await using var stream = await parts.OpenAsync();

        var reading = stream.ReadAsync(new byte[10], leaving.Token).AsTask();
        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
        await cancelled.Task;
    }

    [Fact(Timeout = 30000)]
    public async Task It_seeks_and_says_its_length_but_neither_writes_nor_blocks()
    {
        using var parts = await PlaybackParts.CreateAsync();
        await using var stream = await parts.OpenAsync();

        Assert.Equal(Length, stream.Length);
        Assert.Equal(Length - 5, stream.Seek(-5, SeekOrigin.End));
        Assert.Equal(Length - 3, stream.Seek(2, SeekOrigin.Current));
        Assert.Equal(parts.Video.Plain(Length - 3, 3), await PlaybackParts.ReadAsync(stream, 10));
        Assert.Throws<IOException>(() => stream.Seek(-1, SeekOrigin.Begin));
        Assert.Throws<NotSupportedException>(() => stream.ReadByte());
        Assert.Throws<NotSupportedException>(() => stream.WriteByte(1));
    }
}
