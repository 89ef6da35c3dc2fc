using Microsoft.DurableTask;
using TgVault.Core.Ingest;
using TgVault.Core.Videos;

namespace TgVault.Functions.Ingest;

/// <summary>
/// The workflow's calls as activities and timers of a durable orchestration. Everything awaited here comes from the context, so that replay
/// finds the same order again.
/// </summary>
sealed class DurableEngine(TaskOrchestrationContext context) : IIngestEngine
{
    readonly RemovableDelay _delay = new(context);
    int _chunks;

    public Task<ClaimOutcome> ClaimAsync(IngestRequest request) =>
        context.CallActivityAsync<ClaimOutcome>(nameof(StepFunctions.ClaimUpload), request, Retries.Record);

    public async Task<StepOutcome> RunAsync(StepRow row, IngestRun run, int ordinal)
    {
        if (row.Scope == StepScope.Video)
            Show(run, row.Stage, _chunks);
        var call = new StepCall(run, row.Step, ordinal);
        var outcome = await context.CallActivityAsync<StepOutcome>(nameof(StepFunctions.RunStep), call, Retries.Step);
        _chunks = outcome.Cut?.Chunks ?? _chunks;
        return outcome;
    }

    public Task FailAsync(IngestRun run, string reason) =>
        context.CallActivityAsync(nameof(StepFunctions.FailIngest), new FailedIngest(run, reason), Retries.Record);

    public Task ReportAsync(IngestRun run, IngestStage stage, int chunksDone)
    {
        Show(run, stage, chunksDone);
        return context.CallActivityAsync(nameof(StepFunctions.ReportIngest), new IngestReport(run, stage, chunksDone), Retries.Record);
    }

    public Task DelayAsync(TimeSpan delay) => _delay.WaitAsync(delay);

    void Show(IngestRun run, IngestStage stage, int chunksDone) =>
        context.SetCustomStatus(new IngestStatus(run.Video.ToString(), run.Attempt, stage.ToString(), chunksDone, _chunks));
}
