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
    [Description("Sites whose scripts may read it; none = any.")]
    [ListOf(NewLink.MaxOrigins, IsUrl = true)]
        ImmutableArray<string>? Origins,
    ImmutableArray<LinkKind>? Kinds
)
{
    public const int MaxOrigins = 16;
}

/// <summary>A minted link. Whoever has <paramref name="Url"/> can play the video until <paramref name="Expires"/>.</summary>
internal sealed record LinkView(
    [Url] string Url,
    string Token,
    VideoId Video,
    DateTimeOffset Expires,
    ImmutableArray<string> Origins,
    ImmutableArray<LinkKind> Kinds
);
