using System.Text.Json.Nodes;
using TgVault.BotApi.Faults;
using TgVault.BotApi.Methods;
using TgVault.BotApi.Store;

namespace TgVault.BotApi.Http;

/// <summary>From a path to a method or a document, through whatever fault is due.</summary>
sealed class BotApiRouter(
    Bots bots,
    DocumentMethods documents,
    ChannelMethods channels,
    FileLinks links,
    RequestReading reading,
    FileDownload download,
    FaultPlan faults,
    Counters counters,
    Action<long, int> answered,
    CancellationToken stopping
)
{
    static readonly TimeSpan LongestSilence = TimeSpan.FromMinutes(10);

    readonly Dictionary<string, Func<Call, JsonNode>> _methods = new(StringComparer.OrdinalIgnoreCase)
    {
        ["getMe"] = ChannelMethods.GetMe,
        ["getChat"] = channels.GetChat,
        ["getChatMember"] = channels.GetChatMember,
        ["sendDocument"] = documents.SendDocument,
        ["getFile"] = documents.GetFile,
        ["forwardMessage"] = documents.ForwardMessage,
        ["editMessageMedia"] = documents.EditMessageMedia,
        ["deleteMessage"] = channels.DeleteMessage,
        ["deleteMessages"] = channels.DeleteMessages,
        ["pinChatMessage"] = channels.PinChatMessage,
        ["unpinChatMessage"] = channels.UnpinChatMessage,
    };

    public async Task RouteAsync(HttpContext context)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        try
        {
            var path = context.Request.Path.Value ?? "";
            if (path.StartsWith("/file/bot", StringComparison.Ordinal))
                await FileAsync(context, path["/file/bot".Length..], ended.Token);
            else if (path.StartsWith("/bot", StringComparison.Ordinal))
                await MethodAsync(context, path["/bot".Length..], ended.Token);
            else
                throw Refusal.NotFound();
        }
        catch (Refusal refusal) when (!context.Response.HasStarted)
        {
            await Reply.RefusalAsync(context, refusal);
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            // The client left, or the server ends.
            context.Abort();
        }

        counters.Answered(context.Response.StatusCode);
    }

    async Task MethodAsync(HttpContext context, string path, CancellationToken cancellationToken)
    {
        var (token, name) = Split(path);
        var bot = bots.Of(token);
        counters.Called(_methods.Keys.FirstOrDefault(known => known.Equals(name, StringComparison.OrdinalIgnoreCase)) ?? "unknown");
        if (!_methods.TryGetValue(name, out var method))
            throw new Refusal(404, "Not Found: method not found");
        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsPost(context.Request.Method))
            throw Refusal.NotFound();

        var parameters = new CallParameters();
        try
        {
            await reading.ReadAsync(context.Request, parameters, cancellationToken);
            var strike = faults.Take(name, bot.Id, parameters.Number("chat_id"));
            if (strike.Delay > TimeSpan.Zero)
                await Task.Delay(strike.Delay, cancellationToken);
            if (await RefusedAsync(context, strike, name))
                return;

            var result = method(new Call(bot, parameters));
            if (strike.Is(FaultKind.StoredThenTimeout))
                await StaySilentAsync(context, strike, cancellationToken);
            else
                await AnswerAsync(context, result, strike);
        }
        finally
        {
            foreach (var upload in parameters.Uploads)
                File.Delete(upload.Path);
        }
    }

    async Task AnswerAsync(HttpContext context, JsonNode result, Strike strike)
    {
        var isCut = strike.Is(FaultKind.TruncatedBody);
        await Reply.ResultAsync(context, result, strike.Fault?.AtByte, isCut);
        if (isCut || result is not JsonObject || result["message_id"] is not { } message || result["chat"]?["id"] is not { } chat)
            return;
        await context.Response.CompleteAsync();
        // What is sent to a client that has left does not fail.
        if (context.RequestAborted.IsCancellationRequested)
            return;
        answered((long)chat, (int)message);
    }

    async Task FileAsync(HttpContext context, string path, CancellationToken cancellationToken)
    {
        counters.Called(Fault.FileGet);
        var slash = path.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0)
            throw Refusal.NotFound();
        var bot = bots.Of(path[..slash]);
        var link = path[(slash + 1)..].TrimStart('/');
        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
            throw Refusal.NotFound();

        var strike = faults.Take(Fault.FileGet, bot.Id, chat: null);
        if (strike.Delay > TimeSpan.Zero)
            await Task.Delay(strike.Delay, cancellationToken);
        if (await RefusedAsync(context, strike, Fault.FileGet))
            return;
        if (strike.Is(FaultKind.LinkExpired))
            links.Revoke(bot.Id, link);
        if (links.Find(bot.Id, link) is not { } file)
            throw Refusal.NotFound();
        if (strike.Is(FaultKind.StoredThenTimeout))
            await StaySilentAsync(context, strike, cancellationToken);
        else
            await download.SendAsync(context, file, strike, cancellationToken);
    }

    static async Task<bool> RefusedAsync(HttpContext context, Strike strike, string method)
    {
        switch (strike.Fault?.Kind)
        {
            case FaultKind.TooManyRequests:
                throw Refusal.TooMany(strike.Fault.RetryAfterSeconds);
            case FaultKind.TooManyRequestsAs400:
                throw Refusal.BadRequest($"too Many Requests: retry after {strike.Fault.RetryAfterSeconds}");
            case FaultKind.ServerError:
                throw new Refusal(500, "Internal Server Error: restart");
            case FaultKind.BadGateway:
                throw new Refusal(502, "Bad Gateway");
            case FaultKind.MessageGone:
                throw Refusal.BadRequest(Gone(method));
            case FaultKind.BadGatewayHtml:
                await Reply.HtmlAsync(context, 502, "Bad Gateway");
                return true;
            case FaultKind.TooLargeHtml:
                await Reply.HtmlAsync(context, 413, "Request Entity Too Large");
                return true;
            default:
                return false;
        }
    }

    static string Gone(string method) =>
        method.ToUpperInvariant() switch
        {
            "DELETEMESSAGE" or "DELETEMESSAGES" => "message to delete not found",
            "FORWARDMESSAGE" => "message to forward not found",
            "PINCHATMESSAGE" => "message to pin not found",
            "UNPINCHATMESSAGE" => "message to unpin not found",
            "EDITMESSAGEMEDIA" => "message to edit not found",
            "GETFILE" => "invalid file_id",
            _ => "chat not found",
        };

    static async Task StaySilentAsync(HttpContext context, Strike strike, CancellationToken cancellationToken)
    {
        var silence = strike.Fault!.DelaySeconds > 0 ? TimeSpan.FromSeconds(strike.Fault.DelaySeconds) : LongestSilence;
        await Task.Delay(silence, cancellationToken);
        context.Abort();
    }

    // Telegram's test environment has "/test" after the token.
    static (string Token, string Method) Split(string path)
    {
        var slash = path.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0)
            throw Refusal.NotFound();
        var method = path[(slash + 1)..];
        return (path[..slash], method.StartsWith("test/", StringComparison.Ordinal) ? method["test/".Length..] : method);
    }
}
