using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using TgVault.Core.Library;

namespace TgVault.Core.Engine;

/// <summary>
/// After a start of a new version: makes videos of an earlier one findable, beside everything else. Where all are, it is over after a look.
/// </summary>
sealed class LibraryIndexer(ILibrary library, TimeProvider time, ILogger<LibraryIndexer> logger) : BackgroundService
{
    public static readonly TimeSpan Again = TimeSpan.FromSeconds(30);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The host's start waits for what a service does before its first wait.
        await Task.Yield();
        for (var isDone = false; !isDone; )
        {
            try
            {
                isDone = await library.IndexAsync(stoppingToken);
            }
#pragma warning disable CA1031 // Reported, and tried again.
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
#pragma warning restore CA1031
            {
                logger.IndexingFailed(exception);
                await Task.Delay(Again, time, stoppingToken);
            }
        }
    }
}
