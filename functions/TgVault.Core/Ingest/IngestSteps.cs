using System.Collections.Frozen;
using Microsoft.Extensions.Logging;
using TgVault.Core.Library;
using TgVault.Core.Telemetry;
using TgVault.Core.Videos;

namespace TgVault.Core.Ingest;

/// <summary>
/// The steps of ingest as calls that end with an outcome, and what is recorded around them. Both engines call these: Durable Functions as
/// activities, the runner of one machine directly.
/// </summary>
public sealed class IngestSteps(
    IEnumerable<IIngestStep> steps,
    UploadClaim claim,
    StepGuard guard,
    ILibrary library,
    TimeProvider time,
    ILogger<IngestSteps> logger
)
{
    readonly FrozenDictionary<IngestStep, IIngestStep> _steps = steps.ToFrozenDictionary(step => step.Kind);

    /// <inheritdoc cref="IIngestEngine.ClaimAsync"/>
    public Task<ClaimOutcome> ClaimAsync(IngestRequest request, CancellationToken cancellationToken) =>
        claim.RunAsync(request, cancellationToken);

    /// <summary>Runs one step, as <see cref="IIngestStep.RunAsync"/> says, but ends with an outcome whatever happens.</summary>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public Task<StepOutcome> RunAsync(StepRow step, IngestRun run, int ordinal, CancellationToken cancellationToken) =>
        guard.RunAsync(
            step.Name,
            run,
            () =>
                step.IsLong
                    ? AttemptWatch.RunAsync(library, run, time, token => _steps[step.Step].RunAsync(run, ordinal, token), cancellationToken)
                    : _steps[step.Step].RunAsync(run, ordinal, cancellationToken),
            cancellationToken
        );

    /// <summary>Records the failure; a video that became ready, was removed or taken over stays as it is.</summary>
    public async Task FailAsync(IngestRun run, string reason, CancellationToken cancellationToken)
    {
        Log.IngestFailed(logger, run.Video, run.Attempt, reason);
        Video? failed = null;
        await library.ChangeAsync(
            run.Video,
            video => failed = video.Life.Attempt == run.Attempt ? VideoLife.Fail(video, reason, time.GetUtcNow()) : null,
            cancellationToken
        );
        if (failed is not null)
            VaultMeter.IngestVideos.Add(1, VaultTags.Failed);
    }

    /// <inheritdoc cref="IIngestEngine.ReportAsync"/>
    public async Task ReportAsync(IngestRun run, IngestStage stage, int chunksDone, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await library.ChangeAsync(
            run.Video,
            video =>
                video.Life.Attempt == run.Attempt
                    ? VideoLife.Moving(
                        video,
                        stage,
                        Measure(
                            new FileChunks(video.FilesOf(CompanionState.Waiting)),
                            video.Life.Stage == stage ? video.Life.Progress : null
                        )
                    )
                    : null,
            cancellationToken
        );

        IngestProgress Measure(FileChunks chunks, IngestProgress? before) =>
            new()
            {
                Started = before?.Started ?? now,
                Updated = now,
                ChunksDone = chunksDone,
                ChunksTotal = chunks.Count,
                // Chunks end in any order; the first so many are a fair measure.
                BytesDone = chunks.BytesOf(chunksDone),
                BytesTotal = chunks.LengthBytes,
            };
    }
}
