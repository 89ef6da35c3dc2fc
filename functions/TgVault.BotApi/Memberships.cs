using System.Collections.Concurrent;

namespace TgVault.BotApi;

/// <summary>What a bot may do in a channel.</summary>
[Flags]
public enum BotRights
{
    /// <summary>Not a member.</summary>
    None = 0,
    Member = 1,
    PostMessages = 2,
    EditMessages = 4,
    DeleteMessages = 8,
    Administrator = Member | PostMessages | EditMessages | DeleteMessages,
}

/// <summary>The bots' rights in the channels: everything, until a test takes something away.</summary>
public sealed class Memberships
{
    readonly ConcurrentDictionary<(long Bot, long Chat), BotRights> _rights = new();

    public void Set(long botId, long chatId, BotRights rights) => _rights[(botId, chatId)] = rights;

    public BotRights Get(long botId, long chatId) => _rights.GetValueOrDefault((botId, chatId), BotRights.Administrator);
}
