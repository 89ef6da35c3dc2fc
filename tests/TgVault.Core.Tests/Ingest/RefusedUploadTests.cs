using Azure.Storage.Blobs.Specialized;
using TgVault.Core.Ingest;
using TgVault.Core.Library;
using TgVault.Core.Settings;
using TgVault.Core.Videos;
using TgVault.Testing;

namespace TgVault.Core.Tests.Ingest;

/// <summary>
/// What an upload URL of a storage account lets anybody send who has it, and what becomes of it: nothing is stored, the video says why, and
/// the blob goes.
/// </summary>
[Collection(AzuriteCollection.Name)]
public sealed class RefusedUploadTests(AzuriteFixture azurite)
{
    static readonly byte[] Text = [.. Enumerable.Range(0, 200_000).Select(i => (byte)(i * 7))];

    [Theory(Timeout = 60_000)]
    [InlineData(0)]
    [InlineData(199_999)]
    [InlineData(200_001)]
    [InlineData(1L << 40)]
    public async Task An_upload_of_another_length_than_announced(long announced)
    {
        await using var bench = await IngestBench.OpenAsync(azurite);
        var (id, arrived) = await bench.UploadAsync("film.mp4", Text, announced);

        await bench.RunAsync(arrived);

        await AssertRefusedAsync(bench, id, $"The upload has 200000 bytes but {announced} were announced");
    }

    [Fact(Timeout = 60_000)]
    public async Task An_upload_that_is_longer_than_the_vault_takes()
    {
        await using var bench = await IngestBench.OpenAsync(
            azurite,
            settings =>
                settings with
                {
                    Uploads = new UploadSettings { MaxBytes = Text.Length - 1, AdoptUnannounced = true },
                }
        );
        var (id, arrived) = await bench.UploadAsync("film.mp4", Text);
        var unannounced = await bench.PutBlobAsync("film.mp4", Text);

        await bench.RunAsync(arrived);
        await bench.RunAsync(unannounced);

        await AssertRefusedAsync(bench, id, "The upload has 200000 bytes, and 199999 are the most");
        Assert.Null(await bench.Staging.FindAsync(StagingArea.Uploads, "film.mp4", CancellationToken.None));
    }

    [Fact(Timeout = 60_000)]
    public async Task Pages_of_which_not_one_was_sent()
    {
        await using var bench = await IngestBench.OpenAsync(azurite);
        const long size = 300L << 20;
        var id = await AnnounceAsync(bench, size);
        await new PageBlobClient(await UrlAsync(bench, id)).CreateAsync(size);

        await RunAsync(bench, id);

        await AssertRefusedAsync(bench, id, "The upload is made as page blob, and only block blobs are taken.");
    }

    [Fact(Timeout = 60_000)]
    public async Task A_blob_that_is_appended_to()
    {
        await using var bench = await IngestBench.OpenAsync(azurite);
        var id = await AnnounceAsync(bench, Text.Length);
        var blob = new AppendBlobClient(await UrlAsync(bench, id));
        await blob.CreateAsync();
        await blob.AppendBlockAsync(new MemoryStream(Text));

        await RunAsync(bench, id);

        await AssertRefusedAsync(bench, id, "The upload is made as append blob, and only block blobs are taken.");
    }

    [Fact(Timeout = 60_000)]
    public async Task A_block_that_is_named_many_times()
    {
        await using var bench = await IngestBench.OpenAsync(azurite);
        const int times = 1000;
        var id = await AnnounceAsync(bench, (long)Text.Length * times);
        var blob = new BlockBlobClient(await UrlAsync(bench, id));
        await blob.StageBlockAsync("AAAA", new MemoryStream(Text));
        await blob.CommitBlockListAsync(Enumerable.Repeat("AAAA", times));

        await RunAsync(bench, id);

        await AssertRefusedAsync(bench, id, "The upload's block list names a block more than once.");
    }

    [Fact(Timeout = 60_000)]
    public async Task After_a_refusal_the_right_upload_is_taken_by_the_same_url()
    {
        await using var bench = await IngestBench.OpenAsync(azurite);
        var id = await AnnounceAsync(bench, Text.Length);
        var blob = new BlockBlobClient(await UrlAsync(bench, id));
        await blob.UploadAsync(new MemoryStream(Text[..^1]));
        await RunAsync(bench, id);

        await blob.StageBlockAsync("AAAA", new MemoryStream(Text, 0, 100_000));
        await blob.StageBlockAsync("AAAB", new MemoryStream(Text, 100_000, 100_000));
        await blob.CommitBlockListAsync(["AAAA", "AAAB"]);
        var outcome = await RunAsync(bench, id);

        Assert.Equal(StepResult.Done, outcome.Result);
        Assert.Equal(Text, await bench.PlayAsync(id));
    }

    [Fact(Timeout = 60_000)]
    public async Task Bytes_that_come_after_the_video_is_ready_make_no_second_one()
    {
        await using var bench = await IngestBench.OpenAsync(azurite);
        var (id, arrived) = await bench.UploadAsync("notes.txt", Text);
        await bench.RunAsync(arrived);
        var puts = bench.Store.Puts;

        await bench.RunAsync(await bench.PutBlobAsync(arrived.BlobName, [.. Text.Reverse()]));

        await AssertOnlyAsync(bench, id);
        Assert.Equal(Text, await bench.PlayAsync(id));
        Assert.Equal(puts, bench.Store.Puts);
        Assert.Null(await bench.Staging.FindAsync(StagingArea.Uploads, id.ToString(), CancellationToken.None));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_blob_that_nobody_announced_stays_where_it_is_and_makes_no_video()
    {
        await using var bench = await IngestBench.OpenAsync(azurite);
        var arrived = await bench.PutBlobAsync("holiday films/beach.mp4", Text);

        var outcome = await bench.RunAsync(arrived);

        Assert.Equal(StepResult.Abandoned, outcome.Result);
        Assert.Contains("TgVault__Uploads__AdoptUnannounced", outcome.Reason, StringComparison.Ordinal);
        await AssertOnlyAsync(bench, null);
        Assert.NotNull(await bench.Staging.FindAsync(StagingArea.Uploads, arrived.BlobName, CancellationToken.None));
    }

    static async Task<VideoId> AnnounceAsync(IngestBench bench, long size)
    {
        var id = VideoId.New(DateTimeOffset.UtcNow);
        await bench.Library.TryAddAsync(
            new Video
            {
                Id = id,
                Details = new VideoDetails { Name = "film.mp4" },
                Upload = new VideoUpload { SizeBytes = size },
                Updated = id.Created,
                Life = VideoLife.Announced,
            },
            CancellationToken.None
        );
        return id;
    }

    static async Task<Uri> UrlAsync(IngestBench bench, VideoId id) =>
        (await bench.Staging.CreateUploadAsync(id, TimeSpan.FromHours(1), CancellationToken.None)).Url;

    static async Task<IngestOutcome> RunAsync(IngestBench bench, VideoId id)
    {
        var blob = await bench.Staging.FindAsync(StagingArea.Uploads, id.ToString(), CancellationToken.None);
        return await bench.RunAsync(new IngestRequest(blob!.Name, blob.ETag));
    }

    static async Task AssertRefusedAsync(IngestBench bench, VideoId id, string why)
    {
        var video = await bench.ShowAsync(id);
        Assert.Equal(VideoStatus.Failed, video.Life.Status);
        Assert.StartsWith(why, video.Life.Failure, StringComparison.Ordinal);
        Assert.Null(await bench.Staging.FindAsync(StagingArea.Uploads, id.ToString(), CancellationToken.None));
        Assert.Equal(0, bench.Store.Puts);
        Assert.Empty(await bench.ListPreparedAsync());
    }

    static async Task AssertOnlyAsync(IngestBench bench, VideoId? id) =>
        Assert.Equal(
            id is { } one ? [one] : [],
            (await bench.Library.ListAsync(new VideoQuery(null, null, 10, null), CancellationToken.None)).Videos.Select(video => video.Id)
        );
}
