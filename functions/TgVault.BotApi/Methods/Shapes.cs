using System.Globalization;
using System.Text.Json.Nodes;
using TgVault.BotApi.Store;

namespace TgVault.BotApi.Methods;

/// <summary>Objects of the Bot API as its server writes them.</summary>
static class Shapes
{
    public static JsonObject User(Bot bot) =>
        new()
        {
            ["id"] = bot.Id,
            ["is_bot"] = true,
            ["first_name"] = "Vault",
            ["username"] = string.Create(CultureInfo.InvariantCulture, $"vault{bot.Id}_bot"),
        };

    public static JsonObject Me(Bot bot)
    {
        var me = User(bot);
        me["can_join_groups"] = true;
        me["can_read_all_group_messages"] = false;
        me["supports_inline_queries"] = false;
        me["can_connect_to_business"] = false;
        me["has_main_web_app"] = false;
        return me;
    }

    public static JsonObject Chat(long id) =>
        new()
        {
            ["id"] = id,
            ["title"] = "vault",
            ["type"] = "channel",
        };

    public static JsonObject Message(Bot bot, Post post)
    {
        var message = new JsonObject
        {
            ["message_id"] = post.Id,
            ["sender_chat"] = Chat(post.Chat),
            ["chat"] = Chat(post.Chat),
            ["date"] = post.Date,
        };
        if (post.Origin is { } origin)
        {
            message["forward_origin"] = new JsonObject
            {
                ["type"] = "channel",
                ["chat"] = Chat(origin.Chat),
                ["message_id"] = origin.Message,
                ["date"] = origin.Date,
            };
            message["forward_from_chat"] = Chat(origin.Chat);
            message["forward_from_message_id"] = origin.Message;
            message["forward_date"] = origin.Date;
        }

        if (post.File is { } file)
            message["document"] = Document(bot, file);
        if (post.Caption is { } caption)
            message["caption"] = caption;
        return message;
    }

    public static JsonObject File(Bot bot, StoredFile file, string path) =>
        new()
        {
            ["file_id"] = FileIds.Mint(bot.Token, file.Number),
            ["file_unique_id"] = FileIds.Unique(file.Number),
            ["file_size"] = file.SizeBytes,
            ["file_path"] = path,
        };

    public static JsonObject Member(Bot member, BotRights rights)
    {
        if (rights == BotRights.None)
            return new JsonObject { ["user"] = User(member), ["status"] = "left" };
        if (rights == BotRights.Member)
            return new JsonObject { ["user"] = User(member), ["status"] = "member" };
        return new JsonObject
        {
            ["user"] = User(member),
            ["status"] = "administrator",
            ["can_be_edited"] = false,
            ["can_manage_chat"] = true,
            ["can_change_info"] = false,
            ["can_post_messages"] = rights.HasFlag(BotRights.Post),
            ["can_edit_messages"] = rights.HasFlag(BotRights.Edit),
            ["can_delete_messages"] = rights.HasFlag(BotRights.Delete),
            ["can_invite_users"] = false,
            ["can_restrict_members"] = false,
            ["can_promote_members"] = false,
            ["can_manage_video_chats"] = false,
            ["can_post_stories"] = false,
            ["can_edit_stories"] = false,
            ["can_delete_stories"] = false,
            ["is_anonymous"] = false,
        };
    }

    static JsonObject Document(Bot bot, StoredFile file) =>
        new()
        {
            ["file_name"] = file.Name,
            ["mime_type"] = DocumentName.MimeOf(file.Name),
            ["file_id"] = FileIds.Mint(bot.Token, file.Number),
            ["file_unique_id"] = FileIds.Unique(file.Number),
            ["file_size"] = file.SizeBytes,
        };
}
