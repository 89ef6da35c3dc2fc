using System.Collections.Immutable;
using System.Security.Cryptography;
using TgVault.Core.Caching;
using TgVault.Core.Crypto;
using TgVault.Core.Library;
using TgVault.Core.Rows;
using TgVault.Core.Settings;
using TgVault.Core.Videos;

namespace TgVault.Core.Webhooks;

/// <summary>
/// The webhooks of a vault. All of them are remembered for <see cref="Remembered"/>: that late another instance hears of a change. For any
/// number of threads.
/// </summary>
public sealed class WebhookRing : IEventWishes, IDisposable
{
    /// <summary>How many there may be.</summary>
    public const int Most = 20;

    /// <summary>How long messages are signed with the former secret, too, after a new one was made.</summary>
    public static readonly TimeSpan FormerSecretKept = TimeSpan.FromHours(24);

    /// <summary>How long another instance may go by what was.</summary>
    public static readonly TimeSpan Remembered = TimeSpan.FromSeconds(30);

    readonly KeyRing _keys;
    readonly WebhookTable _table;
    readonly WebhookUrls _urls;
    readonly TimeProvider _time;
    readonly SharedCache<int, ImmutableArray<KeptWebhook>> _all;

    /// <param name="keys">What secrets are made from.</param>
    /// <param name="rows"><see cref="VaultTables.Vault"/>; it must exist.</param>
    /// <param name="settings">Which addresses are good.</param>
    /// <param name="time">Says when one was made.</param>
    internal WebhookRing(KeyRing keys, IRowTable rows, WebhookSettings settings, TimeProvider time)
    {
        _keys = keys;
        _table = new WebhookTable(rows);
        _urls = new WebhookUrls(settings);
        _time = time;
        _all = new SharedCache<int, ImmutableArray<KeptWebhook>>(1, _ => 1) { Lifetime = Remembered, Time = time };
    }

    /// <summary>Makes a webhook.</summary>
    /// <param name="url">Where messages go.</param>
    /// <param name="kinds">What it is told of; none: everything.</param>
    /// <param name="label">At most 64 characters of one line; may be empty.</param>
    /// <exception cref="ArgumentException">Nothing may be sent to this address; the message is meant for the caller.</exception>
    /// <exception cref="VaultException">There are as many as there may be.</exception>
    public async Task<MadeWebhook> MakeAsync(
        string url,
        IReadOnlyCollection<LifeEventKind> kinds,
        string label,
        CancellationToken cancellationToken
    )
    {
        var address = await _urls.CheckAsync(url, cancellationToken);
        if ((await _table.ListAsync(cancellationToken)).Length >= Most)
            throw new VaultException($"There are {Most} webhooks, and no more may be made: remove some that nobody uses.");
        var id = RandomNumberGenerator.GetHexString(16, lowercase: true);
        var made = new KeptWebhook(new Webhook(id, address, Wanted(kinds), label, _time.GetUtcNow()), WebhookSecret.New(_keys));
        if (!await _table.TryAddAsync(made, cancellationToken))
            throw new VaultException("Two webhooks were given one id, which chance all but excludes: make another.");
        Forget();
        return new MadeWebhook(made.Webhook, made.Secret.Tell(_keys));
    }

    /// <summary>All webhooks, the oldest first.</summary>
    public async Task<IReadOnlyList<Webhook>> ListAsync(CancellationToken cancellationToken) =>
        [.. (await _table.ListAsync(cancellationToken)).Select(Now)];

    /// <summary>The webhook of this id, as its row says now; null where there is none.</summary>
    public async Task<Webhook?> FindAsync(string id, CancellationToken cancellationToken) =>
        await _table.FindAsync(id, cancellationToken) is { } kept ? Now(kept) : null;

    /// <summary>Changes a webhook; its secret and its log stay. Another address is not gone, whatever the former one said. Null where
    /// there is none of this id.</summary>
    /// <exception cref="ArgumentException">Nothing may be sent to this address; the message is meant for the caller.</exception>
    public async Task<Webhook?> ChangeAsync(string id, WebhookChange change, CancellationToken cancellationToken)
    {
        var address = change.Url is { } url ? await _urls.CheckAsync(url, cancellationToken) : null;
        var changed = await ChangeAsync(id, kept => kept with { Webhook = Changed(kept.Webhook, change, address) }, cancellationToken);
        return changed is null ? null : Now(changed);
    }

    Webhook Changed(Webhook webhook, WebhookChange change, Uri? address)
    {
        var isElsewhere = address is not null && address != webhook.Url;
        var isPaused = change.IsEnabled is { } isEnabled ? !isEnabled : webhook.IsPaused;
        var goesOn = change.IsEnabled == true || (isElsewhere && !isPaused);
        return webhook with
        {
            Url = address ?? webhook.Url,
            Kinds = change.Kinds is { } kinds ? Wanted(kinds) : webhook.Kinds,
            Label = change.Label ?? webhook.Label,
            IsPaused = isPaused,
            Disabled =
                goesOn ? null
                : isPaused ? webhook.Disabled ?? _time.GetUtcNow()
                : webhook.Disabled,
        };
    }

    static ImmutableArray<LifeEventKind> Wanted(IReadOnlyCollection<LifeEventKind> kinds) =>
        kinds.Count == 0 ? LifeEvent.Kinds : [.. kinds.Distinct().Order()];

    /// <summary>Ends a webhook; what was to be sent to it is not. False where there is none of this id.</summary>
    public async Task<bool> RemoveAsync(string id, CancellationToken cancellationToken)
    {
        var removed = await _table.TryRemoveAsync(id, cancellationToken);
        Forget();
        return removed;
    }

    /// <summary>
    /// Gives a webhook a new secret. For <see cref="FormerSecretKept"/> its messages are signed with both. Null where there is none of this
    /// id.
    /// </summary>
    public async Task<MadeWebhook?> RotateAsync(string id, CancellationToken cancellationToken)
    {
        var secret = WebhookSecret.New(_keys);
        var changed = await ChangeAsync(
            id,
            kept =>
                kept with
                {
                    Webhook = kept.Webhook with { FormerSecretUntil = _time.GetUtcNow() + FormerSecretKept },
                    Secret = secret,
                    FormerSecret = kept.Secret,
                },
            cancellationToken
        );
        return changed is null ? null : new MadeWebhook(Now(changed), secret.Tell(_keys));
    }

    public void Dispose() => _all.Dispose();

    /// <inheritdoc/>
    async ValueTask<bool> IEventWishes.AreWantedAsync(LifeEventKind kind, CancellationToken cancellationToken) =>
        (await RememberedAsync(cancellationToken)).Any(webhook => webhook.Disabled is null && webhook.Kinds.Contains(kind));

    /// <summary>All webhooks as they were at most <see cref="Remembered"/> ago.</summary>
    internal async ValueTask<IReadOnlyList<Webhook>> RememberedAsync(CancellationToken cancellationToken) =>
        [.. (await _all.GetAsync(0, _table.ListAsync, cancellationToken)).Select(Now)];

    /// <summary>The header webhook-signature of a message: one signature, or two while the former secret counts.</summary>
    /// <exception cref="IntegrityException">The master secret that its secret comes from was rotated.</exception>
    internal async Task<string?> SignAsync(string id, string message, long unixSeconds, byte[] payload, CancellationToken cancellationToken)
    {
        if (await _table.FindAsync(id, cancellationToken) is not { } kept)
            return null;
        var signature = kept.Secret.Sign(_keys, message, unixSeconds, payload);
        return kept.FormerSecret is { } former && Now(kept).FormerSecretUntil is not null && former.CanSign(_keys)
            ? $"{signature} {former.Sign(_keys, message, unixSeconds, payload)}"
            : signature;
    }

    /// <summary>Sends nothing there any more, or again, as it answers. One that a person disabled stays so.</summary>
    internal Task SetDisabledAsync(string id, bool isDisabled, CancellationToken cancellationToken) =>
        ChangeAsync(
            id,
            kept =>
                kept.Webhook.Disabled is not null == isDisabled || kept.Webhook.IsPaused
                    ? null
                    : kept with
                    {
                        Webhook = kept.Webhook with { Disabled = isDisabled ? _time.GetUtcNow() : null },
                    },
            cancellationToken
        );

    async Task<KeptWebhook?> ChangeAsync(string id, Func<KeptWebhook, KeptWebhook?> change, CancellationToken cancellationToken)
    {
        while (await _table.FindAsync(id, cancellationToken) is { } kept)
        {
            if (change(kept) is not { } changed)
                return kept;
            if (!await _table.TryReplaceAsync(changed, cancellationToken))
                continue;
            Forget();
            return changed;
        }

        return null;
    }

    void Forget() => _all.RemoveWhere((_, _) => true);

    Webhook Now(KeptWebhook kept) =>
        kept.Webhook.FormerSecretUntil <= _time.GetUtcNow() ? kept.Webhook with { FormerSecretUntil = null } : kept.Webhook;
}
