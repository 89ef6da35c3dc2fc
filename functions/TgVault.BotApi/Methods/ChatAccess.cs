using TgVault.BotApi.Http;

namespace TgVault.BotApi.Methods;

/// <summary>Which chat a call names, and whether its bot may do there what it asks.</summary>
sealed class ChatAccess(IReadOnlyCollection<long> channels, Members members)
{
    /// <summary>The channel a parameter names, which the bot is a member of.</summary>
    /// <exception cref="Refusal">No such chat, or none of the bot's.</exception>
    public long Chat(Call call, string parameter = "chat_id")
    {
        if (call.Parameters.Text(parameter) is null)
            throw Refusal.BadRequest("chat_id is empty");
        if (call.Parameters.Number(parameter) is not { } chat || !channels.Contains(chat))
            throw Refusal.BadRequest("chat not found");
        if (Rights(call.Bot, chat) == BotRights.None)
            throw Refusal.Forbidden("bot is not a member of the channel chat");
        return chat;
    }

    public BotRights Rights(Bot bot, long chat) => members.Of(bot.Id, chat);

    public void DemandPosting(Bot bot, long chat)
    {
        if (!Rights(bot, chat).HasFlag(BotRights.Post))
            throw Refusal.BadRequest("need administrator rights in the channel chat");
    }

    public void DemandPinning(Bot bot, long chat)
    {
        if (!Rights(bot, chat).HasFlag(BotRights.Edit))
            throw Refusal.BadRequest("not enough rights to manage pinned messages in the chat");
    }
}
