using System.Collections.Concurrent;

namespace TgVault.BotApi;

/// <summary>What a bot may do in a channel.</summary>
[Flags]
public enum BotRights
{
    /// <summary>The bot is no member.</summary>
    None = 0,

    /// <summary>A member; an administrator where any other right is set.</summary>
    Member = 1,

    /// <summary>can_post_messages.</summary>
    Post = 2,

    /// <summary>can_edit_messages, which pinning in a channel needs.</summary>
    Edit = 4,

    /// <summary>can_delete_messages.</summary>
    Delete = 8,

    /// <summary>An administrator as a vault wants it.</summary>
    All = Member | Post | Edit | Delete,
}

/// <summary>Each bot's rights in each channel; everything is allowed until changed.</summary>
public sealed class Members
{
    readonly ConcurrentDictionary<(long Bot, long Chat), BotRights> _rights = new();

    /// <summary>The rights of a bot, by the number before the colon of its token.</summary>
    public BotRights Of(long bot, long chat) => _rights.GetValueOrDefault((bot, chat), BotRights.All);

    /// <summary>Changes them, until the server ends.</summary>
    public void Set(long bot, long chat, BotRights rights) => _rights[(bot, chat)] = rights;
}
