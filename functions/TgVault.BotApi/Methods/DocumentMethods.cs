using System.Text.Json;
using System.Text.Json.Nodes;
using TgVault.BotApi.Http;
using TgVault.BotApi.Store;

namespace TgVault.BotApi.Methods;

/// <summary>The methods that bring documents in and give them out.</summary>
sealed class DocumentMethods(PostStore store, FileLinks links, ChatAccess access, SendLimit limit, BotApiClock clock)
{
    // The server's constant; the test is "larger than", so exactly 20 MiB passes.
    const long MostGetFileBytes = 20 << 20;
    const int MostCaptionCharacters = 1024;

    public JsonNode SendDocument(Call call)
    {
        var chat = access.Chat(call);
        access.DemandPosting(call.Bot, chat);
        var caption = Caption(call.Parameters.Text("caption"));
        var source = Source(call, call.Parameters.Text("document"), call.Parameters.File("document"));
        limit.Count(call.Bot.Id, chat);
        return Shapes.Message(call.Bot, store.Add(chat, call.Bot.Id, clock.Now, source(), caption, origin: null));
    }

    public JsonNode ForwardMessage(Call call)
    {
        var chat = access.Chat(call);
        var from = access.Chat(call, "from_chat_id");
        access.DemandPosting(call.Bot, chat);
        if (Find(call, from) is not { File: { } file } post)
            throw Refusal.BadRequest("message to forward not found");
        limit.Count(call.Bot.Id, chat);
        var origin = post.Origin ?? new Origin(post.Chat, post.Id, post.Date);
        return Shapes.Message(call.Bot, store.Add(chat, call.Bot.Id, clock.Now, file, post.Caption, origin));
    }

    public JsonNode EditMessageMedia(Call call)
    {
        var chat = access.Chat(call);
        var post = Find(call, chat) ?? throw Refusal.BadRequest("message to edit not found");
        var rights = access.Rights(call.Bot, chat);
        var isOwn = post.Bot == call.Bot.Id && rights.HasFlag(BotRights.Post);
        if (post.File is null || post.Origin is not null || !(isOwn || rights.HasFlag(BotRights.Edit)))
            throw Refusal.BadRequest("message can't be edited");
        var (media, caption) = Media(call.Parameters.Text("media"));
        var source = Source(call, media, call.Parameters.Attached(media));
        return Shapes.Message(call.Bot, store.Edit(post, source(), Caption(caption)));
    }

    public JsonNode GetFile(Call call)
    {
        if (call.Parameters.Text("file_id") is not { } id)
            throw Refusal.BadRequest("file_id not specified");
        var verdict = FileIds.Open(call.Bot.Token, id, out var number);
        if (verdict == FileIdVerdict.Malformed)
            throw Refusal.BadRequest("invalid file_id");
        if (verdict == FileIdVerdict.Foreign || store.FindFile(number) is not { } file)
            throw Refusal.BadRequest("wrong file_id or the file is temporarily unavailable");
        if (file.SizeBytes > MostGetFileBytes)
            throw Refusal.BadRequest("file is too big");
        return Shapes.File(call.Bot, file, links.Give(call.Bot.Id, file));
    }

    /// <summary>Where the document's bytes come from; everything that can be refused is refused before the file is taken over.</summary>
    Func<StoredFile> Source(Call call, string? reference, Upload? upload)
    {
        if (upload is not null)
        {
            if (upload.SizeBytes == 0)
                throw Refusal.BadRequest("file must be non-empty");
            return () => store.Keep(upload.Path, upload.SizeBytes, DocumentName.Clean(upload.FileName));
        }

        if (reference is null || reference.StartsWith("attach://", StringComparison.Ordinal))
            throw Refusal.BadRequest("there is no document in the request");
        if (FileIds.Open(call.Bot.Token, reference, out var number) != FileIdVerdict.Valid || store.FindFile(number) is not { } file)
            throw Refusal.BadRequest("wrong file identifier/HTTP URL specified");
        return () => file;
    }

    Post? Find(Call call, long chat) =>
        call.Parameters.Number("message_id") is > 0 and <= int.MaxValue and var id ? store.Find(chat, (int)id) : null;

    static string? Caption(string? caption)
    {
        if (caption?.EnumerateRunes().Count() > MostCaptionCharacters)
            throw Refusal.BadRequest("message caption is too long");
        return caption;
    }

    static (string? Media, string? Caption) Media(string? text)
    {
        try
        {
            var media = text is null ? null : JsonNode.Parse(text);
            if ((string?)media?["type"] != "document")
                throw Refusal.BadRequest("can't parse InputMedia");
            return ((string?)media["media"], (string?)media["caption"]);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw Refusal.BadRequest("can't parse InputMedia");
        }
    }
}
