namespace TgVault.Core.Webhooks;

/// <summary>Everything that there is to do for webhooks at one time, for an engine that is run now and then.</summary>
public sealed class WebhookRound
{
    readonly WebhookRing _webhooks;
    readonly IEventTeller _teller;
    readonly Deliveries _deliveries;
    readonly TimeProvider _time;

    internal WebhookRound(WebhookRing webhooks, IEventTeller teller, Deliveries deliveries, TimeProvider time)
    {
        _webhooks = webhooks;
        _teller = teller;
        _deliveries = deliveries;
        _time = time;
    }

    /// <summary>Tells what happened and sends what is due. Without webhooks it reads their rows, and no more.</summary>
    /// <param name="longest">After that no further message is begun.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task RunAsync(TimeSpan longest, CancellationToken cancellationToken)
    {
        var until = _time.GetUtcNow() + longest;
        var webhooks = await _webhooks.RememberedAsync(cancellationToken);
        if (webhooks.Count == 0)
            return;
        await _teller.TellAllAsync(cancellationToken);
        // Beside each other: one that does not answer keeps no other waiting.
        await Task.WhenAll(webhooks.Select(webhook => _deliveries.SendDueAsync(webhook.Id, until, cancellationToken)));
    }
}
