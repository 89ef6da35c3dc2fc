using TgVault.BotApi.Store;
using TgVault.BotApi.Wire;

namespace TgVault.BotApi.Methods;

/// <summary>Whether the asking bot may do a thing in the channel it names.</summary>
sealed class ChannelAccess(MessageStore store, Memberships memberships)
{
    public long Read(Call call, string parameter = "chat_id")
    {
        if (call.Text(parameter).Length == 0) throw BotApiException.BadRequest($"{parameter} is empty");
        if (call.Number(parameter) is not { } chat || !store.HasChannel(chat)) throw BotApiException.BadRequest("chat not found");
        if (!memberships.Get(call.BotId, chat).HasFlag(BotRights.Member)) throw BotApiException.Forbidden("bot is not a member of the channel chat");
        return chat;
    }

    public long Post(Call call)
    {
        var chat = Read(call);
        return Has(call, chat, BotRights.PostMessages) ? chat : throw BotApiException.BadRequest("need administrator rights in the channel chat");
    }

    public bool Has(Call call, long chat, BotRights right) => memberships.Get(call.BotId, chat).HasFlag(right);
}
