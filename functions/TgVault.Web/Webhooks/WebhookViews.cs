using System.Collections.Immutable;
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using TgVault.Core;
using TgVault.Core.Videos;
using TgVault.Core.Webhooks;
using TgVault.Web.Http;

namespace TgVault.Web.Webhooks;

/// <summary>What a webhook is asked for with. Names the request's fields and their limits; <see cref="JsonBody"/> reads them.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record NewWebhook(
    [Description("Where messages are posted: https, and no private network unless a setting allows that.")]
    [MaxLength(NewWebhook.MaxUrl)]
    [Url]
        string Url,
    [Description("What it is told of: `video.created`, `video.ready`, `video.failed`, `video.deleted`; none = all of them.")]
    [ListOf(NewWebhook.MaxEvents, MaxLength = NewWebhook.MaxEvent)]
        ImmutableArray<string>? Events,
    [Description("What a person calls it, in one line.")] [MaxLength(NewWebhook.MaxLabel)] string? Label
)
{
    public const int MaxUrl = 2000;
    public const int MaxEvents = 16;
    public const int MaxEvent = 64;
    public const int MaxLabel = 64;
}

/// <summary>What to change of a webhook. Names the request's fields and their limits.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record ChangedWebhook(
    [Description("Where messages are posted from now on, those that wait among them.")] [MaxLength(NewWebhook.MaxUrl)] [Url] string? Url,
    [Description("What it is told of; none = everything.")]
    [ListOf(NewWebhook.MaxEvents, MaxLength = NewWebhook.MaxEvent)]
        ImmutableArray<string>? Events,
    [MaxLength(NewWebhook.MaxLabel)] string? Label,
    [Description("Whether it is sent to. What happens while it is not is not told later.")] bool? Enabled
);

/// <summary>A webhook; what signs its messages is told only when that is made.</summary>
internal sealed record WebhookView(
    string Id,
    [Url] string Url,
    ImmutableArray<string> Events,
    string Label,
    DateTimeOffset Created,
    [Description("Whether it is sent to.")] bool Enabled,
    [Description(
        "Since when nothing is sent: it answered 410, which a test that it takes ends, or somebody wants it so. Absent where it is sent to."
    )]
        DateTimeOffset? Disabled,
    [Description("Until when messages are signed with the secret before, too; absent where there is none.")]
        DateTimeOffset? FormerSecretUntil
)
{
    public static WebhookView Of(Webhook webhook) =>
        new(
            webhook.Id,
            webhook.Url.AbsoluteUri,
            [.. webhook.Kinds.Select(LifeEvent.NameOf)],
            webhook.Label,
            webhook.Created,
            webhook.Disabled is null,
            webhook.Disabled,
            webhook.FormerSecretUntil
        );
}

/// <summary>All webhooks, the oldest first.</summary>
internal sealed record WebhookListView(IReadOnlyList<WebhookView> Webhooks);

/// <summary>A webhook with a secret just made, <c>whsec_...</c>, which is not told again.</summary>
internal sealed record MadeWebhookView(
    WebhookView Webhook,
    [Description("What libraries for Standard Webhooks verify messages with.")] string Secret
);

/// <summary>One message to a webhook, and how far it is.</summary>
internal sealed record DeliveryView(
    [Description("The message's id; every try sends it as `webhook-id`.")] string Id,
    [Description("`webhook.test`, or an event.")] string Type,
    [Description("Absent in a test.")] VideoId? Video,
    [Description("When what it tells of happened.")] DateTimeOffset Time,
    DeliveryState State,
    int Tries,
    [Description("Absent where it is over.")] DateTimeOffset? NextTry,
    [Description("Absent before the first.")] DateTimeOffset? LastTry,
    [Description("What the last try was answered with; absent where there was no answer.")] int? Status,
    [Description("How long the last try took.")] int? Milliseconds,
    [Description("Why the last try was not taken; absent where it was.")] string? Problem
)
{
    public static DeliveryView Of(Delivery delivery) =>
        new(
            delivery.Message,
            delivery.Type,
            delivery.Video,
            delivery.Time,
            delivery.State,
            delivery.Tries,
            delivery.NextTry,
            delivery.LastTry,
            delivery.Status,
            delivery.Milliseconds,
            delivery.Problem
        );
}

/// <summary>The newest messages to a webhook, newest first.</summary>
internal sealed record DeliveryListView(IReadOnlyList<DeliveryView> Deliveries);
