using Microsoft.Extensions.Logging;
using TgVault.Core.Catalogue;
using TgVault.Core.Chunks;
using TgVault.Core.Ingest;
using TgVault.Core.Ingest.Steps;
using TgVault.Core.Library;
using TgVault.Core.Staging;
using TgVault.Core.Videos;

namespace TgVault.Core.Upkeep;

/// <summary>
/// Removes a video. Its keys go from the row first, so nothing here can play it any more; then documents, blobs and rows. Chunks that
/// Telegram no longer deletes stay there sealed; a manifest as old still holds the wrapped key, for who has the master secret (FORMAT.md, "Erasure").
/// </summary>
public sealed class Removals(
    ILibrary library,
    IStaging staging,
    IChunkStore store,
    StoredChunks chunks,
    CatalogueLog log,
    StepGuard guard,
    TimeProvider time,
    ILogger<Removals> logger
)
{
    /// <summary>What spans and metrics call a removal.</summary>
    const string SpanName = "remove";

    /// <summary>Marks the video; from here on it neither plays nor ingests.</summary>
    public Task BeginAsync(VideoId id, CancellationToken cancellationToken) =>
        library.ChangeAsync(id, video => VideoLife.Remove(video, time.GetUtcNow()), cancellationToken);

    /// <summary>One try of <see cref="FinishAsync"/> that ends with an outcome whatever happens.</summary>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public async Task<StepOutcome> RunAsync(VideoId id, CancellationToken cancellationToken)
    {
        var outcome = await guard.RunAsync(
            SpanName,
            new IngestRun(id, 0),
            async () =>
            {
                await FinishAsync(id, cancellationToken);
                return StepOutcome.Done;
            },
            cancellationToken
        );
        if (outcome.Result == StepResult.Failed)
            Log.RemovingFailed(logger, id, outcome.Reason);
        return outcome;
    }

    /// <summary>Removes documents, blobs and rows of a marked video. Safe to repeat; a crash in between is taken up again from the row.</summary>
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
                deleted++;
            else
                left++;
        }

        await CleanUpStep.RemoveBlobsAsync(staging, video, _ => true, cancellationToken);
        // An upload that was finished but not yet seen has no source in the row; it lies under the id.
        if (video.Upload.Source is null && await staging.FindAsync(StagingArea.Uploads, id.ToString(), cancellationToken) is { } upload)
            await staging.DeleteAsync(upload, cancellationToken);
        await library.RemoveAsync(id, cancellationToken);
        Log.VideoRemoved(logger, id, deleted, left);
    }
}
