using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using TgVault.Core.Ingest.Steps;
using TgVault.Core.Library;
using TgVault.Core.Staging;
using TgVault.Core.Telemetry;
using TgVault.Core.Upkeep;
using TgVault.Core.Videos;

namespace TgVault.Core.Ingest;

/// <summary>
/// The steps of ingest as calls that end: with an outcome, not an exception, whatever happened inside. Both engines call these, Durable
/// Functions as activities, the runner of `tgvault serve` directly; the mapping from failure to outcome is here and nowhere else.
/// </summary>
public sealed class IngestSteps(
    ILibrary library,
    ClaimStep claiming,
    InspectStep inspecting,
    PrepareStep preparing,
    PlanStep planning,
    SendStep sending,
    VerifyStep verifying,
    CommitStep committing,
    CleanUpStep cleaningUp,
    Amendments amending,
    TimeProvider time,
    ILogger<IngestSteps> logger
)
{
    /// <summary>The wait where nobody named one: the store's own retries are spent by then.</summary>
    static readonly TimeSpan DefaultWait = TimeSpan.FromSeconds(15);

    public Task<ClaimOutcome> ClaimAsync(IngestRequest request, CancellationToken cancellationToken) =>
        claiming.ClaimAsync(request, cancellationToken);

    public Task<StepOutcome> InspectAsync(IngestRun run, CancellationToken cancellationToken) =>
        GuardAsync(run, () => inspecting.InspectAsync(run, cancellationToken), cancellationToken);

    public Task<StepOutcome> PrepareAsync(IngestRun run, CancellationToken cancellationToken) =>
        GuardAsync(run, () => preparing.PrepareAsync(run, cancellationToken), cancellationToken);

    public async Task<PlanOutcome> PlanAsync(IngestRun run, CancellationToken cancellationToken)
    {
        PlanOutcome? plan = null;
        var outcome = await GuardAsync(
            run,
            async () =>
            {
                plan = await planning.PlanAsync(run, cancellationToken);
                return plan.Outcome;
            },
            cancellationToken
        );
        return plan is not null && outcome.Result == StepResult.Done ? plan : new PlanOutcome(outcome, 0, 0);
    }

    public Task<StepOutcome> SendAsync(IngestRun run, int ordinal, CancellationToken cancellationToken) =>
        GuardAsync(run, () => sending.SendAsync(run, ordinal, cancellationToken), cancellationToken);

    public Task<StepOutcome> VerifyAsync(IngestRun run, int ordinal, CancellationToken cancellationToken) =>
        GuardAsync(run, () => verifying.VerifyAsync(run, ordinal, cancellationToken), cancellationToken);

    public Task<StepOutcome> CommitAsync(IngestRun run, CancellationToken cancellationToken) =>
        GuardAsync(run, () => committing.CommitAsync(run, cancellationToken), cancellationToken);

    public Task<StepOutcome> CleanUpAsync(IngestRun run, CancellationToken cancellationToken) =>
        GuardAsync(run, () => cleaningUp.CleanUpAsync(run, cancellationToken), cancellationToken);

    /// <summary>Brings what is stored of a ready video up to its row; safe to repeat.</summary>
    public Task<StepOutcome> AmendAsync(VideoId video, CancellationToken cancellationToken) =>
        GuardAsync(new IngestRun(video, 0), () => amending.FinishAsync(video, cancellationToken), cancellationToken);

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

    Task<StepOutcome> GuardAsync(
        IngestRun run,
        Func<Task<StepOutcome>> step,
        CancellationToken cancellationToken,
        [CallerMemberName] string caller = ""
    ) => StepTrace.RunAsync(caller, run, () => EndAsync(run, step, cancellationToken));

    async Task<StepOutcome> EndAsync(IngestRun run, Func<Task<StepOutcome>> step, CancellationToken cancellationToken)
    {
        try
        {
            return await step();
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (AttemptAbandonedException)
        {
            return StepOutcome.Abandoned;
        }
        catch (ChunkStoreException exception) when (exception.Failure == ChunkStoreFailure.Transient)
        {
            Log.StepWaits(logger, run.Video, exception.Message);
            return StepOutcome.Wait(exception.RetryAfter ?? DefaultWait, exception.Message);
        }
        catch (StagedBlobChangedException)
        {
            return StepOutcome.Failed(
                "The upload was replaced or removed while it was being ingested. If it was uploaded again, that upload is taken next."
            );
        }
        catch (VaultException exception)
        {
            return StepOutcome.Failed(exception.Message);
        }
        catch (Azure.RequestFailedException exception) when (exception.Status is 0 or 408 or 429 or >= 500)
        {
            Log.StorageWaits(logger, run.Video, exception.Status, exception.ErrorCode);
            return StepOutcome.Wait(DefaultWait, "Storage does not answer.");
        }
        catch (Exception exception)
        {
            Log.StepBroke(logger, run.Video, exception);
            return StepOutcome.Failed(
                $"An unexpected error stopped the ingest ({exception.GetType().Name}); the log has it. The upload is kept: ask for a retry."
            );
        }
    }
}
