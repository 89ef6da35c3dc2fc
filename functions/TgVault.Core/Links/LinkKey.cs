namespace TgVault.Core.Links;

/// <summary>A link key as the vault knows it: a site's backend signs links with it, and can do nothing else.</summary>
/// <param name="Id">What links signed with it name in their header.</param>
/// <param name="Name">What a person calls it, 1 to 64 characters.</param>
/// <param name="Created">When it was made.</param>
/// <param name="LastUsed">When a link played that it signed, within some minutes; null where none did yet.</param>
public sealed record LinkKey(string Id, string Name, DateTimeOffset Created, DateTimeOffset? LastUsed);

/// <summary>A link key just made. <paramref name="Secret"/> is the key, 64 hex digits, told this once and kept nowhere.</summary>
public sealed record MadeLinkKey(LinkKey Key, string Secret);
