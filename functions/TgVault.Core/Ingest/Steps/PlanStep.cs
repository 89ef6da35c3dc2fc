using System.Collections.Immutable;
using TgVault.Core.Chunks;
using TgVault.Core.Crypto;
using TgVault.Core.Keys;
using TgVault.Core.Library;
using TgVault.Core.Settings;
using TgVault.Core.Videos;

namespace TgVault.Core.Ingest.Steps;

/// <summary>
/// Cuts the prepared file and its companions and makes each file's data key. All is recorded together, so a key never serves two cuts.
/// </summary>
sealed class PlanStep(ILibrary library, KeyRing keys, ChunkSettings chunks, IngestSettings ingest, TimeProvider time) : IIngestStep
{
    public IngestStep Kind => IngestStep.Plan;

    public async Task<StepOutcome> RunAsync(IngestRun run, int ordinal, CancellationToken cancellationToken)
    {
        var video = await library.ReadAsync(run, cancellationToken);
        if (video.Files.Prepared is not { } prepared)
            return StepOutcome.Failed("Nothing was prepared (a bug); ask for a retry.");

        if (video.Files.Plan is null || video.Files.Key is null)
        {
            if (
                video
                    .Files.Companions.Select(companion => companion.LengthBytes)
                    .Append(prepared.LengthBytes)
                    .Any(length => !ChunkSizes.Fits(length, chunks.Size))
            )
                return StepOutcome.Failed(
                    $"At {chunks.Size} bytes each this file needs more than {ChunkPlan.MaxChunks} chunks. "
                        + "Set TgVault__Chunks__Size to more, or to 0, and retry."
                );
            var plan = ChunkSizes.Plan(prepared.LengthBytes, chunks.Size);
            var wrapped = keys.NewDataKey(run.Video, run.Attempt, plan);
            var companions = video
                .Files.Companions.Select(companion =>
                    companion.State == CompanionState.Waiting ? companion.Cut(run, keys, chunks) : companion
                )
                .ToImmutableArray();
            video = await library.ChangeAsync(
                run,
                time,
                current =>
                    current.Files is { Plan: not null, Key: not null }
                        ? null
                        : VideoLife.Planned(current, current.Files with { Plan = plan, Key = wrapped, Companions = companions }),
                cancellationToken
            );
        }

        return StepOutcome.Planned(new FileChunks(video.FilesOf(CompanionState.Waiting)).Count, ingest.Parallelism);
    }
}

static class CompanionPlanning
{
    /// <summary>The companion with its cut and a key of its own.</summary>
    public static Companion Cut(this Companion companion, IngestRun run, KeyRing keys, ChunkSettings settings)
    {
        var plan = ChunkSizes.Plan(companion.LengthBytes, settings.Size);
        return companion with { Plan = plan, Key = keys.NewDataKey(run.Video, run.Attempt, plan) };
    }
}
