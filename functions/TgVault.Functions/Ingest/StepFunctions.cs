using Microsoft.Azure.Functions.Worker;
using TgVault.Core.Ingest;

namespace TgVault.Functions.Ingest;

/// <summary>The steps of ingest as activities. Each is safe to repeat; Core says what each does.</summary>
public sealed class StepFunctions(IngestSteps activities)
{
    [Function(nameof(ClaimUpload))]
    public Task<ClaimOutcome> ClaimUpload([ActivityTrigger] IngestRequest request, CancellationToken cancellationToken) =>
        activities.ClaimAsync(request, cancellationToken);

    [Function(nameof(InspectVideo))]
    public Task<StepOutcome> InspectVideo([ActivityTrigger] IngestRun run, CancellationToken cancellationToken) =>
        activities.InspectAsync(run, cancellationToken);

    [Function(nameof(PrepareVideo))]
    public Task<StepOutcome> PrepareVideo([ActivityTrigger] IngestRun run, CancellationToken cancellationToken) =>
        activities.PrepareAsync(run, cancellationToken);

    [Function(nameof(PlanChunks))]
    public Task<PlanOutcome> PlanChunks([ActivityTrigger] IngestRun run, CancellationToken cancellationToken) =>
        activities.PlanAsync(run, cancellationToken);

    [Function(nameof(SendChunk))]
    public Task<StepOutcome> SendChunk([ActivityTrigger] ChunkStep step, CancellationToken cancellationToken) =>
        activities.SendAsync(step.Run, step.Chunk, cancellationToken);

    [Function(nameof(VerifyChunk))]
    public Task<StepOutcome> VerifyChunk([ActivityTrigger] ChunkStep step, CancellationToken cancellationToken) =>
        activities.VerifyAsync(step.Run, step.Chunk, cancellationToken);

    [Function(nameof(CommitVideo))]
    public Task<StepOutcome> CommitVideo([ActivityTrigger] IngestRun run, CancellationToken cancellationToken) =>
        activities.CommitAsync(run, cancellationToken);

    [Function(nameof(CleanUpVideo))]
    public Task<StepOutcome> CleanUpVideo([ActivityTrigger] IngestRun run, CancellationToken cancellationToken) =>
        activities.CleanUpAsync(run, cancellationToken);

    [Function(nameof(FailIngest))]
    public Task FailIngest([ActivityTrigger] FailedIngest failed, CancellationToken cancellationToken) =>
        activities.FailAsync(failed.Run, failed.Reason, cancellationToken);

    [Function(nameof(ReportIngest))]
    public Task ReportIngest([ActivityTrigger] IngestReport report, CancellationToken cancellationToken) =>
        activities.ReportAsync(report.Run, report.Stage, report.ChunksDone, cancellationToken);
}
