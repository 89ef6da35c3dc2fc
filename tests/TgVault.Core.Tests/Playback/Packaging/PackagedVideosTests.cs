using Microsoft.Extensions.Logging.Abstractions;
using TgVault.Core.Chunks;
using TgVault.Core.Library;
using TgVault.Core.Mp4.Fragments;
using TgVault.Core.Playback.Packaging;
using TgVault.Core.Settings;
using TgVault.Core.Videos;
using TgVault.Testing;
using TgVault.Testing.Playback;

namespace TgVault.Core.Tests.Playback.Packaging;

public sealed class PackagedVideosTests
{
    [Fact(Timeout = 60_000)]
    public async Task However_many_ask_one_index_is_built()
    {
        using var parts = await CreateAsync();
        using var cache = new PackagedVideos(
            parts.Reader,
            PackagedVideos.DefaultBytes,
            TimeProvider.System,
            NullLogger<PackagedVideos>.Instance
        );
        var go = new TaskCompletionSource();
        parts.Video.Before = (_, token) => go.Task.WaitAsync(token);

        var asking = Enumerable.Range(0, 20).Select(_ => cache.GetAsync(parts.Video.Row, 0, CancellationToken.None).AsTask()).ToArray();
        go.SetResult();
        var packaged = await Task.WhenAll(asking);

        Assert.Single(packaged.Distinct());
        Assert.Same(packaged[0], await cache.GetAsync(parts.Video.Row, 0, CancellationToken.None));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_build_that_failed_is_not_kept()
    {
        using var parts = await CreateAsync();
        using var cache = new PackagedVideos(
            parts.Reader,
            PackagedVideos.DefaultBytes,
            TimeProvider.System,
            NullLogger<PackagedVideos>.Instance
        );
        parts.Video.Before = (_, _) => throw new ChunkStoreException(ChunkStoreFailure.Permanent, "No.");
        await Assert.ThrowsAsync<ChunkStoreException>(() => cache.GetAsync(parts.Video.Row, 0, CancellationToken.None).AsTask());
        parts.Video.Before = (_, _) => Task.CompletedTask;

        Assert.Equal(2, (await cache.GetAsync(parts.Video.Row, 0, CancellationToken.None)).Index.Tracks.Length);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_build_goes_on_as_long_as_one_waits_and_ends_with_the_last()
    {
        using var parts = await CreateAsync();
        using var cache = new PackagedVideos(
            parts.Reader,
            PackagedVideos.DefaultBytes,
            TimeProvider.System,
            NullLogger<PackagedVideos>.Instance
        );
        using CancellationTokenSource first = new(),
            second = new();
        var ended = new TaskCompletionSource();
        parts.Video.Before = async (_, token) =>
        {
            try
            {
                await Task.Delay(Timeout.Infinite, token);
            }
            finally
            {
                ended.TrySetResult();
            }
        };
        var asking = new[]
        {
            cache.GetAsync(parts.Video.Row, 0, first.Token).AsTask(),
            cache.GetAsync(parts.Video.Row, 0, second.Token).AsTask(),
        };
        await parts.Video.Read.UntilAsync(() => parts.Video.Reads.Count > 0);

        await first.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking[0]);
        Assert.False(ended.Task.IsCompleted);
        await second.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking[1]);
        await ended.Task;

        parts.Video.Before = (_, _) => Task.CompletedTask;
        Assert.NotNull(await cache.GetAsync(parts.Video.Row, 0, CancellationToken.None));
    }

    [Fact(Timeout = 60_000)]
    public async Task What_does_not_fit_gives_way_to_what_is_asked_for()
    {
        using var parts = await CreateAsync();
        using var otherVideo = await SyntheticVideo.AddAsync(
            parts.Rows,
            parts.Keys.Current,
            parts.Video.Plan,
            content: parts.Video.Plain(0, parts.Video.Plan.LengthBytes)
        );
        var store = new OneOfTwo { Current = parts.Video };
        using var reader = parts.NewReader(store);
        using var small = new PackagedVideos(reader, 1, TimeProvider.System, NullLogger<PackagedVideos>.Instance);
        var first = await small.GetAsync(parts.Video.Row, 0, CancellationToken.None);
        Assert.Same(first, await small.GetAsync(parts.Video.Row, 0, CancellationToken.None));

        MediaSegment.Find(first.Index, 0, 0);
        Assert.NotEqual(0, small.Pages.KeptBytes);

        store.Current = otherVideo;
        var second = await small.GetAsync(otherVideo.Row, 0, CancellationToken.None);
        Assert.Same(second, await small.GetAsync(otherVideo.Row, 0, CancellationToken.None));
        Assert.Equal(0, small.Pages.KeptBytes);

        store.Current = parts.Video;
        Assert.NotSame(first, await small.GetAsync(parts.Video.Row, 0, CancellationToken.None));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_row_that_is_not_the_videos_any_more_is_refused()
    {
        using var parts = await CreateAsync();
        using var cache = new PackagedVideos(
            parts.Reader,
            PackagedVideos.DefaultBytes,
            TimeProvider.System,
            NullLogger<PackagedVideos>.Instance
        );
        await parts.Rows.ChangeAsync(parts.Video.Row.Id, row => row with { Life = row.Life.With(attempt: 2) }, CancellationToken.None);

        await Assert.ThrowsAsync<VaultException>(() => cache.GetAsync(parts.Video.Row, 0, CancellationToken.None).AsTask());
        Assert.Empty(parts.Video.Reads);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_row_whose_attempt_is_forged_is_refused()
    {
        using var parts = await CreateAsync();
        using var cache = new PackagedVideos(
            parts.Reader,
            PackagedVideos.DefaultBytes,
            TimeProvider.System,
            NullLogger<PackagedVideos>.Instance
        );

        await Assert.ThrowsAsync<IntegrityException>(() =>
            cache.GetAsync(parts.Video.Row with { Life = parts.Video.Row.Life.With(attempt: 2) }, 0, CancellationToken.None).AsTask()
        );
    }

    [Fact(Timeout = 60_000)]
    public async Task What_is_no_MP4_is_refused_and_not_read_again_for_a_while_nor_before_the_row_changes()
    {
        // What is opened does not stay, so that each try would be seen by the store.
        using var parts = await PlaybackParts.CreateAsync(settings: new PlaybackSettings { ReadAheadBytes = 0, CacheBytes = 0 });
        using var cache = new PackagedVideos(parts.Reader, PackagedVideos.DefaultBytes, parts.Time, NullLogger<PackagedVideos>.Instance);
        var row = parts.Video.Row;
        var first = await FailAsync(row, readsAgain: true);

        Assert.Equal(first, await FailAsync(row, readsAgain: false));
        await FailAsync(row with { RowVersion = "another" }, readsAgain: true);
        parts.Time.Advance(TimeSpan.FromMinutes(4));
        Assert.Equal(first, await FailAsync(row, readsAgain: false));
        parts.Time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(first, await FailAsync(row, readsAgain: true));

        async Task<string> FailAsync(Video video, bool readsAgain)
        {
            await parts.ReadAsync(PlaybackParts.Plan[1].Offset, PlaybackParts.Plan[1].LengthBytes);
            var reads = parts.Video.Reads.Count;
            var failure = await Assert.ThrowsAsync<MediaException>(() => cache.GetAsync(video, 0, CancellationToken.None).AsTask());
            Assert.Equal(readsAgain, parts.Video.Reads.Count > reads);
            return failure.Message;
        }
    }

    [Theory(Timeout = 60_000)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_index_whose_document_is_gone_or_damaged_is_not_read_again_for_a_minute(bool isGone)
    {
        using var parts = await CreateAsync();
        using var cache = new PackagedVideos(parts.Reader, PackagedVideos.DefaultBytes, parts.Time, NullLogger<PackagedVideos>.Instance);
        if (isGone)
            parts.Video.Before = (_, _) => throw new ChunkStoreException(ChunkStoreFailure.Gone, "No.");
        else
            parts.Video.Damage = (_, bytes) => bytes.Span[0] ^= 1;
        var first = await Assert.ThrowsAnyAsync<VaultException>(() => cache.GetAsync(parts.Video.Row, 0, CancellationToken.None).AsTask());
        var reads = parts.Video.Reads.Count;

        var again = await Assert.ThrowsAnyAsync<VaultException>(() => cache.GetAsync(parts.Video.Row, 0, CancellationToken.None).AsTask());

        Assert.Equal((first.GetType(), first.Message), (again.GetType(), again.Message));
        Assert.Equal(reads, parts.Video.Reads.Count);
        (parts.Video.Before, parts.Video.Damage) = ((_, _) => Task.CompletedTask, (_, _) => { });
        parts.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(2, (await cache.GetAsync(parts.Video.Row, 0, CancellationToken.None)).Index.Tracks.Length);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_part_reads_the_same_from_anywhere_in_pieces_of_any_size()
    {
        using var parts = await CreateAsync();
        using var cache = new PackagedVideos(
            parts.Reader,
            PackagedVideos.DefaultBytes,
            TimeProvider.System,
            NullLogger<PackagedVideos>.Instance
        );
        var packaged = await cache.GetAsync(parts.Video.Row, 0, CancellationToken.None);
        await using var segment = PartStream.Of(MediaSegment.Find(packaged.Index, 1, 0)!, await parts.OpenAsync());
        await using var whole = PartStream.Of(packaged.Fragmented, await parts.OpenAsync());
        foreach (var stream in (PartStream[])[segment, whole])
        {
            var expected = new byte[stream.Length];
            await stream.ReadExactlyAsync(expected);
            Assert.Equal(0, await stream.ReadAsync(new byte[1]));
            var random = new Random(6);
            for (var i = 0; i < 50; i++)
            {
                stream.Seek(random.Next(expected.Length), SeekOrigin.Begin);
                for (var j = 0; j < 3; j++)
                {
                    var from = (int)stream.Position;
                    var bytes = new byte[random.Next(1, 3000)];
                    var count = await stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false);
                    Assert.Equal(Math.Min(bytes.Length, expected.Length - from), count);
                    Assert.Equal(expected.AsSpan(from, count), bytes.AsSpan(0, count));
                }
            }
        }
    }

    static async Task<PlaybackParts> CreateAsync() =>
        await PlaybackParts.CreateAsync(content: await File.ReadAllBytesAsync(await Mp4Clips.PathAsync("h264-bframes.mp4")));

    // Receipts of both videos look the same, so the test says whose are read.
    sealed class OneOfTwo : IChunkStore
    {
        public required SyntheticVideo Current { get; set; }

        public Task<ChunkReceipt> PutAsync(ChunkDocument document, CancellationToken cancellationToken) =>
            Current.PutAsync(document, cancellationToken);

        public Task ReadAsync(ChunkReceipt receipt, long offset, Memory<byte> destination, CancellationToken cancellationToken) =>
            Current.ReadAsync(receipt, offset, destination, cancellationToken);

        public Task<bool> DeleteAsync(ChunkReceipt receipt, CancellationToken cancellationToken) =>
            Current.DeleteAsync(receipt, cancellationToken);
    }
}
