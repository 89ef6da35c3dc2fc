using System.Collections.Immutable;
using TgVault.Core.Rows;
using TgVault.Core.Videos;

namespace TgVault.Core.Webhooks;

/// <summary>A webhook with the names of its secrets.</summary>
sealed record KeptWebhook(Webhook Webhook, WebhookSecret Secret)
{
    public WebhookSecret? FormerSecret { get; init; }

    /// <summary>Empty on one not yet stored.</summary>
    public string RowVersion { get; init; } = "";
}

/// <summary>The rows of webhooks: partition <c>webhooks</c>, the key is the id.</summary>
sealed class WebhookTable(IRowTable rows)
{
    const string Partition = "webhooks";

    /// <summary>The oldest first.</summary>
    public async Task<ImmutableArray<KeptWebhook>> ListAsync(CancellationToken cancellationToken)
    {
        var webhooks = new List<KeptWebhook>();
        await foreach (var row in rows.ListAsync(RowRange.Of(Partition), RowLimits.MostPageRows, null, cancellationToken))
            webhooks.Add(Read(row));
        return [.. webhooks.OrderBy(kept => kept.Webhook.Created)];
    }

    /// <summary>Null where there is none, also where this is no id.</summary>
    public async Task<KeptWebhook?> FindAsync(string id, CancellationToken cancellationToken) =>
        IsId(id) && await rows.FindAsync(Partition, id, null, cancellationToken) is { } row ? Read(row) : null;

    public async Task<bool> TryAddAsync(KeptWebhook kept, CancellationToken cancellationToken) =>
        await rows.TryInsertAsync(Write(kept), cancellationToken) is not null;

    public async Task<bool> TryReplaceAsync(KeptWebhook kept, CancellationToken cancellationToken) =>
        await rows.TryReplaceAsync(Write(kept), kept.RowVersion, cancellationToken) is not null;

    public async Task<bool> TryRemoveAsync(string id, CancellationToken cancellationToken)
    {
        if (await FindAsync(id, cancellationToken) is null)
            return false;
        await rows.DeleteAsync(Partition, id, cancellationToken);
        return true;
    }

    static bool IsId(string id) => id.Length == 16 && id.All(char.IsAsciiHexDigitLower);

    static Row Write(KeptWebhook kept) =>
        new(Partition, kept.Webhook.Id)
        {
            ["Url"] = kept.Webhook.Url.AbsoluteUri,
            ["Kinds"] = string.Join(' ', kept.Webhook.Kinds),
            ["Label"] = kept.Webhook.Label,
            ["Created"] = kept.Webhook.Created,
            ["Disabled"] = kept.Webhook.Disabled,
            ["Paused"] = kept.Webhook.IsPaused ? true : null,
            ["KeyVersion"] = kept.Secret.Version,
            ["Secret"] = kept.Secret.Digits,
            ["FormerKeyVersion"] = kept.FormerSecret?.Version,
            ["FormerSecret"] = kept.FormerSecret?.Digits,
            ["FormerSecretUntil"] = kept.Webhook.FormerSecretUntil,
        };

    static KeptWebhook Read(Row row)
    {
        if (!Uri.TryCreate(row.Text("Url"), UriKind.Absolute, out var url) || row.Text("Secret") is not { } digits)
            throw new VaultException($"The row of webhook {row.Key} cannot be read: it was not written by this vault, or by a newer one.");
        var webhook = new Webhook(row.Key, url, ReadKinds(row.Text("Kinds")), row.Text("Label") ?? "", row.Time("Created") ?? row.Modified)
        {
            Disabled = row.Time("Disabled"),
            IsPaused = row.Boolean("Paused") == true,
            FormerSecretUntil = row.Time("FormerSecretUntil"),
        };
        return new KeptWebhook(webhook, new WebhookSecret(row.Int32("KeyVersion") ?? 1, digits))
        {
            FormerSecret = row.Text("FormerSecret") is { } former ? new WebhookSecret(row.Int32("FormerKeyVersion") ?? 1, former) : null,
            RowVersion = row.Version,
        };
    }

    // A kind that this version does not know is one that it does not tell of.
    static ImmutableArray<LifeEventKind> ReadKinds(string? text)
    {
        var names = (text ?? "").Split(' ');
        return [.. LifeEvent.Kinds.Where(kind => names.Contains(kind.ToString()))];
    }
}
