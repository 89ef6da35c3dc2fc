using Azure.Storage.Blobs;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using TgVault.Core.Ingest;
using TgVault.Core.Staging;
using TgVault.Core.Videos;

namespace TgVault.Functions.Ingest;

/// <summary>
/// An upload has arrived. In Azure, Event Grid says so. A local host has nobody who sends events, so it polls. A setting disables one of
/// the two (<c>AzureWebJobs.UploadArrivedPolling.Disabled</c>). The client is bound, not the content, so nothing is downloaded here.
/// </summary>
public sealed class UploadFunctions(IStaging staging, IngestInstances instances)
{
    const string Path = "staging/{name}";
    const string Connection = "VaultStorage";

    [Function(nameof(UploadArrived))]
    public Task UploadArrived(
        [BlobTrigger(Path, Connection = Connection, Source = BlobTriggerSource.EventGrid)] BlobClient blob,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken
    ) => TakeUpAsync(blob, client, cancellationToken);

    [Function(nameof(UploadArrivedPolling))]
    public Task UploadArrivedPolling(
        [BlobTrigger(Path, Connection = Connection, Source = BlobTriggerSource.LogsAndContainerScan)] BlobClient blob,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken
    ) => TakeUpAsync(blob, client, cancellationToken);

    async Task TakeUpAsync(BlobClient blob, DurableTaskClient client, CancellationToken cancellationToken)
    {
        // Whatever version the event was about, the one that lies there now is taken. Where none lies there, it is done, or was replaced by
        // one that has an event of its own.
        if (await staging.FindAsync(StagingArea.Uploads, blob.Name, cancellationToken) is { } upload)
            await instances.TakeUpAsync(client, new IngestRequest(upload.Name, upload.ETag), cancellationToken);
    }
}
