using System.Collections.Immutable;
using TgVault.Core;

namespace TgVault.Web.Links;

/// <summary>What a link allows: one video, some kinds of playing it, from pages of some sites.</summary>
/// <param name="Origins">Sites (scheme, host, port) whose scripts may read it; empty = any.</param>
/// <param name="Kinds">Of <see cref="LinkKinds"/>; empty = all.</param>
public sealed record LinkPermit(VideoId Video, DateTimeOffset Expires, ImmutableArray<string> Origins, ImmutableArray<string> Kinds)
{
    public bool Allows(string kind) => Kinds.IsEmpty || Kinds.Contains(kind);
}

/// <summary>The kinds of link.</summary>
public static class LinkKinds
{
    public const string Mp4 = "mp4";

    public static ImmutableArray<string> All { get; } = [Mp4, "hls", "dash", "embed"];
}

public enum LinkVerdict
{
    Good,
    Expired,

    /// <summary>Not signed by this vault, or no link at all.</summary>
    Invalid,
}

/// <summary><paramref name="Permit"/> is set only for a good link.</summary>
public sealed record LinkCheck(LinkVerdict Verdict, LinkPermit? Permit);

/// <summary>Signs and checks links.</summary>
public interface ILinkDesk
{
    string Mint(LinkPermit permit);

    LinkCheck Check(string token);
}
