using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using TgVault.Core.Replicas.Copies;

namespace TgVault.Core.Engine;

/// <summary>Has replicas follow what is stored, beside everything else: soon after each change, and again where one could not.</summary>
sealed class ReplicaUpkeep(Replication replication, TimeProvider time, ILogger<ReplicaUpkeep> logger) : BackgroundService
{
    /// <summary>How often it looks whether something was stored: one row.</summary>
    public static readonly TimeSpan Look = TimeSpan.FromSeconds(2);

    /// <summary>How long until it tries again where nothing changed. At first soon: a video may have been about to be ready.</summary>
    static readonly TimeSpan[] Again = [Look, TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5)];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The host's start waits for what a service does before its first wait.
        await Task.Yield();
        if (!replication.IsWanted)
            return;
        var (seen, tries, due) = (-1L, 0, DateTimeOffset.MinValue);
        while (true)
        {
            try
            {
                var sequence = await replication.FindSequenceAsync(stoppingToken);
                if (sequence != seen)
                    (seen, tries, due) = (sequence, 0, DateTimeOffset.MinValue);
                if (time.GetUtcNow() >= due)
                {
                    due = await replication.RunAsync(stoppingToken)
                        ? DateTimeOffset.MaxValue
                        : time.GetUtcNow() + Again[Math.Min(tries++, Again.Length - 1)];
                }
            }
#pragma warning disable CA1031 // Reported, and tried again.
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
#pragma warning restore CA1031
            {
                logger.ReplicatingFailed(exception);
                due = time.GetUtcNow() + Again[^1];
            }

            await Task.Delay(Look, time, stoppingToken);
        }
    }
}
