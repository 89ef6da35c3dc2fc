using System.Text.Json;
using TgVault.BotApi.Store;
using TgVault.BotApi.Wire;

namespace TgVault.BotApi.Methods;

/// <summary>Reading a channel, pinning in it, and deleting from it.</summary>
sealed class Channels(MessageStore store, ChannelAccess access, MessageJson json, Memberships memberships, BotApiClock clock, IReadOnlySet<long> bots)
{
    /// <summary>Bots cannot delete what is older, whatever their rights (TDLib MessagesManager.cpp: 2 x 86400 s).</summary>
    const long DeletableSeconds = 2 * 86_400;

    const int MaxIds = 100;

    public Action<Utf8JsonWriter> GetChat(Call call)
    {
        var chat = access.Read(call);
        var pinned = store.NewestPinned(chat);
        return writer =>
        {
            writer.WriteStartObject();
            MessageJson.WriteChatMembers(writer, chat);
            writer.WriteNumber("accent_color_id", 0);
            writer.WriteNumber("max_reaction_count", 11);
            if (pinned is not null)
            {
                writer.WritePropertyName("pinned_message");
                json.Write(writer, pinned, call.BotId);
            }

            writer.WriteEndObject();
        };
    }

    public Action<Utf8JsonWriter> GetChatMember(Call call)
    {
        var chat = access.Read(call);
        if (call.Number("user_id") is not { } user) throw BotApiException.BadRequest("invalid user_id specified");
        if (!bots.Contains(user)) throw BotApiException.BadRequest("user not found");
        var rights = memberships.Get(user, chat);
        return writer =>
        {
            writer.WriteStartObject();
            writer.WritePropertyName("user");
            MessageJson.WriteBot(writer, user, full: false);
            writer.WriteString("status", rights == BotRights.None ? "left" : rights == BotRights.Member ? "member" : "administrator");
            if (rights is not (BotRights.None or BotRights.Member))
            {
                writer.WriteBoolean("can_be_edited", false);
                writer.WriteBoolean("can_manage_chat", true);
                writer.WriteBoolean("can_change_info", false);
                writer.WriteBoolean("can_post_messages", rights.HasFlag(BotRights.PostMessages));
                writer.WriteBoolean("can_edit_messages", rights.HasFlag(BotRights.EditMessages));
                writer.WriteBoolean("can_delete_messages", rights.HasFlag(BotRights.DeleteMessages));
                writer.WriteBoolean("is_anonymous", false);
            }

            writer.WriteEndObject();
        };
    }

    public Action<Utf8JsonWriter> Pin(Call call)
    {
        var chat = access.Read(call);
        if (store.Find(chat, call.MessageId()) is not { } message) throw BotApiException.BadRequest("message to pin not found");
        MayPin(call, chat);
        store.Pin(chat, message.Id, clock.UnixSeconds);
        return True;
    }

    public Action<Utf8JsonWriter> Unpin(Call call)
    {
        var chat = access.Read(call);
        var message = call.Text("message_id").Length == 0 ? store.NewestPinned(chat) : store.Find(chat, call.MessageId());
        if (message is null) throw BotApiException.BadRequest("message to unpin not found");
        MayPin(call, chat);
        store.Unpin(chat, message.Id);
        return True;
    }

    public Action<Utf8JsonWriter> Delete(Call call)
    {
        var chat = access.Read(call);
        if (store.Find(chat, call.MessageId()) is not { } message) throw BotApiException.BadRequest("message to delete not found");
        if (!Deletable(call, message)) throw BotApiException.BadRequest("message can't be deleted");
        store.Delete(chat, message.Id);
        return True;
    }

    public Action<Utf8JsonWriter> DeleteMany(Call call)
    {
        var chat = access.Read(call);
        var messages = ReadIds(call.Text("message_ids")).Distinct().Select(id => store.Find(chat, id)).OfType<StoredMessage>().ToList();
        // Unknown ids are passed over, but one that cannot be deleted fails the whole call (TDLib MessagesManager.cpp:8501).
        if (!messages.TrueForAll(message => Deletable(call, message))) throw BotApiException.BadRequest("message can't be deleted");
        foreach (var message in messages) store.Delete(chat, message.Id);
        return True;
    }

    static List<int> ReadIds(string text)
    {
        if (text.Length == 0) throw BotApiException.BadRequest("message identifiers are not specified");
        try
        {
            using var list = JsonDocument.Parse(text);
            if (list.RootElement.ValueKind != JsonValueKind.Array || list.RootElement.GetArrayLength() == 0) throw BotApiException.BadRequest("message identifiers are not specified");
            if (list.RootElement.GetArrayLength() > MaxIds) throw BotApiException.BadRequest("too many message identifiers specified");
            return [.. list.RootElement.EnumerateArray().Select(id => int.TryParse(id.ToString(), out var number) && number > 0
                ? number
                : throw BotApiException.BadRequest("invalid message identifier specified"))];
        }
        catch (JsonException)
        {
            throw BotApiException.BadRequest("can't parse message identifiers JSON object");
        }
    }

    bool Deletable(Call call, StoredMessage message) =>
        clock.UnixSeconds - message.Date <= DeletableSeconds
        && access.Has(call, message.ChatId, message.BotId == call.BotId ? BotRights.PostMessages : BotRights.DeleteMessages);

    void MayPin(Call call, long chat)
    {
        if (!access.Has(call, chat, BotRights.EditMessages)) throw BotApiException.BadRequest("not enough rights to manage pinned messages in the chat");
    }

    static void True(Utf8JsonWriter writer) => writer.WriteBooleanValue(true);
}
