using System.Collections.Immutable;
using TgVault.Core.Settings;

namespace TgVault.Core.Links;

/// <summary>What a link may be used for.</summary>
public enum LinkKind
{
    /// <summary>The prepared file by byte ranges.</summary>
    Mp4,
    Hls,
    Dash,

    /// <summary>The page that other sites embed, and its poster.</summary>
    Embed,

    /// <summary>Poster and storyboard.</summary>
    Pictures,
}

/// <summary>What is asked for when a link is made.</summary>
/// <param name="Lifetime">
/// From one second to <see cref="LinkSettings.MaxLifetimeMinutes"/>; null: <see cref="LinkSettings.DefaultLifetimeMinutes"/>.
/// </param>
/// <param name="Origins">Sites that may embed it, as <c>https://host[:port]</c>; none: any.</param>
/// <param name="Kinds">What it may be used for; none: everything.</param>
public sealed record LinkRequest(VideoId Video, TimeSpan? Lifetime, ImmutableArray<string> Origins, ImmutableArray<LinkKind> Kinds);

/// <summary>A link that was made. <paramref name="Token"/> goes into URLs as it is; whoever has it may play the video until then.</summary>
public sealed record MintedLink(string Token, DateTimeOffset Expires);

/// <summary>What a valid link says.</summary>
/// <param name="Id">Names this one link, for revoking it; null where its maker gave none.</param>
/// <param name="Origins">Null: any site may embed it; otherwise only these.</param>
public sealed record VideoLink(
    VideoId Video,
    DateTimeOffset Expires,
    string? Id,
    ImmutableArray<string>? Origins,
    ImmutableArray<LinkKind> Kinds
)
{
    public bool Allows(LinkKind kind) => Kinds.Contains(kind);
}

/// <summary>What checking a token says.</summary>
public enum LinkStatus
{
    Valid,

    /// <summary>It was a link of this vault once.</summary>
    Expired,

    /// <summary>Not a link of this vault, or not valid yet.</summary>
    Invalid,
}

/// <summary>What checking a link found; <paramref name="Link"/> is set only where it is valid.</summary>
public readonly record struct LinkCheck(LinkStatus Status, VideoLink? Link)
{
    public static LinkCheck Invalid => new(LinkStatus.Invalid, null);

    public static LinkCheck Expired => new(LinkStatus.Expired, null);
}
