using Microsoft.Azure.Functions.Worker;
using TgVault.Core.Ingest;

namespace TgVault.Functions.Ingest;

/// <summary>What the ingest workflow calls, as activities. Each is safe to repeat; Core says what each does.</summary>
public sealed class StepFunctions(IIngestSteps steps)
{
    [Function(nameof(ClaimUpload))]
    public Task<ClaimOutcome> ClaimUpload([ActivityTrigger] IngestRequest request, CancellationToken cancellationToken) =>
        steps.ClaimAsync(request, cancellationToken);

    [Function(nameof(RunStep))]
    public Task<StepOutcome> RunStep([ActivityTrigger] StepCall call, CancellationToken cancellationToken) =>
        steps.RunAsync(IngestOrder.RowOf(call.Step), call.Run, call.Ordinal, cancellationToken);

    [Function(nameof(FailIngest))]
    public Task FailIngest([ActivityTrigger] FailedIngest failed, CancellationToken cancellationToken) =>
        steps.FailAsync(failed.Run, failed.Reason, cancellationToken);

    [Function(nameof(ReportIngest))]
    public Task ReportIngest([ActivityTrigger] IngestReport report, CancellationToken cancellationToken) =>
        steps.ReportAsync(report.Run, report.Stage, report.ChunksDone, cancellationToken);
}
