using System.Runtime.CompilerServices;
using Azure;
using Azure.Storage;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Azure.Storage.Sas;
using Microsoft.Extensions.Logging;
using TgVault.Core.Settings;
using TgVault.Core.Storage;
using TgVault.Core.Videos;

namespace TgVault.Core.Staging;

/// <summary>
/// Staging in two containers of a storage account: <c>staging</c> for uploads and <c>prepared</c> for what ingest makes of them.
/// </summary>
sealed class BlobStaging(StorageAccount account, UploadSettings settings, ILogger<BlobStaging> log) : IStaging
{
    const int PageSize = 500;
    const int MostBlocks = 50_000;
    const long SmallBlockBytes = 8 << 20;

    // Saving holds at most two buffers of this size. 50 000 such blocks make 1.1 TiB, more than the largest upload allowed by default.
    const long LargeBlockBytes = 24 << 20;

    readonly BlobContainerClient _uploads = account.Blobs.GetBlobContainerClient(account.Prefix + "staging");
    readonly BlobContainerClient _prepared = account.Blobs.GetBlobContainerClient(account.Prefix + "prepared");

    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        await _uploads.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
        await _prepared.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
        await new UploadOrigins(account.Blobs, settings.Origins, log).AllowAsync(cancellationToken);
    }

    public async Task<UploadPermit> CreateUploadAsync(VideoId id, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        var (url, expires) = await account.Signer.SignAsync(
            _uploads.GetBlobClient(id.ToString()),
            BlobSasPermissions.Create | BlobSasPermissions.Write,
            lifetime,
            cancellationToken
        );
        return new UploadPermit(url, expires);
    }

    public async Task<long?> MeasureUploadAsync(VideoId id, CancellationToken cancellationToken)
    {
        try
        {
            var blob = _uploads.GetBlockBlobClient(id.ToString());
            var list = await blob.GetBlockListAsync(BlockListTypes.Uncommitted, cancellationToken: cancellationToken);
            return list.Value.UncommittedBlocks.Sum(block => block.SizeLong);
        }
        catch (RequestFailedException exception) when (exception.Status == 404)
        {
            return 0;
        }
    }

    public Uri? UploadOrigin => account.Blobs.Uri;

    public IAsyncEnumerable<StagedBlob> ListUploadsAsync(CancellationToken cancellationToken) =>
        ListAsync(StagingArea.Uploads, start: null, cancellationToken);

    public IAsyncEnumerable<StagedBlob> ListPreparedAsync(string start, CancellationToken cancellationToken) =>
        ListAsync(StagingArea.Prepared, start, cancellationToken);

    public async Task<StagedBlob?> FindAsync(StagingArea area, string name, CancellationToken cancellationToken)
    {
        try
        {
            var found = (await Container(area).GetBlobClient(name).GetPropertiesAsync(cancellationToken: cancellationToken)).Value;
            return Staged(area, name, found.ETag, found.ContentLength, found.LastModified);
        }
        catch (RequestFailedException exception) when (exception.Status == 404)
        {
            return null;
        }
    }

    public async Task<string?> FindFaultAsync(StagedBlob upload, CancellationToken cancellationToken)
    {
        var container = Container(upload.Area);
        try
        {
            var unchanged = new BlobRequestConditions { IfMatch = new ETag(upload.ETag) };
            var found = (await container.GetBlobClient(upload.Name).GetPropertiesAsync(unchanged, cancellationToken)).Value;
            // Of pages nothing need ever have come: an empty request makes terabytes.
            if (found.BlobType != BlobType.Block)
                return $"The upload is made as {found.BlobType.ToString().ToLowerInvariant()} blob, and only block blobs are taken. "
                    + "Upload the file again.";
            var list = await container
                .GetBlockBlobClient(upload.Name)
                .GetBlockListAsync(BlockListTypes.Committed, cancellationToken: cancellationToken);
            var blocks = list.Value.CommittedBlocks.Select(block => block.Name).ToList();
            return blocks.Count == blocks.Distinct(StringComparer.Ordinal).Count()
                ? null
                : "The upload's block list names a block more than once. Upload the file again.";
        }
        catch (RequestFailedException exception) when (exception.Status is 404 or 412)
        {
            // Replaced or removed just now. Who reads it will hear of it.
            return null;
        }
    }

    public async Task ReadAsync(StagedBlob blob, long offset, Memory<byte> destination, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, blob.LengthBytes - destination.Length);
        // A range of no bytes cannot be asked for (RFC 9110 §14.1.1).
        if (destination.IsEmpty)
            return;
        try
        {
            var options = new BlobDownloadOptions
            {
                Range = new HttpRange(offset, destination.Length),
                Conditions = new BlobRequestConditions { IfMatch = new ETag(blob.ETag) },
            };
            using var download = (await Client(blob).DownloadStreamingAsync(options, cancellationToken)).Value;
            await download.Content.ReadExactlyAsync(destination, cancellationToken);
        }
        catch (RequestFailedException exception) when (exception.Status is 404 or 412)
        {
            throw new StagedBlobChangedException(
                $"The staged blob {blob.Name} was replaced or removed while it was being read.",
                exception
            );
        }
    }

    public Task SaveUploadAsync(VideoId id, Stream content, CancellationToken cancellationToken) =>
        SaveAsync(_uploads.GetBlockBlobClient(id.ToString()), content, cancellationToken);

    public async Task<StagedBlob> SavePreparedAsync(string name, Stream content, CancellationToken cancellationToken)
    {
        var written = await SaveAsync(_prepared.GetBlockBlobClient(name), content, cancellationToken);
        var found = await FindAsync(StagingArea.Prepared, name, cancellationToken);
        return found is not null && found.ETag == written.ETag.ToString("H")
            ? found
            : throw new StagedBlobChangedException($"The prepared blob {name} was replaced or removed right after it was written.");
    }

    static async Task<BlobContentInfo> SaveAsync(BlockBlobClient blob, Stream content, CancellationToken cancellationToken)
    {
        var block =
            content.CanSeek && content.Length - content.Position <= SmallBlockBytes * MostBlocks ? SmallBlockBytes : LargeBlockBytes;
        var options = new BlobUploadOptions
        {
            TransferOptions = new StorageTransferOptions
            {
                InitialTransferSize = block,
                MaximumTransferSize = block,
                MaximumConcurrency = 2,
            },
        };
        return (await blob.UploadAsync(content, options, cancellationToken)).Value;
    }

    public async Task DeleteAsync(StagedBlob blob, CancellationToken cancellationToken)
    {
        try
        {
            await Client(blob)
                .DeleteIfExistsAsync(
                    DeleteSnapshotsOption.IncludeSnapshots,
                    new BlobRequestConditions { IfMatch = new ETag(blob.ETag) },
                    cancellationToken
                );
        }
        catch (RequestFailedException exception) when (exception.Status is 412 && exception.ErrorCode == BlobErrorCode.ConditionNotMet)
        {
            log.StagedBlobKept(blob.Name);
        }
    }

    public async Task DiscardUploadAsync(VideoId id, CancellationToken cancellationToken)
    {
        if (await FindAsync(StagingArea.Uploads, id.ToString(), cancellationToken) is { } upload)
            await DeleteAsync(upload, cancellationToken);
    }

    public Task SweepAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    async IAsyncEnumerable<StagedBlob> ListAsync(
        StagingArea area,
        string? start,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var pages = Container(area)
            .GetBlobsAsync(new GetBlobsOptions { Prefix = start }, cancellationToken)
            .AsPages(pageSizeHint: PageSize);
        await foreach (var page in pages)
        foreach (var item in page.Values)
            yield return Staged(
                area,
                item.Name,
                item.Properties.ETag!.Value,
                item.Properties.ContentLength!.Value,
                item.Properties.LastModified!.Value
            );
    }

    BlobContainerClient Container(StagingArea area) => area == StagingArea.Uploads ? _uploads : _prepared;

    BlobClient Client(StagedBlob blob) => Container(blob.Area).GetBlobClient(blob.Name);

    // Listings give ETags bare and headers give them quoted; the header's form is the one that is kept.
    static StagedBlob Staged(StagingArea area, string name, ETag etag, long lengthBytes, DateTimeOffset modified) =>
        new(area, name, etag.ToString("H"), lengthBytes, modified);
}
