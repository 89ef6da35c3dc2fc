using System.Text.Json;
using TgVault.BotApi.Store;
using TgVault.BotApi.Wire;

namespace TgVault.BotApi.Methods;

/// <summary>Sending documents, showing them again, and getting links to them.</summary>
sealed class Documents(MessageStore store, FileIds ids, FileLinks links, ChannelAccess access, MessageJson json, SendLimit limit, BotApiClock clock)
{
    /// <summary>The server's constant, tested with <c>&gt;</c> (Client.h:71): exactly 20 MiB comes back, one byte more never does.</summary>
    const long MaxDownloadBytes = 20 << 20;

    const int MaxCaption = 1024;

    public Action<Utf8JsonWriter> Send(Call call)
    {
        var chat = access.Post(call);
        var line = Line(call, chat) with { Caption = Caption(call.Text("caption")), Protected = call.Flag("protect_content") };
        if (Upload(call, call.Text("document"), "document") is { } file)
        {
            Pace(call, chat);
            return Writer(call, store.SendNew(line with { Name = DocumentName.Clean(file.Name) }, file.Path, file.SizeBytes));
        }

        if (call.Text("document").Length == 0) throw BotApiException.BadRequest("there is no document in the request");
        var known = Resolve(call, call.Text("document"), "wrong file identifier/HTTP URL specified", "wrong file identifier/HTTP URL specified");
        Pace(call, chat);
        return Writer(call, store.SendAgain(line with { Name = "file" }, known));
    }

    public Action<Utf8JsonWriter> GetFile(Call call)
    {
        var fileId = call.Text("file_id");
        if (fileId.Length == 0) throw BotApiException.BadRequest("file_id not specified");
        var document = Resolve(call, fileId, "invalid file_id", "wrong file_id or the file is temporarily unavailable");
        if (document.SizeBytes > MaxDownloadBytes) throw BotApiException.BadRequest("file is too big");
        var path = links.Give(call.BotId, document, ".bin");
        return writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("file_id", ids.Mint(document, call.BotId));
            writer.WriteString("file_unique_id", ids.Unique(document));
            writer.WriteNumber("file_size", document.SizeBytes);
            writer.WriteString("file_path", path);
            writer.WriteEndObject();
        };
    }

    public Action<Utf8JsonWriter> Forward(Call call)
    {
        var (chat, from) = Source(call, "forward");
        var origin = from.Forward ?? new ForwardOrigin(from.ChatId, from.Id, from.Date);
        return Writer(call, store.SendAgain(Line(call, chat) with { Name = from.FileName, Caption = from.Caption, Forward = origin }, from.Document));
    }

    public Action<Utf8JsonWriter> Copy(Call call)
    {
        var (chat, from) = Source(call, "copy");
        var copy = store.SendAgain(Line(call, chat) with { Name = from.FileName, Caption = from.Caption }, from.Document);
        return writer =>
        {
            writer.WriteStartObject();
            writer.WriteNumber("message_id", copy.Id);
            writer.WriteEndObject();
        };
    }

    public Action<Utf8JsonWriter> EditMedia(Call call)
    {
        var chat = access.Read(call);
        if (store.Find(chat, call.MessageId()) is not { } message) throw BotApiException.BadRequest("message to edit not found");
        if (message.Forward is not null || !access.Has(call, chat, BotRights.EditMessages)) throw BotApiException.BadRequest("message can't be edited");
        var (media, caption) = ReadMedia(call.Text("media"));
        if (Upload(call, media, "media") is not { } file) throw BotApiException.BadRequest("there is no media in the request");
        var line = Line(call, chat) with { Message = message.Id, Name = DocumentName.Clean(file.Name), Caption = Caption(caption) };
        return Writer(call, store.EditNew(line, file.Path, file.SizeBytes));
    }

    static (string Media, string Caption) ReadMedia(string text)
    {
        try
        {
            using var media = JsonDocument.Parse(text.Length == 0 ? "{}" : text);
            if (media.RootElement.ValueKind != JsonValueKind.Object) throw BotApiException.BadRequest("can't parse InputMedia");
            return (Member("media"), Member("caption"));

            string Member(string name) => media.RootElement.TryGetProperty(name, out var value) ? value.ToString() : "";
        }
        catch (JsonException)
        {
            throw BotApiException.BadRequest("can't parse InputMedia");
        }
    }

    (long Chat, StoredMessage From) Source(Call call, string verb)
    {
        var chat = access.Post(call);
        var fromChat = access.Read(call, "from_chat_id");
        if (store.Find(fromChat, call.MessageId()) is not { } from) throw BotApiException.BadRequest($"message to {verb} not found");
        if (from.Protected) throw BotApiException.BadRequest($"message has protected content and can't be {(verb == "copy" ? "copied" : "forwarded")}");
        Pace(call, chat);
        return (chat, from);
    }

    StoredDocument Resolve(Call call, string fileId, string undecodable, string dead)
    {
        var (state, number, generation) = ids.Read(fileId, call.BotId);
        if (state == FileIdState.Undecodable) throw BotApiException.BadRequest(undecodable);
        return state == FileIdState.Good && store.FindDocument(number) is { } document && document.Generation == generation
            ? document
            : throw BotApiException.BadRequest(dead);
    }

    // attach://<part name>, or the file part that has the parameter's own name (Client.cpp:10031).
    static UploadedFile? Upload(Call call, string value, string parameter)
    {
        const string Attach = "attach://";
        var part = value.StartsWith(Attach, StringComparison.Ordinal) ? value[Attach.Length..] : parameter;
        if (!call.Files.TryGetValue(part, out var file)) return null;
        return file.SizeBytes > 0 ? file : throw BotApiException.BadRequest("file must be non-empty");
    }

    static string Caption(string text)
    {
        var caption = text.Trim();
        return caption.EnumerateRunes().Count() <= MaxCaption ? caption : throw BotApiException.BadRequest("message caption is too long");
    }

    void Pace(Call call, long chat)
    {
        if (limit.Count(call.BotId, chat) is { } wait) throw BotApiException.TooManyRequests(wait);
    }

    LogLine Line(Call call, long chat) => new(LogEvent.Send) { Chat = chat, Bot = call.BotId, Date = clock.UnixSeconds };

    Action<Utf8JsonWriter> Writer(Call call, StoredMessage message) => writer => json.Write(writer, message, call.BotId);
}
