using Microsoft.DurableTask;
using TgVault.Core.Ingest;
using TgVault.Core.Videos;

namespace TgVault.Functions.Ingest;

/// <summary>The steps as activities of a durable orchestration. Everything awaited here comes from the context, so that replay finds the same order again.</summary>
sealed class DurableIngestSteps(TaskOrchestrationContext context) : IIngestSteps
{
    readonly RemovableDelay _delay = new(context);
    int _chunks;

    public Task<ClaimOutcome> ClaimAsync(IngestRequest request) =>
        context.CallActivityAsync<ClaimOutcome>(nameof(StepFunctions.ClaimUpload), request, Retries.Record);

    public Task<StepOutcome> InspectAsync(IngestRun run) => StepAsync(nameof(StepFunctions.InspectVideo), run, IngestStage.Inspecting);

    public Task<StepOutcome> PrepareAsync(IngestRun run) => StepAsync(nameof(StepFunctions.PrepareVideo), run, IngestStage.Preparing);

    public async Task<PlanOutcome> PlanAsync(IngestRun run)
    {
        var plan = await context.CallActivityAsync<PlanOutcome>(nameof(StepFunctions.PlanChunks), run, Retries.Step);
        _chunks = plan.Chunks;
        return plan;
    }

    public Task<StepOutcome> SendAsync(IngestRun run, int chunk) =>
        context.CallActivityAsync<StepOutcome>(nameof(StepFunctions.SendChunk), new ChunkStep(run, chunk), Retries.Step);

    public Task<StepOutcome> VerifyAsync(IngestRun run, int chunk) =>
        context.CallActivityAsync<StepOutcome>(nameof(StepFunctions.VerifyChunk), new ChunkStep(run, chunk), Retries.Step);

    public Task<StepOutcome> CommitAsync(IngestRun run) => StepAsync(nameof(StepFunctions.CommitVideo), run, IngestStage.Committing);

    public Task<StepOutcome> CleanUpAsync(IngestRun run) => StepAsync(nameof(StepFunctions.CleanUpVideo), run, IngestStage.CleaningUp);

    public Task FailAsync(IngestRun run, string reason) =>
        context.CallActivityAsync(nameof(StepFunctions.FailIngest), new FailedIngest(run, reason), Retries.Record);

    public Task ReportAsync(IngestRun run, IngestStage stage, int chunksDone)
    {
        Show(run, stage, chunksDone);
        return context.CallActivityAsync(nameof(StepFunctions.ReportIngest), new IngestReport(run, stage, chunksDone), Retries.Record);
    }

    public Task DelayAsync(TimeSpan delay) => _delay.WaitAsync(delay);

    Task<StepOutcome> StepAsync(string activity, IngestRun run, IngestStage stage)
    {
        Show(run, stage, _chunks);
        return context.CallActivityAsync<StepOutcome>(activity, run, Retries.Step);
    }

    void Show(IngestRun run, IngestStage stage, int chunksDone) =>
        context.SetCustomStatus(new IngestStatus(run.Video.ToString(), run.Attempt, stage.ToString(), chunksDone, _chunks));
}
