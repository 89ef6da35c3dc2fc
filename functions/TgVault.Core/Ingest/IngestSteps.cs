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
    // Chunks wait side by side for the same; the row is not written for each.
    static readonly TimeSpan Refreshed = TimeSpan.FromSeconds(5);

    readonly FrozenDictionary<IngestStep, IIngestStep> _steps = steps.ToFrozenDictionary(step => step.Kind);

    public Task<ClaimOutcome> ClaimAsync(IngestRequest request, CancellationToken cancellationToken) =>
        claim.RunAsync(request, cancellationToken);

    public async Task<StepOutcome> RunAsync(StepRow row, IngestRun run, int ordinal, CancellationToken cancellationToken)
    {
        var outcome = await EndAsync(row, run, ordinal, cancellationToken);
        if (outcome.Result == StepResult.Wait)
            await NoteWaitAsync(run, outcome, cancellationToken);
        return outcome;
    }

    Task<StepOutcome> EndAsync(StepRow row, IngestRun run, int ordinal, CancellationToken cancellationToken) =>
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

    /// <summary>Has the row say what is waited for. The wait does not hang on it.</summary>
    async Task NoteWaitAsync(IngestRun run, StepOutcome outcome, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        try
        {
            await library.ChangeAsync(
                run.Video,
                video =>
                {
                    var known = video.Life.Waiting;
                    var until = now + outcome.Delay;
                    var isSame = known?.Why == outcome.Cause && known.Until > now;
                    if (video.Life.Attempt != run.Attempt || (isSame && until < known!.Until + Refreshed))
                        return null;
                    return VideoLife.Waits(video, new VideoWait(outcome.Cause, isSame ? known!.Since : now, until, outcome.Reason));
                },
                cancellationToken
            );
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // Rows that cannot be written are what it waits for, perhaps.
            logger.WaitNotNoted(run.Video, exception);
        }
    }

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
