using System.Runtime.CompilerServices;
using Azure;
using Azure.Identity;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;

namespace TgVault.Core.Replicas;

/// <summary>
/// A replica in a container of a storage account: names are names of blobs. Chunks are put into an access tier; what is small and written
/// again and again stays in the account's own, so that a recovery reads it at once.
/// </summary>
/// <param name="container">It is made where it is not there.</param>
/// <param name="tier">Of chunks; null: the account's own.</param>
sealed class BlobReplica(BlobContainerClient container, AccessTier? tier) : IReplica
{
    const int MostMarkerBytes = 4096;

    /// <summary>The address of the container; what may be behind it in a connection string is not shown.</summary>
    public string Place { get; } = container.Uri.GetLeftPart(UriPartial.Path);

    public ReplicaKind Kind => ReplicaKind.Blobs;

    public Task<string?> ReadMarkerAsync(CancellationToken cancellationToken) =>
        DoAsync(async () =>
        {
            var marker = container.GetBlobClient(FolderReplica.MarkerName);
            try
            {
                if ((await marker.GetPropertiesAsync(cancellationToken: cancellationToken)).Value.ContentLength > MostMarkerBytes)
                    throw new ReplicaException($"{FolderReplica.MarkerName} in {Place} is no marker of a replica.");
                return (await marker.DownloadContentAsync(cancellationToken)).Value.Content.ToString();
            }
            catch (RequestFailedException exception) when (exception.Status == 404)
            {
                return null;
            }
        });

    public Task BeginAsync(string marker, CancellationToken cancellationToken) =>
        DoAsync(async () =>
        {
            await container.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
            return await container
                .GetBlobClient(FolderReplica.MarkerName)
                .UploadAsync(BinaryData.FromString(marker), overwrite: true, cancellationToken);
        });

    public Task<bool> IsEmptyAsync(CancellationToken cancellationToken) =>
        DoAsync(async () =>
        {
            try
            {
                await foreach (var blob in container.GetBlobsAsync(cancellationToken: cancellationToken))
                {
                    if (blob.Name != FolderReplica.MarkerName)
                        return false;
                }
            }
            catch (RequestFailedException exception) when (exception.Status == 404)
            {
                // No such container yet.
            }

            return true;
        });

    public Task<long?> FindLengthAsync(string name, CancellationToken cancellationToken) =>
        DoAsync(async () =>
        {
            try
            {
                var found = await container.GetBlobClient(name).GetPropertiesAsync(cancellationToken: cancellationToken);
                return (long?)found.Value.ContentLength;
            }
            catch (RequestFailedException exception) when (exception.Status == 404)
            {
                return null;
            }
        });

    public Task<bool> TryReadAsync(string name, long offset, Memory<byte> destination, CancellationToken cancellationToken) =>
        DoAsync(async () =>
        {
            try
            {
                // A range of no bytes cannot be asked for (RFC 9110 §14.1.1).
                if (destination.IsEmpty)
                    return true;
                var options = new BlobDownloadOptions { Range = new HttpRange(offset, destination.Length) };
                using var download = (await container.GetBlobClient(name).DownloadStreamingAsync(options, cancellationToken)).Value;
                var read = await download.Content.ReadAtLeastAsync(destination, destination.Length, false, cancellationToken);
                return read == destination.Length;
            }
            catch (RequestFailedException exception) when (exception.Status is 404 or 416)
            {
                return false;
            }
        });

    public Task WriteAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        DoAsync(async () =>
        {
            var blob = container.GetBlobClient(name);
            var options = new BlobUploadOptions { AccessTier = ReplicaNames.IsChunk(name) ? tier : null };
            try
            {
                return await blob.UploadAsync(BinaryData.FromBytes(content), options, cancellationToken);
            }
            catch (RequestFailedException exception) when (exception.ErrorCode == BlobErrorCode.BlobArchived)
            {
                // One in the archive can be deleted, but not written over.
                await blob.DeleteIfExistsAsync(DeleteSnapshotsOption.IncludeSnapshots, cancellationToken: cancellationToken);
                return await blob.UploadAsync(BinaryData.FromBytes(content), options, cancellationToken);
            }
        });

    public Task DeleteAsync(string name, CancellationToken cancellationToken) =>
        DoAsync(() =>
            container.GetBlobClient(name).DeleteIfExistsAsync(DeleteSnapshotsOption.IncludeSnapshots, cancellationToken: cancellationToken)
        );

    public async Task DeleteBelowAsync(string name, CancellationToken cancellationToken)
    {
        // What is listed is not to change under the list.
        foreach (var blob in await ListBelowAsync(name, cancellationToken).ToListAsync(cancellationToken))
            await DeleteAsync(blob, cancellationToken);
    }

    public IAsyncEnumerable<string> ListBelowAsync(string name, CancellationToken cancellationToken) =>
        ListAsync(
            container
                .GetBlobsAsync(BlobTraits.None, BlobStates.None, $"{name}/", cancellationToken)
                .AsPages()
                .Select(page => page.Values.Select(blob => blob.Name)),
            cancellationToken
        );

    public IAsyncEnumerable<string> ListInAsync(string name, CancellationToken cancellationToken) =>
        ListAsync(
            container
                .GetBlobsByHierarchyAsync(BlobTraits.None, BlobStates.None, "/", $"{name}/", cancellationToken)
                .AsPages()
                .Select(page => page.Values.Select(item => item.IsPrefix ? item.Prefix.TrimEnd('/') : item.Blob.Name)),
            cancellationToken
        );

    async IAsyncEnumerable<string> ListAsync(
        IAsyncEnumerable<IEnumerable<string>> pages,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await using var page = pages.GetAsyncEnumerator(cancellationToken);
        while (await DoAsync(() => TryMoveAsync(page)))
        {
            foreach (var name in page.Current)
                yield return name;
        }
    }

    static async Task<bool> TryMoveAsync(IAsyncEnumerator<IEnumerable<string>> page)
    {
        try
        {
            return await page.MoveNextAsync();
        }
        catch (RequestFailedException exception) when (exception.ErrorCode == BlobErrorCode.ContainerNotFound)
        {
            return false;
        }
    }

    async Task<T> DoAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (RequestFailedException exception)
        {
            throw Explain(exception);
        }
        // The client gives up after several tries with all their failures in one.
        catch (Exception exception) when (exception is AuthenticationFailedException or AggregateException or IOException)
        {
            throw new ReplicaException($"The replica {Place} cannot be reached now ({exception.GetType().Name}).", exception);
        }
    }

    // Not the exception's own message: it has the headers of the answer, and lines of it.
    ReplicaException Explain(RequestFailedException exception) =>
        exception switch
        {
            { ErrorCode: "BlobArchived" or "BlobBeingRehydrated" } => new ReplicaException(
                $"The document is in the archive tier of {Place}: it must be rehydrated before it can be read, which takes hours "
                    + "(az storage blob set-tier --tier Hot).",
                exception
            )
            {
                IsArchived = true,
            },
            { Status: 401 or 403 } => new ReplicaException(
                $"The vault may not read or write in the replica {Place} ({exception.ErrorCode}): its connection string needs the "
                    + "account's key, or its identity the role Storage Blob Data Contributor there.",
                exception
            ),
            { ErrorCode: "ContainerNotFound" } => new ReplicaException($"The container of the replica {Place} is not there.", exception),
            { Status: 0 } => new ReplicaException($"The replica {Place} cannot be reached now.", exception),
            _ => new ReplicaException($"The replica {Place} cannot be used now ({exception.Status} {exception.ErrorCode}).", exception),
        };
}
