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
public sealed record LinkRequest(VideoId Video, TimeSpan? Lifetime, ImmutableArray<string> Origins, ImmutableArray<LinkKind> Kinds)
{
    /// <summary>The video's epoch of links.</summary>
    public int Epoch { get; init; }

    /// <summary>What its owner calls it; not in the link itself.</summary>
    public string Label { get; init; } = "";

    /// <summary>Where it is part of another link and shall end with it: that one's id. Null: it gets one of its own.</summary>
    public string? PartOf { get; init; }

    /// <summary>Then also the id of the key that signed that one, which signs this one too; null: the vault's own.</summary>
    public string? LinkKey { get; init; }
}

/// <summary>A link as the vault knows it that made it: all that its text says, and what its owner says of it.</summary>
public sealed record KnownLink
{
    /// <summary>Names this one link, for revoking it.</summary>
    public required string Id { get; init; }

    public required VideoId Video { get; init; }

    public required DateTimeOffset Created { get; init; }

    public required DateTimeOffset Expires { get; init; }

    /// <summary>The sites that may show it; null: any.</summary>
    public ImmutableArray<string>? Origins { get; init; }

    /// <summary>What it may be used for; never empty.</summary>
    public required ImmutableArray<LinkKind> Kinds { get; init; }

    /// <summary>The video's epoch of links when it was made.</summary>
    public int Epoch { get; init; }

    /// <summary>Which version of the vault key signs it.</summary>
    public required int KeyVersion { get; init; }

    /// <summary>The id of the key that signs it; null: the vault's own of that version, which has no id.</summary>
    public string? Key { get; init; }

    /// <summary>What its owner calls it; may be empty.</summary>
    public string Label { get; init; } = "";

    /// <summary>When it was revoked by itself; null where it was not.</summary>
    public DateTimeOffset? Revoked { get; init; }
}

/// <summary>A link that was made. <paramref name="Token"/> goes into URLs as it is; whoever has it may play the video until then.</summary>
public sealed record MintedLink(string Token, KnownLink Link)
{
    public DateTimeOffset Expires => Link.Expires;
}

/// <summary>What a valid link says.</summary>
/// <param name="Id">Names this one link, for revoking it: its <c>jti</c>, or a name made of its text where its maker gave none.</param>
/// <param name="Origins">Null: any site may embed it; otherwise only these.</param>
public sealed record VideoLink(
    VideoId Video,
    DateTimeOffset Expires,
    string Id,
    ImmutableArray<string>? Origins,
    ImmutableArray<LinkKind> Kinds
)
{
    /// <summary>The video's epoch of links when it was made; it is good in that one only.</summary>
    public int Epoch { get; init; }

    /// <summary>
    /// The id of the link key that signed it, or of the vault's own where that has one; null: the vault's own key that has none did.
    /// </summary>
    public string? LinkKey { get; init; }

    /// <summary>What its header calls the key that signed it.</summary>
    public string SignedBy => Signer.ToString();

    internal LinkKeyId Signer { get; init; }

    public bool Allows(LinkKind kind) => Kinds.Contains(kind);
}

/// <summary>What checking a token says.</summary>
public enum LinkStatus
{
    Valid,

    /// <summary>It was a link of this vault once.</summary>
    Expired,

    /// <summary>It was a link of this vault, and was ended before its time. Not said by its text.</summary>
    Revoked,

    /// <summary>Not a link of this vault, or not valid yet.</summary>
    Invalid,
}

/// <summary>What checking a link found; <paramref name="Link"/> is set only where it is valid.</summary>
public readonly record struct LinkCheck(LinkStatus Status, VideoLink? Link)
{
    public static LinkCheck Invalid => new(LinkStatus.Invalid, null);

    public static LinkCheck Expired => new(LinkStatus.Expired, null);

    public static LinkCheck Revoked => new(LinkStatus.Revoked, null);
}
