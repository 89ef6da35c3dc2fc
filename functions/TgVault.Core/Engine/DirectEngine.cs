using TgVault.Core.Ingest;
using TgVault.Core.Videos;

namespace TgVault.Core.Engine;

/// <summary>The workflow's calls made directly, each in its place. One per run of the workflow.</summary>
sealed class DirectEngine(IngestSteps steps, WorkPlaces places, WorkSignals signals, TimeProvider time) : IIngestEngine, IAsyncDisposable
{
    /// <summary>The longest wait of one that is told to hurry and still has to wait: where storage does not answer, say.</summary>
    static readonly TimeSpan HurriedWait = TimeSpan.FromSeconds(5);

    // Once for all chunks, which ask for it at the same time. Held to the end: what was begun is stored before the next one begins.
    readonly Lock _gate = new();
    Task<IDisposable>? _storing;

    public Task<ClaimOutcome> ClaimAsync(IngestRequest request) => steps.ClaimAsync(request, signals.Stopping);

    public async Task<StepOutcome> RunAsync(StepRow row, IngestRun run, int ordinal)
    {
        if (row.Stage >= IngestStage.Sending)
        {
            await EnterStoringAsync(run.Video);
            return await steps.RunAsync(row, run, ordinal, signals.Stopping);
        }

        using (await places.Preparing.EnterAsync(run.Video, signals))
            return await steps.RunAsync(row, run, ordinal, signals.Stopping);
    }

    public Task FailAsync(IngestRun run, string reason) => steps.FailAsync(run, reason, signals.Stopping);

    public Task ReportAsync(IngestRun run, IngestStage stage, int chunksDone) =>
        steps.ReportAsync(run, stage, chunksDone, signals.Stopping);

    public async Task DelayAsync(TimeSpan delay)
    {
        // The step was asked again since and still waits: not over and over without a pause.
        if (signals.Hurry.IsCompleted)
        {
            await Task.Delay(delay < HurriedWait ? delay : HurriedWait, time, signals.Stopping);
            return;
        }

        using var early = CancellationTokenSource.CreateLinkedTokenSource(signals.Stopping);
        await Task.WhenAny(Task.Delay(delay, time, early.Token), signals.Hurry);
        await early.CancelAsync();
        signals.Stopping.ThrowIfCancellationRequested();
    }

    public async ValueTask DisposeAsync()
    {
        if (_storing is { IsCompletedSuccessfully: true } storing)
            (await storing).Dispose();
    }

    Task<IDisposable> EnterStoringAsync(VideoId video)
    {
        lock (_gate)
            return _storing ??= places.Storing.EnterAsync(video, signals);
    }
}
