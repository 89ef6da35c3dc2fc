using TgVault.BotApi.Faults;
using TgVault.BotApi.Methods;
using TgVault.BotApi.Wire;

namespace TgVault.BotApi;

/// <summary>Takes each request to its method, its file or the control endpoint, and turns whatever is thrown into the answer Telegram would give.</summary>
sealed class Routes(BotTokens tokens, CallReader reader, MethodTable methods, FileRoute files, ControlRoutes? control, FaultPlan faults, Counters counters, ILogger logger)
{
    const string MethodPrefix = "/bot";
    const string FilePrefix = "/file/bot";

    // How much of a refused body is read before answering, so that the client is done sending and hears the answer.
    const long DrainBytes = 256 << 20;

    public async Task ServeAsync(HttpContext context)
    {
        var left = context.RequestAborted;
        try
        {
            await RouteAsync(context, left);
        }
        catch (BotApiException error)
        {
            await DrainAsync(context.Request.Body, left);
            if (!context.Response.HasStarted) await Answer.ErrorAsync(context.Response, error, left);
        }
        catch (Exception exception) when (left.IsCancellationRequested || exception is OperationCanceledException)
        {
            context.Abort();
        }
        catch (Exception exception)
        {
            Log.UnexpectedFailure(logger, exception);
            if (!context.Response.HasStarted) await Answer.ErrorAsync(context.Response, new BotApiException(500, "Internal Server Error: " + exception.GetType().Name), left);
        }
    }

    async Task RouteAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var path = context.Request.Path.Value ?? "";
        if (path.StartsWith(FilePrefix, StringComparison.Ordinal)) await ServeFileAsync(context, path[FilePrefix.Length..], cancellationToken);
        else if (path.StartsWith(MethodPrefix, StringComparison.Ordinal)) await CallAsync(context, path[MethodPrefix.Length..], cancellationToken);
        else if (control is not null && path.StartsWith(ControlRoutes.Prefix, StringComparison.Ordinal)) await control.ServeAsync(context, path[ControlRoutes.Prefix.Length..], cancellationToken);
        else throw BotApiException.NotFound();
    }

    async Task ServeFileAsync(HttpContext context, string rest, CancellationToken cancellationToken)
    {
        var (token, path) = Split(rest);
        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method)) throw BotApiException.NotFound();
        if (tokens.Find(token) is not { } bot) throw BotApiException.NotFound();
        await files.ServeAsync(context, bot, path, cancellationToken);
    }

    async Task CallAsync(HttpContext context, string rest, CancellationToken cancellationToken)
    {
        var (token, method) = Split(rest);
        var bot = tokens.Check(token);
        counters.Count(method);
        using var call = new Call(bot, method);
        await reader.ReadAsync(context.Request, call, cancellationToken);
        var taken = faults.Take(method, bot, call.Number("chat_id"));
        await FaultAnswers.ThrowAsync(context, taken, method, cancellationToken);
        var result = methods.Invoke(call);
        if (taken.FirstOrDefault(fault => fault.Kind == FaultKind.DoneThenTimeout) is { } silent)
        {
            await Task.Delay(TimeSpan.FromSeconds(silent.Seconds), cancellationToken);
            throw new BotApiException(504, "Gateway Timeout");
        }

        await Answer.OkAsync(context.Response, result, cancellationToken);
    }

    // The test environment's paths have /test after the token, and mean the same here.
    static (string Token, string Below) Split(string path)
    {
        var cut = path.IndexOf('/', StringComparison.Ordinal);
        if (cut < 0) return (path, "");
        var rest = path[(cut + 1)..];
        return (path[..cut], rest.StartsWith("test/", StringComparison.Ordinal) ? rest["test/".Length..] : rest);
    }

    static async Task DrainAsync(Stream body, CancellationToken cancellationToken)
    {
        var buffer = new byte[1 << 14];
        var drained = 0L;
        try
        {
            int read;
            while (drained < DrainBytes && (read = await body.ReadAsync(buffer, cancellationToken)) > 0) drained += read;
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // The client went away; there is nobody to answer.
        }
    }
}
