using TgVault.Core.Staging.Folder;
using TgVault.Core.Videos;

namespace TgVault.Core.Tests.Staging.Folder;

/// <summary>What HTTP does not show: time, the disk, and many at once.</summary>
public sealed class FolderUploadsTests : IDisposable
{
    readonly FolderBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact(Timeout = 60_000)]
    public async Task Blocks_that_nobody_commits_go_a_week_after_the_last_one_came()
    {
        var staging = await _bench.StartAsync();
        await _bench.PutBlockAsync("left", 0, new byte[5], 10);
        await _bench.PutBlockAsync("going", 0, new byte[5], 10);
        await _bench.PutAsync("done", new byte[3]);
        Age(TimeSpan.FromDays(7));
        await _bench.PutBlockAsync("going", 1, new byte[5], 10);

        _bench.Time.Advance(TimeSpan.FromMinutes(1));
        await staging.SweepAsync(CancellationToken.None);

        Assert.DoesNotContain(_bench.Files(), file => file.Contains("left", StringComparison.Ordinal));
        Assert.False(Directory.Exists(Path.Combine(_bench.Folder, "uploads", "left")));
        await _bench.PutListAsync("going", 10, [0, 1]);
        Assert.NotNull(await staging.FindAsync(StagingArea.Uploads, "done", CancellationToken.None));
        var refused = await Assert.ThrowsAsync<UploadRefusedException>(() => _bench.PutListAsync("left", 5, [0]));
        Assert.Equal(UploadRefusal.InvalidBlockList, refused.Refusal);
    }

    [Fact(Timeout = 60_000)]
    public async Task Blocks_of_an_upload_that_nobody_wants_go_at_once()
    {
        var staging = await _bench.StartAsync();
        var id = VideoId.New(DateTimeOffset.UtcNow);
        await _bench.PutBlockAsync(id.ToString(), 0, new byte[5], 10);

        await staging.DiscardUploadAsync(id, CancellationToken.None);

        Assert.Empty(_bench.Files());
        await _bench.PutBlockAsync(id.ToString(), 1, new byte[5], 10);
        var refused = await Assert.ThrowsAsync<UploadRefusedException>(() => _bench.PutListAsync(id.ToString(), 10, [0, 1]));
        Assert.Equal(UploadRefusal.InvalidBlockList, refused.Refusal);
    }

    [Fact(Timeout = 60_000)]
    public async Task Blocks_wait_across_a_restart()
    {
        await _bench.StartAsync();
        await _bench.PutBlockAsync("upload", 0, new byte[5], 10);
        await _bench.StartAsync();
        await _bench.PutBlockAsync("upload", 1, new byte[5], 10);

        var blob = await _bench.PutListAsync("upload", 10, [0, 1]);

        Assert.Equal(10, blob.LengthBytes);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_disk_without_room_is_told_before_a_byte_is_read_and_the_upload_goes_on_afterwards()
    {
        await _bench.StartAsync();
        const long Much = 1L << 55;
        var refused = await Assert.ThrowsAsync<UploadRefusedException>(() =>
            _bench.Uploads.PutBlockAsync(
                FolderBench.Target("upload", Much),
                FolderBench.Id(0),
                new UploadContent(new UnreadStream(), Much),
                CancellationToken.None
            )
        );

        Assert.Equal(UploadRefusal.DiskFull, refused.Refusal);
        Assert.Empty(_bench.Files());
        await _bench.PutBlockAsync("upload", 0, new byte[5], 5);
        Assert.Equal(5, (await _bench.PutListAsync("upload", 5, [0])).LengthBytes);
    }

    [Theory(Timeout = 60_000)]
    [InlineData(4)]
    [InlineData(6)]
    public async Task A_body_of_another_length_than_said_is_not_kept(int sent)
    {
        await _bench.StartAsync();

        var refused = await Assert.ThrowsAsync<UploadRefusedException>(() =>
            _bench.Uploads.PutBlockAsync(
                FolderBench.Target("upload", 10),
                FolderBench.Id(0),
                new UploadContent(new MemoryStream(new byte[sent]), 5),
                CancellationToken.None
            )
        );

        Assert.Equal(UploadRefusal.Incomplete, refused.Refusal);
        Assert.Empty(_bench.Files());
    }

    [Fact(Timeout = 60_000)]
    public async Task What_arrives_at_once_is_bounded_and_what_ends_makes_room()
    {
        await _bench.StartAsync();
        const int Announced = 40 << 20;
        using var never = new CancellationTokenSource();
        var hanging = Enumerable
            .Range(0, 3)
            .Select(id =>
                _bench.Uploads.PutBlockAsync(
                    FolderBench.Target("upload", Announced),
                    FolderBench.Id(id),
                    new UploadContent(new HangingStream(), Announced),
                    never.Token
                )
            )
            .ToList();

        var refused = await Assert.ThrowsAsync<UploadRefusedException>(() =>
            _bench.PutBlockAsync("upload", 3, new byte[Announced], Announced)
        );
        Assert.Equal(UploadRefusal.Busy, refused.Refusal);
        await never.CancelAsync();
        foreach (var one in hanging)
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => one);
        await _bench.PutBlockAsync("upload", 3, new byte[Announced], Announced);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_client_that_is_gone_does_not_hold_its_place()
    {
        await _bench.StartAsync();

        var refused = await Assert.ThrowsAsync<UploadRefusedException>(() =>
            _bench.Uploads.PutBlockAsync(
                FolderBench.Target("upload", 10),
                FolderBench.Id(0),
                new UploadContent(new HangingStream(), 10) { LongestPause = TimeSpan.FromMilliseconds(20) },
                CancellationToken.None
            )
        );

        Assert.Equal(UploadRefusal.Incomplete, refused.Refusal);
        Assert.Empty(_bench.Files());
    }

    [Fact(Timeout = 60_000)]
    public async Task Block_ids_of_an_upload_have_one_length()
    {
        await _bench.StartAsync();
        await _bench.PutBlockAsync("upload", 0, new byte[5], 10);

        var refused = await Assert.ThrowsAsync<UploadRefusedException>(() =>
            _bench.Uploads.PutBlockAsync(FolderBench.Target("upload", 10), "AAAA", FolderBench.Content(new byte[5]), CancellationToken.None)
        );

        Assert.Equal(UploadRefusal.InvalidBlock, refused.Refusal);
    }

    [Fact(Timeout = 60_000)]
    public async Task Many_at_once_leave_each_block_whole_and_what_is_read_is_one_version()
    {
        const int Blocks = 40;
        const int BlockBytes = 5000;
        var staging = await _bench.StartAsync();
        // Every write of a block is of one byte's value, so a mixture would show.
        await Parallel.ForEachAsync(
            Enumerable.Range(0, Blocks * 5),
            new ParallelOptions { MaxDegreeOfParallelism = 8 },
            async (i, _) =>
            {
                var block = new byte[BlockBytes];
                Array.Fill(block, (byte)i);
                await _bench.PutBlockAsync("upload", i % Blocks, block, Blocks * BlockBytes);
                if (i % 50 == 49)
                    await CommitIfAllAreThereAsync();
            }
        );
        await _bench.PutListAsync("upload", Blocks * BlockBytes, [.. Enumerable.Range(0, Blocks)]);

        var blob = (await staging.FindAsync(StagingArea.Uploads, "upload", CancellationToken.None))!;
        var content = new byte[blob.LengthBytes];
        await staging.ReadAsync(blob, 0, content, CancellationToken.None);

        Assert.All(
            content.Chunk(BlockBytes).Select((block, index) => (block, index)),
            one =>
            {
                Assert.Single(one.block.Distinct());
                Assert.Equal(one.index, one.block[0] % Blocks);
            }
        );
        Assert.Equal(Blocks + 1, _bench.Files().Length);

        async Task CommitIfAllAreThereAsync()
        {
            try
            {
                await _bench.PutListAsync("upload", Blocks * BlockBytes, [.. Enumerable.Range(0, Blocks)]);
            }
            catch (UploadRefusedException refused) when (refused.Refusal == UploadRefusal.InvalidBlockList)
            {
                // Too early.
            }
        }
    }

    /// <summary>Lets so much time pass since everything that is there was written.</summary>
    void Age(TimeSpan time)
    {
        foreach (var file in _bench.Files())
            File.SetLastWriteTimeUtc(file, File.GetLastWriteTimeUtc(file) - time);
    }

    sealed class UnreadStream : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            throw new InvalidOperationException("It was read.");
    }

    sealed class HangingStream : MemoryStream
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return 0;
        }
    }
}
