using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using TgVault.Core.Catalogue;
using TgVault.Core.Chunks;
using TgVault.Core.Crypto;
using TgVault.Core.Telemetry;

namespace TgVault.Core.Ingest;

/// <summary>Makes a video ready: the receipts must tile the prepared file, the manifest is posted, the catalogue has it, and only then the row says so.</summary>
public sealed class Committing(ICatalogue catalogue, IChunkStore store, KeyRing keys, CatalogueLog log, TimeProvider time, ILogger<Committing> logger)
{
    public async Task<StepOutcome> CommitAsync(IngestRun run, CancellationToken cancellationToken)
    {
        var video = await catalogue.FindAsync(run.Video, cancellationToken);
        if (video is { Status: VideoStatus.Ready } && video.Attempt == run.Attempt) return StepOutcome.Done;
        video = await catalogue.ReadAsync(run, cancellationToken);

        var chunks = await ListTilingAsync(run, video.Chunks!, cancellationToken);
        if (video.Manifest is null)
        {
            var manifest = ManifestDocument.Seal(Manifest.Of(video, chunks, time.GetUtcNow()), keys.Current);
            var receipt = await store.PutAsync(new ChunkDocument(DocumentName.Random(), manifest), cancellationToken);
            video = await catalogue.ChangeAsync(run, time, current => current with { Manifest = receipt, Stage = IngestStage.Committing }, cancellationToken);
        }

        await log.PublishAsync(new CatalogueEntry(run.Video, time.GetUtcNow(), video.Manifest), cancellationToken);
        await catalogue.ChangeAsync(run, time, current => current with { Status = VideoStatus.Ready, Stage = IngestStage.CleaningUp, Failure = null }, cancellationToken);
        VaultMeter.IngestVideos.Add(1, VaultTags.Ready);
        Log.VideoReady(logger, run.Video, chunks.Length, video.Chunks!.LengthBytes);
        return StepOutcome.Done;
    }

    async Task<ImmutableArray<ChunkRecord>> ListTilingAsync(IngestRun run, ChunkPlan plan, CancellationToken cancellationToken)
    {
        var chunks = ImmutableArray.CreateBuilder<ChunkRecord>(plan.Count);
        await foreach (var chunk in catalogue.ListChunksAsync(run.Video, run.Attempt, 0, plan.Count, cancellationToken))
        {
            if (chunk.Index != chunks.Count || chunk.LengthBytes != plan[chunk.Index].LengthBytes) break;
            chunks.Add(chunk);
        }

        return chunks.Count == plan.Count
            ? chunks.MoveToImmutable()
            : throw new IntegrityException($"Chunk {chunks.Count} of {plan.Count} of video {run.Video} is not recorded as planned; ask for a retry.");
    }
}
