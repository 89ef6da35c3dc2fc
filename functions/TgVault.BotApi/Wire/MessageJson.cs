using System.Text.Json;
using TgVault.BotApi.Store;

namespace TgVault.BotApi.Wire;

/// <summary>Messages, chats and bots as JSON, with file ids that are the asking bot's own.</summary>
sealed class MessageJson(FileIds ids)
{
    public void Write(Utf8JsonWriter json, StoredMessage message, long botId)
    {
        json.WriteStartObject();
        json.WriteNumber("message_id", message.Id);
        json.WritePropertyName("sender_chat");
        WriteChat(json, message.ChatId);
        json.WritePropertyName("chat");
        WriteChat(json, message.ChatId);
        json.WriteNumber("date", message.Date);
        if (message.EditDate is { } edited) json.WriteNumber("edit_date", edited);
        if (message.Forward is { } forward) WriteOrigin(json, forward);
        if (message.Protected) json.WriteBoolean("has_protected_content", true);
        WriteDocument(json, message, botId);
        if (message.Caption.Length > 0) json.WriteString("caption", message.Caption);
        json.WriteEndObject();
    }

    public static void WriteChat(Utf8JsonWriter json, long chatId)
    {
        json.WriteStartObject();
        WriteChatMembers(json, chatId);
        json.WriteEndObject();
    }

    public static void WriteChatMembers(Utf8JsonWriter json, long chatId)
    {
        json.WriteNumber("id", chatId);
        json.WriteString("title", "vault");
        json.WriteString("type", "channel");
    }

    public static void WriteBot(Utf8JsonWriter json, long botId, bool full)
    {
        json.WriteStartObject();
        json.WriteNumber("id", botId);
        json.WriteBoolean("is_bot", true);
        json.WriteString("first_name", "Vault");
        json.WriteString("username", $"vault_{botId}_bot");
        if (full)
        {
            json.WriteBoolean("can_join_groups", true);
            json.WriteBoolean("can_read_all_group_messages", false);
            json.WriteBoolean("supports_inline_queries", false);
        }

        json.WriteEndObject();
    }

    void WriteDocument(Utf8JsonWriter json, StoredMessage message, long botId)
    {
        json.WriteStartObject("document");
        json.WriteString("file_name", message.FileName);
        json.WriteString("mime_type", DocumentName.MimeType(message.FileName));
        json.WriteString("file_id", ids.Mint(message.Document, botId));
        json.WriteString("file_unique_id", ids.Unique(message.Document));
        json.WriteNumber("file_size", message.Document.SizeBytes);
        json.WriteEndObject();
    }

    static void WriteOrigin(Utf8JsonWriter json, ForwardOrigin forward)
    {
        json.WriteStartObject("forward_origin");
        json.WriteString("type", "channel");
        json.WritePropertyName("chat");
        WriteChat(json, forward.ChatId);
        json.WriteNumber("message_id", forward.MessageId);
        json.WriteNumber("date", forward.Date);
        json.WriteEndObject();
    }
}
