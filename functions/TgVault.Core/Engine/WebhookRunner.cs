using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using TgVault.Core.Settings;
using TgVault.Core.Webhooks;

namespace TgVault.Core.Engine;

/// <summary>
/// Tells webhooks what happened, as soon as it did; on one machine. Each is sent to by itself, so a slow one delays no other.
/// </summary>
sealed class WebhookRunner(
    WebhookRing webhooks,
    IEventTeller teller,
    Deliveries deliveries,
    UploadSettings settings,
    TimeProvider time,
    ILogger<WebhookRunner> logger
) : BackgroundService
{
    readonly Dictionary<string, Task> _sending = new(StringComparer.Ordinal);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The host's start waits for what a service does before its first wait.
        await Task.Yield();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(settings.WatchMilliseconds), time);
        do
        {
            await TryAsync(() => LookAsync(stoppingToken), stoppingToken);
        } while (!stoppingToken.IsCancellationRequested && await TickAsync(timer, stoppingToken));
        await Task.WhenAll(_sending.Values);
    }

    async Task LookAsync(CancellationToken stopping)
    {
        var all = await webhooks.RememberedAsync(stopping);
        if (all.Count == 0)
            return;
        await teller.TellAllAsync(stopping);
        foreach (var webhook in all)
        {
            if (!_sending.TryGetValue(webhook.Id, out var running) || running.IsCompleted)
                _sending[webhook.Id] = TryAsync(() => deliveries.SendDueAsync(webhook.Id, DateTimeOffset.MaxValue, stopping), stopping);
        }
    }

    static async Task<bool> TickAsync(PeriodicTimer timer, CancellationToken stopping)
    {
        try
        {
            return await timer.WaitForNextTickAsync(stopping);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    async Task TryAsync(Func<Task> work, CancellationToken stopping)
    {
        try
        {
            await work();
        }
#pragma warning disable CA1031 // Reported, and tried again at the next look.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            if (!stopping.IsCancellationRequested)
                logger.WebhooksFailed(exception);
        }
    }
}
