using TgVault.Core;
using TgVault.Core.Engine;
using TgVault.Core.Ingest;
using TgVault.Core.Library;
using TgVault.Core.Upkeep;
using TgVault.Core.Videos;

namespace TgVault.Functions.Ingest;

/// <summary>
/// What the HTTP API asks for, as rows and orchestrations. The row comes first: where scheduling fails, upkeep takes it up from there.
/// </summary>
sealed class DurableIngestScheduler(ILibrary library, IRemovals removing, IngestInstances instances, BoundClient client, TimeProvider time)
    : IIngestScheduler
{
    public async Task RetryAsync(VideoId id, CancellationToken cancellationToken)
    {
        var durable = client.Current;
        var video = await library.ChangeAsync(id, current => VideoLife.Retry(current, time.GetUtcNow()), cancellationToken);
        if (video is { Life.Status: VideoStatus.Waiting, Upload.Source: { } source })
            await instances.TakeUpAsync(durable, new IngestRequest(source.Name, source.ETag), cancellationToken);
    }

    public async Task AmendAsync(VideoId id, CancellationToken cancellationToken) =>
        await instances.AmendAsync(client.Current, id, cancellationToken);

    public async Task RemoveAsync(VideoId id, CancellationToken cancellationToken)
    {
        var durable = client.Current;
        await removing.BeginAsync(id, cancellationToken);
        if (await library.FindAsync(id, cancellationToken) is { Life.Status: VideoStatus.Deleting } video)
            await instances.RemoveAsync(durable, video, cancellationToken);
    }
}
