using System.Text.Json;
using TgVault.BotApi.Store;
using TgVault.BotApi.Wire;

namespace TgVault.BotApi.Methods;

/// <summary>The methods by name, whatever its case; each checks its parameters in the server's order and gives the writer of its result.</summary>
sealed class MethodTable
{
    readonly Dictionary<string, Func<Call, Action<Utf8JsonWriter>>> _methods;

    public MethodTable(MessageStore store, FileIds ids, FileLinks links, Memberships memberships, SendLimit limit, BotApiClock clock, IReadOnlySet<long> bots)
    {
        var access = new ChannelAccess(store, memberships);
        var json = new MessageJson(ids);
        var documents = new Documents(store, ids, links, access, json, limit, clock);
        var channels = new Channels(store, access, json, memberships, clock, bots);
        _methods = new(StringComparer.OrdinalIgnoreCase)
        {
            ["getMe"] = call => writer => MessageJson.WriteBot(writer, call.BotId, full: true),
            ["getChat"] = channels.GetChat,
            ["getChatMember"] = channels.GetChatMember,
            ["pinChatMessage"] = channels.Pin,
            ["unpinChatMessage"] = channels.Unpin,
            ["deleteMessage"] = channels.Delete,
            ["deleteMessages"] = channels.DeleteMany,
            ["sendDocument"] = documents.Send,
            ["getFile"] = documents.GetFile,
            ["forwardMessage"] = documents.Forward,
            ["copyMessage"] = documents.Copy,
            ["editMessageMedia"] = documents.EditMedia,
        };
    }

    /// <exception cref="BotApiException">There is no such method, or it refuses.</exception>
    public Action<Utf8JsonWriter> Invoke(Call call) =>
        _methods.TryGetValue(call.Method, out var method) ? method(call) : throw new BotApiException(404, "Not Found: method not found");
}
