using TgVault.Core.Catalogue;
using TgVault.Core.Chunks;
using TgVault.Core.Crypto;

namespace TgVault.Core.Ingest;

/// <summary>Cuts the prepared file and makes the attempt's data key, both recorded together: a key never serves two cuts.</summary>
public sealed class Planning(ICatalogue catalogue, KeyRing keys, ChunkSettings chunks, IngestSettings ingest, TimeProvider time)
{
    public async Task<PlanOutcome> PlanAsync(IngestRun run, CancellationToken cancellationToken)
    {
        var video = await catalogue.ReadAsync(run, cancellationToken);
        if (video.Prepared is not { } prepared) return new PlanOutcome(StepOutcome.Failed("Nothing was prepared (a bug); ask for a retry."), 0, 0);

        if (video.Chunks is null || video.Key is null)
        {
            if (!ChunkSizes.Fits(prepared.LengthBytes, chunks.Size))
                return new PlanOutcome(StepOutcome.Failed($"At {chunks.Size} bytes each this file needs more than {ChunkPlan.MaxChunks} chunks. Set TgVault__Chunks__Size to more, or to 0, and retry."), 0, 0);
            var plan = ChunkSizes.Plan(prepared.LengthBytes, chunks.Size);
            using var dataKey = DataKey.Generate();
            var wrapped = keys.Current.Wrap(dataKey, new KeyBinding(run.Video, run.Attempt, plan.LengthBytes, plan.ToString()));
            video = await catalogue.ChangeAsync(
                run,
                time,
                current => current.Chunks is not null && current.Key is not null ? current : current with { Chunks = plan, Key = wrapped, Stage = IngestStage.Sending },
                cancellationToken);
        }

        return new PlanOutcome(StepOutcome.Done, video.Chunks!.Count, ingest.Parallelism);
    }
}
