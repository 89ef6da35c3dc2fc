using Microsoft.Extensions.Logging;
using TgVault.Core.Catalogue;
using TgVault.Core.Chunks;
using TgVault.Core.Ingest;
using TgVault.Core.Ingest.Steps;
using TgVault.Core.Library;
using TgVault.Core.Links;
using TgVault.Core.Staging;
using TgVault.Core.Videos;
using TgVault.Core.Webhooks;

namespace TgVault.Core.Upkeep;

/// <summary>
/// Removes a video. Its keys go from the row first, so nothing here can play it any more; then documents, blobs and rows. Chunks that
/// Telegram no longer deletes stay there sealed. A manifest as old as that still holds the wrapped key, which opens with the master secret
/// (FORMAT.md, "Erasure").
/// </summary>
sealed class Removals(
    ILibrary library,
    IStaging staging,
    IChunkStore store,
    LeftDocuments lefts,
    StoredChunks chunks,
    LinkRegister links,
    IEventTeller events,
    CatalogueLog log,
    StepGuard guard,
    TimeProvider time,
    ILogger<Removals> logger
) : IRemovals
{
    public Task BeginAsync(VideoId id, CancellationToken cancellationToken) =>
        library.ChangeAsync(id, video => VideoLife.Remove(video, time.GetUtcNow()), cancellationToken);

    public async Task<StepOutcome> RunAsync(VideoId id, CancellationToken cancellationToken)
    {
        var outcome = await guard.EndAsync(
            new IngestRun(id, 0),
            async () =>
            {
                await FinishAsync(id, cancellationToken);
                return StepOutcome.Done;
            },
            cancellationToken
        );
        if (outcome.Result == StepResult.Failed)
            logger.RemovingFailed(id, outcome.Reason);
        return outcome;
    }

    public async Task FinishAsync(VideoId id, CancellationToken cancellationToken)
    {
        if (await library.FindAsync(id, cancellationToken) is not { Life.Status: VideoStatus.Deleting } video)
            return;
        if (video.Manifests.Newest is not null)
            await log.PublishAsync(new CatalogueEntry(id, time.GetUtcNow(), null), cancellationToken);
        var deleted = 0;
        var left = 0;
        for (var attempt = 1; attempt <= video.Life.Attempt; attempt++)
        {
            var removed = await chunks.RemoveAsync(id, attempt, cancellationToken);
            deleted += removed.Deleted;
            left += removed.Left;
        }

        foreach (var manifest in video.Manifests.Former.Concat(video.Manifests.Newest is { } newest ? [newest] : []))
        {
            if (await store.DeleteAsync(manifest, cancellationToken))
            {
                deleted++;
                continue;
            }

            await lefts.AddAsync(manifest, cancellationToken);
            left++;
        }

        await CleanUpStep.RemoveBlobsAsync(staging, video, _ => true, cancellationToken);
        // An upload that was not finished, or not yet seen, has no source in the row; it lies under the id.
        if (video.Upload.Source is null)
            await staging.DiscardUploadAsync(id, cancellationToken);
        await links.RemoveAsync(id, cancellationToken);
        // Once the row is gone nobody could be told.
        if (await library.FindAsync(id, cancellationToken) is { } last)
            await events.TellAsync(last, cancellationToken);
        await library.RemoveAsync(id, cancellationToken);
        logger.VideoRemoved(id, deleted, left);
    }
}
