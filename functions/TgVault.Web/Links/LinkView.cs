using System.Collections.Immutable;
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using TgVault.Core;
using TgVault.Core.Links;
using TgVault.Web.Http;

namespace TgVault.Web.Links;

/// <summary>What a link is asked for with. Names the request's fields and their limits; <see cref="JsonBody"/> reads them.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record NewLink(
    [Description("Seconds.")] [Range(1, double.PositiveInfinity)] long? Ttl,
    [Description("Sites whose pages may use it, besides the vault's own; none = any.")]
    [ListOf(NewLink.MaxOrigins, IsUrl = true)]
        ImmutableArray<string>? Origins,
    ImmutableArray<LinkKind>? Kinds,
    [Description("What to call it in lists; its holder does not see it.")] [MaxLength(NewLink.MaxLabel)] string? Label
)
{
    public const int MaxOrigins = 16;
    public const int MaxLabel = 200;
}

/// <summary>Whether a link is good.</summary>
internal enum LinkState
{
    Good,
    Expired,
    Revoked,
}

/// <summary>A link that the vault made. Whoever has <paramref name="Url"/> can play the video as long as it is good.</summary>
internal sealed record LinkView(
    [Description("Names this one link, for revoking it.")] string Id,
    VideoId Video,
    [Description("The video's name; absent where it is gone.")] string? Name,
    LinkState State,
    [Description("A secret; absent where the link is no longer good.")] [Url] string? Url,
    [Description("What stands for the link in other addresses; a secret, like the URL.")] string? Token,
    string Label,
    DateTimeOffset Created,
    DateTimeOffset Expires,
    [Description("When it was revoked by itself.")] DateTimeOffset? Revoked,
    ImmutableArray<string> Origins,
    ImmutableArray<LinkKind> Kinds
);

/// <summary>Links newest first; <paramref name="Continuation"/> asks for the next page.</summary>
internal sealed record LinkPageView(
    IReadOnlyList<LinkView> Links,
    [Description("Absent on the last page.")] string? Continuation,
    [Description("Of one video: what a link that is made elsewhere has to name as `epoch`; 0 need not be named.")] int? Epoch
);

/// <summary>A link that plays nothing any more.</summary>
internal sealed record RevokedLinkView(
    string Id,
    DateTimeOffset Revoked,
    [Description("Whose it was; absent where the vault did not make it, or where it is long gone.")] VideoId? Video
);

/// <summary>What ended when every link did.</summary>
internal sealed record AllLinksRevokedView(
    [Description("Links that the vault made, and that were good until now.")] int Links,
    [Description("Link keys: backends that have one need another.")] int LinkKeys
);

/// <summary>A video all of whose links until now are revoked.</summary>
internal sealed record RevokedLinksView(VideoId Video, [Description("What links name that are good from now on.")] int Epoch);
