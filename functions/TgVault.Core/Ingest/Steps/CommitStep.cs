using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using TgVault.Core.Catalogue;
using TgVault.Core.Chunks;
using TgVault.Core.Crypto;
using TgVault.Core.Library;
using TgVault.Core.Telemetry;
using TgVault.Core.Videos;

namespace TgVault.Core.Ingest.Steps;

/// <summary>
/// Makes a video ready. The receipts must tile the prepared file and its companions. Then the manifest is posted, then the catalogue has
/// it, and only then the row says so.
/// </summary>
sealed class CommitStep(
    ILibrary library,
    IChunkStore store,
    IDiscardedDocuments discarded,
    KeyRing keys,
    CatalogueLog log,
    TimeProvider time,
    ILogger<CommitStep> logger
) : IIngestStep
{
    public IngestStep Kind => IngestStep.Commit;

    public async Task<StepOutcome> RunAsync(IngestRun run, int ordinal, CancellationToken cancellationToken)
    {
        var video = await library.FindAsync(run.Video, cancellationToken);
        if (video is { IsStored: true } && video.Life.Attempt == run.Attempt)
            return StepOutcome.Done;
        video = await library.ReadAsync(run, cancellationToken);

        var files = new FileChunks(video.FilesOf(CompanionState.Waiting));
        if (video.Manifests.Newest is null)
        {
            var chunks = await library.ListTilingAsync(video.FilesOf(CompanionState.Waiting), cancellationToken);
            var sealedRow = video.RowVersion;
            var manifest = ManifestDocument.Seal(Manifest.Of(video with { Files = Stored(video.Files) }, chunks, time.GetUtcNow()), keys);
            var receipt = await store.PutAsync(new ChunkDocument(DocumentName.Random(), manifest), cancellationToken);
            try
            {
                // Also where everything stops just now: nobody else knows of the document.
                video = await library.ChangeAsync(run, time, current => Committing(current, receipt, sealedRow), CancellationToken.None);
            }
            catch (AttemptAbandonedException)
            {
                await discarded.DiscardAsync(store, receipt);
                throw;
            }
        }

        await log.PublishAsync(new CatalogueEntry(run.Video, time.GetUtcNow(), video.Manifests.Newest), cancellationToken);
        await library.ChangeAsync(
            run,
            time,
            current => VideoLife.Stored(current, Stored(current.Files)) is { } stored ? stored with { Finished = time.GetUtcNow() } : null,
            cancellationToken
        );
        VaultMeter.IngestVideos.Add(1, VaultTags.Ready);
        logger.VideoReady(run.Video, files.Count, files.LengthBytes);
        return StepOutcome.Done;
    }

    // Somebody may have edited the video while its manifest was sealed and posted: then another one has to follow.
    static Video? Committing(Video video, ChunkReceipt receipt, string sealedRow) =>
        VideoLife.Committing(video, receipt) is not { } committing ? null
        : video.RowVersion == sealedRow ? committing
        : committing with { Manifests = committing.Manifests with { IsStale = true } };

    static VideoFiles Stored(VideoFiles files) =>
        files with
        {
            Companions =
            [
                .. files.Companions.Select(companion =>
                    companion.State == CompanionState.Waiting ? companion with { State = CompanionState.Stored } : companion
                ),
            ],
        };
}

static class ChunkTiling
{
    /// <summary>The records of these files' chunks, file after file.</summary>
    /// <exception cref="IntegrityException">They do not tile the files as planned.</exception>
    public static async Task<ImmutableArray<ChunkRecord>> ListTilingAsync(
        this ILibrary library,
        ImmutableArray<StoredFile> files,
        CancellationToken cancellationToken
    )
    {
        var chunks = ImmutableArray.CreateBuilder<ChunkRecord>(files.Sum(file => file.Plan.Count));
        foreach (var file in files)
        {
            var next = 0;
            await foreach (
                var chunk in library.ListChunksAsync(file.Video, file.Attempt, file.NumberOf(0), file.Plan.Count, cancellationToken)
            )
            {
                if (chunk.Number != file[next].Number || chunk.LengthBytes != file[next].Span.LengthBytes)
                    break;
                chunks.Add(chunk);
                next++;
            }

            if (next < file.Plan.Count)
                throw new IntegrityException(
                    $"Chunk {file[next].Number} of video {file.Video} is not recorded as planned; ask for a retry."
                );
        }

        return chunks.MoveToImmutable();
    }
}
