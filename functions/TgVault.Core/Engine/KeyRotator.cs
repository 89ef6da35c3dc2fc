using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using TgVault.Core.Rotation;

namespace TgVault.Core.Engine;

/// <summary>
/// Rotates the master secret on one machine, beside everything else. Where nothing is to be rotated, it is over after a look.
/// </summary>
public sealed class KeyRotator(IKeyRotation rotation, IIngestScheduler scheduler, TimeProvider time, ILogger<KeyRotator> logger)
    : BackgroundService
{
    static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(1);
    static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(30);

    readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when nothing needs a former master secret any more; at once where there is none.</summary>
    public Task Done => _done.Task;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The host's start waits for what a service does before its first wait.
        await Task.Yield();
        while (!_done.Task.IsCompleted)
        {
            var pause = TimeSpan.Zero;
            try
            {
                switch (await rotation.StepAsync(scheduler.AmendAsync, stoppingToken))
                {
                    case RotationStep.Done:
                        _done.SetResult();
                        break;
                    case RotationStep.Waits:
                        pause = AskAgain;
                        break;
                }
            }
#pragma warning disable CA1031 // Reported, and tried again.
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
#pragma warning restore CA1031
            {
                logger.RotatingFailed(exception);
                pause = AfterFailure;
            }

            await Task.Delay(pause, time, stoppingToken);
        }
    }
}
