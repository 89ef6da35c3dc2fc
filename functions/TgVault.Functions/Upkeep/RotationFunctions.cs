using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using TgVault.Core.Rotation;
using TgVault.Functions.Ingest;

namespace TgVault.Functions.Upkeep;

/// <summary>Goes on with a rotation of the master secret; where there is none, it reads one row.</summary>
public sealed class RotationFunctions(IKeyRotation rotation, IngestInstances instances, TimeProvider time)
{
    /// <summary>How long a timer rotates at a time: the app's functions may run for five minutes.</summary>
    static readonly TimeSpan RotatingTime = TimeSpan.FromMinutes(3);

    static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(10);

    /// <summary>Every five minutes, between the others. Manifests are posted by amendments, which have instances of their own.</summary>
    [Function(nameof(RotateKeys))]
    public async Task RotateKeys(
        [TimerTrigger("0 1/5 * * * *")] TimerInfo timer,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken
    )
    {
        var end = time.GetUtcNow() + RotatingTime;
        while (time.GetUtcNow() < end)
        {
            var step = await rotation.StepAsync(
                (video, cancellation) => instances.AmendAsync(client, video, cancellation),
                cancellationToken
            );
            if (step == RotationStep.Done)
                return;
            if (step == RotationStep.Waits)
                await Task.Delay(AskAgain, time, cancellationToken);
        }
    }
}
