using Microsoft.Extensions.Logging;
using TgVault.Core.Rows;
using TgVault.Core.Videos;

namespace TgVault.Core.Webhooks;

/// <summary>
/// The messages to webhooks: each is sent until it is taken or a day is over, so at least once. Those that ended are kept, the newest
/// <see cref="Kept"/> of each webhook, and can be sent again. For any number of threads.
/// </summary>
public sealed class Deliveries
{
    /// <summary>How many of a webhook that ended can be looked at.</summary>
    public const int Kept = 100;

    const string TestType = "webhook.test";

    readonly DeliveryTable _table;
    readonly WebhookRing _webhooks;
    readonly WebhookClient _client;
    readonly TimeProvider _time;
    readonly ILogger<Deliveries> _logger;

    /// <param name="rows"><see cref="VaultTables.Vault"/>; it must exist.</param>
    /// <param name="webhooks">Knows the addresses and signs.</param>
    /// <param name="client">Sends.</param>
    /// <param name="time">Says when a message is due.</param>
    /// <param name="logger">Told of what is given up.</param>
    internal Deliveries(IRowTable rows, WebhookRing webhooks, WebhookClient client, TimeProvider time, ILogger<Deliveries> logger)
    {
        _table = new DeliveryTable(rows);
        _webhooks = webhooks;
        _client = client;
        _time = time;
        _logger = logger;
    }

    /// <summary>The newest first: at most so many.</summary>
    public async Task<IReadOnlyList<Delivery>> ListAsync(Webhook webhook, int limit, CancellationToken cancellationToken)
    {
        var deliveries = new List<Delivery>();
        await foreach (var delivery in _table.ListAsync(webhook.Id, cancellationToken))
        {
            deliveries.Add(delivery);
            if (deliveries.Count >= limit)
                break;
        }

        return deliveries;
    }

    /// <summary>Sends a message that tells of nothing, once. One that is taken also ends that nothing is sent there.</summary>
    public async Task<Delivery> TestAsync(Webhook webhook, CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        var delivery = new Delivery(VideoId.New(now).ToString(), TestType, null, now) { State = DeliveryState.Failed };
        await _table.AddAsync(webhook.Id, new KeptDelivery(delivery, EventTeller.PayloadOf(TestType, now, "{}"u8)), cancellationToken);
        var tried = await SendAgainAsync(webhook, delivery.Message, cancellationToken);
        await _table.PruneAsync(webhook.Id, Kept, cancellationToken);
        return tried ?? delivery;
    }

    /// <summary>Sends a message again, now and once, whatever became of it. Null where there is none of this id.</summary>
    public async Task<Delivery?> SendAgainAsync(Webhook webhook, string message, CancellationToken cancellationToken)
    {
        if (await _table.FindAsync(webhook.Id, message, cancellationToken) is not { } kept)
            return null;
        var (tried, answer) = await TryAsync(webhook, kept, cancellationToken);
        if (answer?.IsTaken == true)
            await _webhooks.SetDisabledAsync(webhook.Id, isDisabled: false, cancellationToken);
        // What was over stays so; what waits is tried again when it would have been.
        var after = answer?.IsTaken == true ? tried : tried with { State = kept.Delivery.State, NextTry = kept.Delivery.NextTry };
        await _table.TryReplaceAsync(webhook.Id, kept with { Delivery = after }, cancellationToken);
        return after;
    }

    /// <summary>Removes what is kept of a webhook that was removed.</summary>
    public Task RemoveAsync(string webhook, CancellationToken cancellationToken) => _table.RemoveAsync(webhook, cancellationToken);

    /// <summary>Adds a message, to be sent at once.</summary>
    internal Task AddAsync(string webhook, LifeEvent told, VideoId video, byte[] payload, CancellationToken cancellationToken) =>
        _table.AddAsync(
            webhook,
            new KeptDelivery(new Delivery(told.Id, LifeEvent.NameOf(told.Kind), video, told.Time) { NextTry = told.Time }, payload),
            cancellationToken
        );

    /// <summary>
    /// Sends what is due to one webhook, one after the other, the oldest first. Where it cannot be reached, the rest waits for the
    /// next call.
    /// </summary>
    /// <param name="id">Of the webhook.</param>
    /// <param name="until">When no further one is begun.</param>
    /// <param name="cancellationToken">Stops sending.</param>
    public async Task SendDueAsync(string id, DateTimeOffset until, CancellationToken cancellationToken)
    {
        const int AtOnce = 100;
        var sent = false;
        await foreach (var kept in _table.ListDueAsync(id, _time.GetUtcNow(), AtOnce, cancellationToken))
        {
            if (_time.GetUtcNow() >= until || await _webhooks.FindAsync(id, cancellationToken) is not { } webhook)
                break;
            sent = true;
            if (!await SendAsync(webhook, kept, cancellationToken))
                break;
        }

        if (sent)
            await _table.PruneAsync(id, Kept, cancellationToken);
    }

    /// <summary>False where the next one would come no further.</summary>
    async Task<bool> SendAsync(Webhook webhook, KeptDelivery kept, CancellationToken cancellationToken)
    {
        if (webhook.Disabled is not null)
        {
            var dropped = kept.Delivery with
            {
                State = DeliveryState.Failed,
                NextTry = null,
                Problem = webhook.IsPaused
                    ? "The webhook was disabled before it could be sent."
                    : "The webhook was disabled, for it had answered that it is gone (410).",
            };
            await _table.TryReplaceAsync(webhook.Id, kept with { Delivery = dropped }, cancellationToken);
            return true;
        }

        var (tried, answer) = await TryAsync(webhook, kept, cancellationToken);
        await _table.TryReplaceAsync(webhook.Id, kept with { Delivery = tried }, cancellationToken);
        if (tried.State == DeliveryState.Failed)
            _logger.DeliveryGivenUp(tried.Message, webhook.Id);
        return answer is { IsUnreachable: false };
    }

    /// <summary>One try, and the delivery as it is after it; no answer where it could not be signed.</summary>
    async Task<(Delivery Tried, WebhookAnswer? Answer)> TryAsync(Webhook webhook, KeptDelivery kept, CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        var tried = kept.Delivery with { Tries = kept.Delivery.Tries + 1, LastTry = now };
        WebhookAnswer answer;
        try
        {
            var seconds = now.ToUnixTimeSeconds();
            var signature = await _webhooks.SignAsync(webhook.Id, tried.Message, seconds, kept.Payload, cancellationToken);
            if (signature is null)
                return (tried with { State = DeliveryState.Failed, NextTry = null, Problem = "The webhook is gone." }, null);
            answer = await _client.PostAsync(webhook.Url, tried.Message, seconds, signature, kept.Payload, cancellationToken);
        }
        catch (IntegrityException)
        {
            // It waits for a new secret as for a site that does not answer.
            answer = new WebhookAnswer(
                null,
                TimeSpan.Zero,
                "The master secret was rotated that its secret comes from: give it a new one with `./tgvault webhooks rotate`.",
                null
            );
        }

        if (answer.IsGone)
        {
            await _webhooks.SetDisabledAsync(webhook.Id, isDisabled: true, cancellationToken);
            _logger.WebhookGone(webhook.Id);
        }

        var wait = answer.IsTaken || answer.IsGone ? null : RetryTimes.After(tried.Tries, answer.RetryAfter);
        return (
            tried with
            {
                State =
                    answer.IsTaken ? DeliveryState.Delivered
                    : wait is null ? DeliveryState.Failed
                    : DeliveryState.Waiting,
                NextTry = wait is { } longer ? _time.GetUtcNow() + longer : null,
                Status = answer.Status,
                Milliseconds = (int)answer.Took.TotalMilliseconds,
                Problem = answer.Problem,
            },
            answer
        );
    }
}
