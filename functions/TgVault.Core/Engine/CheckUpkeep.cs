using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using TgVault.Core.Replicas.Copies;

namespace TgVault.Core.Engine;

/// <summary>Has each night's share of what is stored looked at, beside everything else.</summary>
sealed class CheckUpkeep(NightlyCheck check, TimeProvider time, ILogger<CheckUpkeep> logger) : BackgroundService
{
    /// <summary>When it looks whether a share is due: often, since machines sleep and clocks are set.</summary>
    internal static readonly TimeSpan Look = TimeSpan.FromMinutes(15);

    /// <summary>The start itself is not to share Telegram with it.</summary>
    internal static readonly TimeSpan AfterStart = TimeSpan.FromMinutes(2);

    static readonly TimeSpan AtOnce = TimeSpan.FromMinutes(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Delay(AfterStart, time, stoppingToken);
        while (true)
        {
            try
            {
                var began = time.GetTimestamp();
                // One whose time was up goes on at once; one that has to wait does later.
                while (!await check.RunAsync(AtOnce, stoppingToken) && time.GetElapsedTime(began) >= AtOnce)
                    began = time.GetTimestamp();
            }
#pragma warning disable CA1031 // Reported, and tried again.
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
#pragma warning restore CA1031
            {
                logger.CheckingFailed(exception);
            }

            await Task.Delay(Look, time, stoppingToken);
        }
    }
}
