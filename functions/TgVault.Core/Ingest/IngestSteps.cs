using System.Collections.Frozen;
using Microsoft.Extensions.Logging;
using TgVault.Core.Library;
using TgVault.Core.Staging;
using TgVault.Core.Telemetry;
using TgVault.Core.Videos;

namespace TgVault.Core.Ingest;

/// <summary>
/// The steps of ingest as calls that end with an outcome, and what is recorded around them. Both engines call these: Durable Functions as
/// activities, the runner of one machine directly.
/// </summary>
sealed class IngestSteps(
    IEnumerable<IIngestStep> steps,
    UploadClaim claim,
    StepGuard guard,
    ILibrary library,
    IStaging staging,
    TimeProvider time,
    ILogger<IngestSteps> logger
) : IIngestSteps
{
    readonly FrozenDictionary<IngestStep, IIngestStep> _steps = steps.ToFrozenDictionary(step => step.Kind);

    public Task<ClaimOutcome> ClaimAsync(IngestRequest request, CancellationToken cancellationToken) =>
        claim.RunAsync(request, cancellationToken);

    public Task<StepOutcome> RunAsync(StepRow row, IngestRun run, int ordinal, CancellationToken cancellationToken) =>
        guard.RunAsync(
            row.Name,
            run,
            () =>
                row.IsLong
                    ? AttemptWatch.RunAsync(
                        library,
                        staging,
                        run,
                        time,
                        token => _steps[row.Step].RunAsync(run, ordinal, token),
                        cancellationToken
                    )
                    : _steps[row.Step].RunAsync(run, ordinal, cancellationToken),
            cancellationToken
        );

    public async Task FailAsync(IngestRun run, string reason, CancellationToken cancellationToken)
    {
        logger.IngestFailed(run.Video, run.Attempt, reason);
        Video? failed = null;
        await library.ChangeAsync(
            run.Video,
            video => failed = video.Life.Attempt == run.Attempt ? VideoLife.Fail(video, reason, time.GetUtcNow()) : null,
            cancellationToken
        );
        if (failed is not null)
            VaultMeter.IngestVideos.Add(1, VaultTags.Failed);
    }

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
