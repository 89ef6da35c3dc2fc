using TgVault.Core.Ingest;
using TgVault.Core.Videos;

namespace TgVault.Core.Engine;

/// <summary>The workflow's calls made directly, each in its lane. One per run of the workflow.</summary>
sealed class DirectEngine(IngestSteps steps, Lanes lanes, WorkSignals signals, TimeProvider time) : IIngestEngine, IDisposable
{
    IDisposable? _storing;

    public Task<ClaimOutcome> ClaimAsync(IngestRequest request) => steps.ClaimAsync(request, signals.Stopping);

    public async Task<StepOutcome> RunAsync(StepRow row, IngestRun run, int ordinal)
    {
        if (row.Stage >= IngestStage.Sending)
        {
            // Held to the end: what was begun is stored before the next one begins.
            _storing ??= await lanes.Storing.EnterAsync(signals.Stopping);
            return await steps.RunAsync(row, run, ordinal, signals.Stopping);
        }

        using (await lanes.Preparing.EnterAsync(signals.Stopping))
            return await steps.RunAsync(row, run, ordinal, signals.Stopping);
    }

    public Task FailAsync(IngestRun run, string reason) => steps.FailAsync(run, reason, signals.Stopping);

    public Task ReportAsync(IngestRun run, IngestStage stage, int chunksDone) =>
        steps.ReportAsync(run, stage, chunksDone, signals.Stopping);

    public async Task DelayAsync(TimeSpan delay)
    {
        using var early = CancellationTokenSource.CreateLinkedTokenSource(signals.Stopping);
        await Task.WhenAny(Task.Delay(delay, time, early.Token), signals.Hurry);
        await early.CancelAsync();
        signals.Stopping.ThrowIfCancellationRequested();
    }

    public void Dispose() => _storing?.Dispose();
}
