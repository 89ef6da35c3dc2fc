using System.Collections.Immutable;
using TgVault.Core.Videos;

namespace TgVault.Core.Webhooks;

/// <summary>An address that is told what happens to videos, as it is known: never what its messages are signed with.</summary>
/// <param name="Id">16 hex digits.</param>
/// <param name="Url">Where messages are sent.</param>
/// <param name="Kinds">What it is told of, each once; never empty.</param>
/// <param name="Label">What a person calls it; may be empty.</param>
/// <param name="Created">When it was made.</param>
public sealed record Webhook(string Id, Uri Url, ImmutableArray<LifeEventKind> Kinds, string Label, DateTimeOffset Created)
{
    /// <summary>Since when nothing is sent: it said that it is gone (410), or a person wants it so. Null where it is sent to.</summary>
    public DateTimeOffset? Disabled { get; init; }

    /// <summary>Whether it was a person who disabled it: then only a person ends that.</summary>
    public bool IsPaused { get; init; }

    /// <summary>Until when messages are signed with the secret before, too; null where there is none.</summary>
    public DateTimeOffset? FormerSecretUntil { get; init; }
}

/// <summary>A webhook with a secret just made. <paramref name="Secret"/> (<c>whsec_...</c>) is told this once and kept nowhere.</summary>
public sealed record MadeWebhook(Webhook Webhook, string Secret);

/// <summary>What is to be changed of a webhook; what is null stays.</summary>
public sealed record WebhookChange
{
    /// <summary>Where messages go from now on, those that wait among them.</summary>
    public string? Url { get; init; }

    /// <summary>What it is told of; none: everything.</summary>
    public IReadOnlyCollection<LifeEventKind>? Kinds { get; init; }

    /// <summary>At most 64 characters of one line; may be empty.</summary>
    public string? Label { get; init; }

    /// <summary>Whether it is sent to. What happens while it is not is not told later.</summary>
    public bool? IsEnabled { get; init; }
}
