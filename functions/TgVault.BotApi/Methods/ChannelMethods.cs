using System.Text.Json.Nodes;
using TgVault.BotApi.Http;
using TgVault.BotApi.Store;

namespace TgVault.BotApi.Methods;

/// <summary>The methods on chats and on messages that are there: who may do what, deleting, pinning.</summary>
sealed class ChannelMethods(PostStore store, Bots bots, ChatAccess access, BotApiClock clock)
{
    const int MostIds = 100;

    static readonly TimeSpan DeletableFor = TimeSpan.FromHours(48);

    public static JsonNode GetMe(Call call) => Shapes.Me(call.Bot);

    public JsonNode GetChat(Call call)
    {
        var id = access.Chat(call);
        var chat = Shapes.Chat(id);
        chat["accent_color_id"] = 0;
        chat["max_reaction_count"] = 11;
        chat["accepted_gift_types"] = new JsonObject
        {
            ["unlimited_gifts"] = false,
            ["limited_gifts"] = false,
            ["unique_gifts"] = false,
            ["premium_subscription"] = false,
            ["gifts_from_channels"] = false,
        };
        if (store.NewestPinned(id) is { } pinned)
            chat["pinned_message"] = Shapes.Message(call.Bot, pinned);
        return chat;
    }

    public JsonNode GetChatMember(Call call)
    {
        var chat = access.Chat(call);
        var user = call.Parameters.Number("user_id") ?? throw Refusal.BadRequest("invalid user_id specified");
        var member = bots.All.FirstOrDefault(bot => bot.Id == user) ?? throw Refusal.BadRequest("PARTICIPANT_ID_INVALID");
        return Shapes.Member(member, access.Rights(member, chat));
    }

    public JsonNode DeleteMessage(Call call)
    {
        var chat = access.Chat(call);
        if (Find(chat, call.Parameters.Number("message_id")) is not { } post)
            throw Refusal.BadRequest("message to delete not found");
        DemandDeletable(call.Bot, post);
        store.Delete(chat, [post]);
        return true;
    }

    /// <summary>Unknown ids are skipped, but one that cannot be deleted fails all.</summary>
    public JsonNode DeleteMessages(Call call)
    {
        var chat = access.Chat(call);
        var ids = call.Parameters.MessageIds("message_ids");
        if (ids.Count == 0)
            throw Refusal.BadRequest("message identifiers are not specified");
        if (ids.Count > MostIds)
            throw Refusal.BadRequest("too many message identifiers specified");
        if (ids.Any(id => id <= 0))
            throw Refusal.BadRequest("invalid message identifier specified");
        var posts = ids.Distinct().Select(id => store.Find(chat, id)).OfType<Post>().ToList();
        foreach (var post in posts)
            DemandDeletable(call.Bot, post);
        if (posts.Count > 0)
            store.Delete(chat, posts);
        return true;
    }

    public JsonNode PinChatMessage(Call call)
    {
        var chat = access.Chat(call);
        access.DemandPinning(call.Bot, chat);
        if (Find(chat, call.Parameters.Number("message_id")) is not { File: not null } post)
            throw Refusal.BadRequest("message to pin not found");
        store.Pin(post, call.Bot.Id, clock.Now);
        return true;
    }

    public JsonNode UnpinChatMessage(Call call)
    {
        var chat = access.Chat(call);
        access.DemandPinning(call.Bot, chat);
        var post = call.Parameters.Text("message_id") is null ? store.NewestPinned(chat) : Find(chat, call.Parameters.Number("message_id"));
        if (post is null)
            throw Refusal.BadRequest("message to unpin not found");
        if (store.IsPinned(post))
            store.Unpin(post);
        return true;
    }

    Post? Find(long chat, long? id) => id is > 0 and <= int.MaxValue ? store.Find(chat, (int)id.Value) : null;

    // The age is looked at before the rights, and no right outweighs it (TDLib, MessagesManager.cpp:8346).
    void DemandDeletable(Bot bot, Post post)
    {
        var needed = post.Bot == bot.Id ? BotRights.Post : BotRights.Delete;
        if (clock.Now.ToUnixTimeSeconds() - post.Date > DeletableFor.TotalSeconds || !access.Rights(bot, post.Chat).HasFlag(needed))
            throw Refusal.BadRequest("message can't be deleted");
    }
}
