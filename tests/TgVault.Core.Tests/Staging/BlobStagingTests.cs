using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using TgVault.Core.Settings;
using TgVault.Core.Staging;
using TgVault.Core.Storage;
using TgVault.Core.Videos;
using TgVault.Testing;

namespace TgVault.Core.Tests.Staging;

[Collection(AzuriteCollection.Name)]
public sealed class BlobStagingTests(AzuriteFixture azurite) : StagingContract
{
    static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    readonly VaultSettings _settings = azurite.NewStorage();

    BlobContainerClient Uploads => new BlobServiceClient(_settings.Storage).GetBlobContainerClient(_settings.StoragePrefix + "staging");

    protected override async Task<IStaging> NewStaging() => await NewStaging(TimeProvider.System, new UploadSettings());

    protected override Task Upload(IStaging staging, string name, byte[] content) =>
        Uploads.GetBlobClient(name).UploadAsync(BinaryData.FromBytes(content), overwrite: true);

    [Fact(Timeout = 60_000)]
    public async Task An_upload_url_writes_its_blob_in_blocks_and_again()
    {
        var staging = await NewStaging();
        var id = VideoId.New(DateTimeOffset.UtcNow);
        var ticket = await staging.CreateUploadAsync(id, Hour, None);
        var client = new BlockBlobClient(ticket.Url);

        await client.StageBlockAsync("AAAA", new MemoryStream(Bytes(5)));
        await client.StageBlockAsync("AAAB", new MemoryStream(Bytes(6)));
        Assert.Null(await staging.FindAsync(StagingArea.Uploads, id.ToString(), None));
        await foreach (var _ in staging.ListUploadsAsync(None))
            Assert.Fail("An upload that has not been committed was listed.");
        await client.CommitBlockListAsync(["AAAA", "AAAB"]);
        await client.UploadAsync(new MemoryStream(Bytes(7)));

        Assert.Equal(7, (await staging.FindAsync(StagingArea.Uploads, id.ToString(), None))!.LengthBytes);
        Assert.InRange(ticket.Expires, DateTimeOffset.UtcNow + Hour - TimeSpan.FromMinutes(1), DateTimeOffset.UtcNow + Hour);
    }

    [Fact(Timeout = 60_000)]
    public async Task An_upload_url_can_do_nothing_else()
    {
        var staging = await NewStaging();
        var id = VideoId.New(DateTimeOffset.UtcNow);
        await Upload(staging, id.ToString(), Bytes(5));
        await Upload(staging, "other", Bytes(5));
        var url = (await staging.CreateUploadAsync(id, Hour, None)).Url;
        var own = new BlobClient(url);
        var other = new BlobClient(new BlobUriBuilder(url) { BlobName = "other" }.ToUri());
        var elsewhere = new BlobClient(new BlobUriBuilder(url) { BlobContainerName = _settings.StoragePrefix + "prepared" }.ToUri());
        var container = new BlobContainerClient(new BlobUriBuilder(url) { BlobName = "" }.ToUri());

        await Refused(() => own.DownloadContentAsync());
        await Refused(() => own.GetPropertiesAsync());
        await Refused(() => own.DeleteAsync());
        await Refused(() => own.GetTagsAsync());
        await Refused(() => other.UploadAsync(BinaryData.FromBytes(Bytes(1)), overwrite: true));
        await Refused(() => elsewhere.UploadAsync(BinaryData.FromBytes(Bytes(1)), overwrite: true));
        await Refused(async () =>
        {
            await foreach (var _ in container.GetBlobsAsync(new GetBlobsOptions(), CancellationToken.None)) { }
        });
        await Refused(() => container.GetPropertiesAsync());
        await own.UploadAsync(BinaryData.FromBytes(Bytes(6)), overwrite: true);
    }

    [Theory(Timeout = 60_000)]
    [InlineData(-61, false)]
    [InlineData(-59, true)]
    [InlineData(14, true)]
    [InlineData(16, false)]
    public async Task An_upload_url_works_from_a_quarter_of_an_hour_before_it_was_made_until_it_expires(int madeMinutesFromNow, bool works)
    {
        var staging = await NewStaging(new FakeTimeProvider(DateTimeOffset.UtcNow.AddMinutes(madeMinutesFromNow)), new UploadSettings());
        var client = new BlobClient((await staging.CreateUploadAsync(VideoId.New(DateTimeOffset.UtcNow), Hour, None)).Url);

        if (works)
            await client.UploadAsync(BinaryData.FromBytes(Bytes(5)));
        else
            await Refused(() => client.UploadAsync(BinaryData.FromBytes(Bytes(5))));
    }

    [Fact(Timeout = 60_000)]
    public async Task Listing_goes_on_past_one_page()
    {
        var staging = await NewStaging();
        await Parallel.ForEachAsync(
            Enumerable.Range(0, 501),
            new ParallelOptions { MaxDegreeOfParallelism = 16 },
            async (i, _) => await Upload(staging, $"{i}", [])
        );

        var listed = 0;
        await foreach (var _ in staging.ListUploadsAsync(None))
            listed++;

        Assert.Equal(501, listed);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_stream_of_unknown_length_is_saved_without_being_held_in_memory()
    {
        var staging = await NewStaging();
        const int Length = 160 << 20;
        // The SDK takes its blocks from the shared pool; a first pass fills that, so that the second shows what saving itself holds on to.
        await staging.SavePreparedAsync("warm", new Zeros(64 << 20), None);
        var stream = new Zeros(Length);

        var saved = await staging.SavePreparedAsync("name", stream, None);

        Assert.Equal(Length, saved.LengthBytes);
        Assert.InRange(stream.MostHeldBytes, 0, 96 << 20);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_save_whose_stream_breaks_leaves_the_former_blob()
    {
        var staging = await NewStaging();
        var former = await staging.SavePreparedAsync("name", new MemoryStream(Bytes(9)), None);

        await Assert.ThrowsAnyAsync<IOException>(() =>
            staging.SavePreparedAsync("name", new Zeros(64 << 20) { BreaksAt = 40 << 20 }, None)
        );

        Assert.Equal(former, await staging.FindAsync(StagingArea.Prepared, "name", None));
    }

    [Fact(Timeout = 60_000)]
    public async Task Browsers_of_the_given_sites_may_upload_and_the_rule_is_written_only_when_it_differs()
    {
        var requests = new CountingPolicy();
        var settings = new UploadSettings { Origins = ["https://one.example", "https://two.example"] };
        var staging = await NewStaging(TimeProvider.System, settings, requests);
        var url = (await staging.CreateUploadAsync(VideoId.New(DateTimeOffset.UtcNow), Hour, None)).Url;
        using var http = new HttpClient();

        using var allowed = await http.SendAsync(Preflight(url, "https://two.example"));
        using var refused = await http.SendAsync(Preflight(url, "https://three.example"));
        requests.Reset();
        await staging.PrepareAsync(None);

        Assert.True(allowed.IsSuccessStatusCode);
        Assert.Equal(["https://two.example"], allowed.Headers.GetValues("Access-Control-Allow-Origin"));
        Assert.False(refused.IsSuccessStatusCode);
        Assert.Equal(3, requests.Count);
    }

    async Task<IStaging> NewStaging(TimeProvider time, UploadSettings settings, params CountingPolicy[] policies)
    {
        var staging = new BlobStaging(StorageAccount.Connect(_settings, time, policies), settings, NullLogger<BlobStaging>.Instance);
        await staging.PrepareAsync(None);
        return staging;
    }

    static HttpRequestMessage Preflight(Uri url, string origin) =>
        new(HttpMethod.Options, url)
        {
            Headers =
            {
                { "Origin", origin },
                { "Access-Control-Request-Method", "PUT" },
                { "Access-Control-Request-Headers", "x-ms-blob-type" },
            },
        };

    static async Task Refused(Func<Task> call) => Assert.Equal(403, (await Assert.ThrowsAsync<RequestFailedException>(call)).Status);

    /// <summary>Zeros as a pipe would give them, noting how much memory was in use while they were read.</summary>
    sealed class Zeros(long length) : Stream
    {
        readonly long _before = GC.GetTotalMemory(forceFullCollection: true);
        long _given;

        public long BreaksAt { get; init; } = long.MaxValue;

        public long MostHeldBytes { get; private set; }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(Span<byte> buffer)
        {
            if (_given >= BreaksAt)
                throw new IOException("The pipe broke.");
            var count = (int)Math.Min(buffer.Length, length - _given);
            buffer[..count].Clear();
            if ((_given >> 24) != ((_given + count) >> 24))
                MostHeldBytes = Math.Max(MostHeldBytes, GC.GetTotalMemory(forceFullCollection: true) - _before);
            _given += count;
            return count;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            ValueTask.FromResult(Read(buffer.Span));

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            Task.FromResult(Read(buffer.AsSpan(offset, count)));

        public override void Flush() { }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
