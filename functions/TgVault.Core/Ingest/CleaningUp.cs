using TgVault.Core.Catalogue;
using TgVault.Core.Staging;

namespace TgVault.Core.Ingest;

/// <summary>Removes what a ready video left in staging: prepared blobs first, the upload last, because as long as it is there an event or a restart comes back here.</summary>
public sealed class CleaningUp(ICatalogue catalogue, IStaging staging, StoredChunks chunks, TimeProvider time)
{
    public async Task<StepOutcome> CleanUpAsync(IngestRun run, CancellationToken cancellationToken)
    {
        var video = await catalogue.FindAsync(run.Video, cancellationToken);
        if (video is not { Status: VideoStatus.Ready } || video.Attempt != run.Attempt) return StepOutcome.Abandoned;
        for (var earlier = 1; earlier < run.Attempt; earlier++) await chunks.RemoveAsync(run.Video, earlier, cancellationToken);
        // What was added since is staged to be stored.
        await RemoveBlobsAsync(staging, video with { Companions = video.Companions.RemoveAll(IsWaiting) }, cancellationToken);
        await catalogue.ChangeAsync(
            run.Video,
            current => current.Attempt == run.Attempt && current.Stage == IngestStage.CleaningUp ? current with { Stage = IngestStage.Done, Companions = [.. current.Companions.Select(companion => IsWaiting(companion) ? companion : companion with { Extents = [] })], Updated = time.GetUtcNow() } : null,
            cancellationToken);
        return StepOutcome.Done;
    }

    static bool IsWaiting(Companion companion) => companion.State == CompanionState.Waiting;

    /// <summary>Removes every staged and prepared blob that the row names.</summary>
    internal static async Task RemoveBlobsAsync(IStaging staging, Video video, CancellationToken cancellationToken)
    {
        var extents = video.Companions.SelectMany(companion => companion.Extents).Concat(video.Prepared?.Extents ?? []);
        foreach (var blob in extents.Select(extent => extent.Blob).Where(blob => blob.Area == StagingArea.Prepared).Distinct())
            await staging.DeleteAsync(blob, cancellationToken);
        if (video.Source is { } source) await staging.DeleteAsync(source, cancellationToken);
    }
}
