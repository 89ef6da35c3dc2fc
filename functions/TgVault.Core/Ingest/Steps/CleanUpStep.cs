using TgVault.Core.Ingest.Prepare;
using TgVault.Core.Library;
using TgVault.Core.Staging;
using TgVault.Core.Videos;

namespace TgVault.Core.Ingest.Steps;

/// <summary>
/// Removes what a stored video left in staging: prepared blobs first, the upload last. As long as the upload is there, an event or a
/// restart comes back here.
/// </summary>
sealed class CleanUpStep(ILibrary library, IStaging staging, StoredChunks chunks, TimeProvider time) : IIngestStep
{
    public IngestStep Kind => IngestStep.CleanUp;

    public async Task<StepOutcome> RunAsync(IngestRun run, int ordinal, CancellationToken cancellationToken)
    {
        var video = await library.FindAsync(run.Video, cancellationToken);
        if (video is not { IsStored: true } || video.Life.Attempt != run.Attempt)
            return StepOutcome.Abandoned;
        for (var earlier = 1; earlier < run.Attempt; earlier++)
            await chunks.RemoveAsync(run.Video, earlier, cancellationToken);
        await RemoveBlobsAsync(staging, video, blob => !PreparedName.IsAdded(run.Video, blob), cancellationToken);
        await library.ChangeAsync(
            run.Video,
            current => current.Life.Attempt == run.Attempt ? VideoLife.CleanedUp(current, Unstaged(current.Files), time.GetUtcNow()) : null,
            cancellationToken
        );
        return StepOutcome.Done;
    }

    static VideoFiles Unstaged(VideoFiles files) =>
        files with
        {
            Companions = [.. files.Companions.Select(companion => IsWaiting(companion) ? companion : companion with { Extents = [] })],
        };

    static bool IsWaiting(Companion companion) => companion.State == CompanionState.Waiting;

    /// <summary>
    /// Removes the video's prepared blobs of this kind, and its upload. That includes blobs that the row does not name: those of an earlier
    /// attempt, and what a crash left.
    /// </summary>
    internal static async Task RemoveBlobsAsync(
        IStaging staging,
        Video video,
        Func<StagedBlob, bool> which,
        CancellationToken cancellationToken
    )
    {
        await foreach (var blob in staging.ListPreparedAsync(PreparedName.Start(video.Id), cancellationToken))
        {
            if (which(blob))
                await staging.DeleteAsync(blob, cancellationToken);
        }

        if (video.Upload.Source is { } source)
            await staging.DeleteAsync(source, cancellationToken);
    }
}
