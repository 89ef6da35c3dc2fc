using TgVault.Core.Videos;

namespace TgVault.Core.Ingest.Runner;

/// <summary>The steps as direct calls, for the runner on one machine.</summary>
sealed class DirectSteps(IngestSteps activities, TimeProvider time, CancellationToken cancellationToken) : IIngestSteps
{
    public Task<ClaimOutcome> ClaimAsync(IngestRequest request) => activities.ClaimAsync(request, cancellationToken);

    public Task<StepOutcome> InspectAsync(IngestRun run) => activities.InspectAsync(run, cancellationToken);

    public Task<StepOutcome> PrepareAsync(IngestRun run) => activities.PrepareAsync(run, cancellationToken);

    public Task<PlanOutcome> PlanAsync(IngestRun run) => activities.PlanAsync(run, cancellationToken);

    public Task<StepOutcome> SendAsync(IngestRun run, int chunk) => activities.SendAsync(run, chunk, cancellationToken);

    public Task<StepOutcome> VerifyAsync(IngestRun run, int chunk) => activities.VerifyAsync(run, chunk, cancellationToken);

    public Task<StepOutcome> CommitAsync(IngestRun run) => activities.CommitAsync(run, cancellationToken);

    public Task<StepOutcome> CleanUpAsync(IngestRun run) => activities.CleanUpAsync(run, cancellationToken);

    public Task FailAsync(IngestRun run, string reason) => activities.FailAsync(run, reason, cancellationToken);

    public Task ReportAsync(IngestRun run, IngestStage stage, int chunksDone) =>
        activities.ReportAsync(run, stage, chunksDone, cancellationToken);

    public Task DelayAsync(TimeSpan delay) => Task.Delay(delay, time, cancellationToken);
}
