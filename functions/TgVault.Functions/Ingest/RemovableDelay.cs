using Microsoft.DurableTask;

namespace TgVault.Functions.Ingest;

/// <summary>Waits that end early when the video is removed: the next step then finds that there is nothing left to do.</summary>
sealed class RemovableDelay(TaskOrchestrationContext context)
{
    /// <summary>The event that tells an instance that its video is being removed.</summary>
    public const string Removed = "Removed";

    readonly Task _removed = context.WaitForExternalEvent<bool>(Removed);

    public async Task WaitAsync(TimeSpan delay)
    {
        using var early = new CancellationTokenSource();
        var timer = context.CreateTimer(delay, early.Token);
        // An instance is not over before its timers are. CancelAsync would leave the orchestrator's thread.
#pragma warning disable CA1849
        if (await Task.WhenAny(timer, _removed) != timer)
            early.Cancel();
#pragma warning restore CA1849
    }
}
