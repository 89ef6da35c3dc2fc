using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using TgVault.Core.Orphans;

namespace TgVault.Core.Engine;

/// <summary>
/// Looks for documents that were posted without the vault knowing, soon after the start and then all the time. It comes before what posts,
/// and so ends after it.
/// </summary>
sealed class OrphanUpkeep(OrphanSearch search, TimeProvider time, ILogger<OrphanUpkeep> logger) : BackgroundService
{
    /// <summary>How often it asks whether there is something to look for: a few rows.</summary>
    static readonly TimeSpan Look = TimeSpan.FromSeconds(3);

    // To read every row of the chunks takes a while in a large library, and is not to be all that the vault does.
    const int Rest = 10;

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await search.EndAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var wait = Look;
        while (true)
        {
            // The host's start waits for what a service does before its first wait.
            await Task.Delay(wait, time, stoppingToken);
            try
            {
                await search.RunAsync(stoppingToken);
            }
#pragma warning disable CA1031 // Reported, and tried again: mostly Telegram does not answer.
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
#pragma warning restore CA1031
            {
                logger.SearchingFailed(exception);
            }

            var rest = Rest * search.ListingTook;
            wait = rest > Look ? rest : Look;
        }
    }
}
