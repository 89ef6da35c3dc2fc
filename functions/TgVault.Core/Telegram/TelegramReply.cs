using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Telegram.Bot.Exceptions;

namespace TgVault.Core.Telegram;

/// <summary>
/// What a failed Bot API call means for us: transient (with the wait it asks for), permanent, or gone. In one place, because the same
/// condition comes in several shapes: codes as JSON or as a proxy's HTML, 429 dressed as 400, connection errors and time-outs.
/// Messages are our own: the library's may hold the request's address, and with it the bot token.
/// </summary>
static partial class TelegramReply
{
    /// <summary>Reads a failure of Telegram.Bot or HttpClient; the exception itself is not kept, for the address it may hold.</summary>
    public static ChunkStoreException Classify(Exception failure, string call) =>
        failure switch
        {
            ChunkStoreException own => own,
            ApiRequestException api => Classify(call, api.ErrorCode, api.Message, api.Parameters?.RetryAfter),
            RequestException { HttpStatusCode: { } status } => Classify(call, (int)status, "", null),
            RequestException { InnerException: TaskCanceledException } or TimeoutException => Transient(call, "did not answer in time"),
            RequestException { InnerException: HttpRequestException } or HttpRequestException or IOException => Transient(
                call,
                "could not be reached, or broke off"
            ),
            RequestException => Transient(call, "gave an answer that is no Bot API reply"),
            _ => Transient(call, $"failed ({failure.GetType().Name})"),
        };

    /// <summary>Whether a call that failed so has done nothing: it was refused, or never arrived. Else it may have.</summary>
    public static bool SaysNothingWasDone(Exception exception, ChunkStoreException failure) =>
        failure.Failure != ChunkStoreFailure.Transient
        || failure.RetryAfter is not null
        || (exception as HttpRequestException ?? exception.InnerException as HttpRequestException)
            is { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError };

    /// <summary>
    /// Whether it is "wrong file_id or the file is temporarily unavailable", which is said of another bot's id, of a dead one, and of
    /// passing trouble inside Telegram (Client.cpp:8715), and so decides nothing by itself.
    /// </summary>
    public static bool IsUnavailable(Exception failure) =>
        failure is ApiRequestException { ErrorCode: 400 } api
        && Says(api.Message, "temporarily unavailable")
        && RetryAfterIn(api.Message) is null;

    /// <summary>Reads an HTTP status and description.</summary>
    public static ChunkStoreException Classify(string call, int code, string description, int? retryAfterSeconds)
    {
        // "Bad Request: too Many Requests: retry after 15" is a flood wait too (tdlib/td#3003).
        retryAfterSeconds ??= RetryAfterIn(description);
        if (code == 429 || retryAfterSeconds is not null)
        {
            // Where it came as 429, MeteredRequests has counted the answer itself.
            if (code != 429)
                MeteredRequests.CountThrottle(call);
            var wait = TimeSpan.FromSeconds(Math.Clamp(retryAfterSeconds ?? 5, 1, 86_400));
            return Flood(call, wait);
        }

        return code switch
        {
            400 when Says(description, "temporarily unavailable") => Transient(call, "says that the file is temporarily unavailable"),
            400 when Says(description, "not found") && Says(description, "message") => Gone(call, description),
            400 when Says(description, "file_id") || Says(description, "file identifier") => Gone(call, description),
            401 or 404 => Permanent(call, "does not accept the bot token; check TgVault__Telegram__Bots", ChunkStoreTrouble.BadToken),
            403 => NoRights(call, description),
            400 when Says(description, "administrator rights") || Says(description, "not enough rights") => NoRights(call, description),
            413 => Permanent(call, "says that the document is too large"),
            >= 500 or 408 => Transient(call, $"answered {code}"),
            _ => Permanent(call, $"refuses: {Plain(description)}"),
        };
    }

    /// <summary>Reads the status of a file download.</summary>
    public static ChunkStoreException ClassifyDownload(HttpStatusCode status, TimeSpan? retryAfter) =>
        status switch
        {
            HttpStatusCode.TooManyRequests => new ChunkStoreException(
                ChunkStoreFailure.Transient,
                "Telegram asks downloads to wait.",
                retryAfter ?? TimeSpan.FromSeconds(5)
            )
            {
                Trouble = ChunkStoreTrouble.FloodWait,
            },
            _ => Transient("downloading a document", $"answered {(int)status}"),
        };

    /// <summary>Telegram asks to wait.</summary>
    public static ChunkStoreException Flood(string call, TimeSpan wait) =>
        new(
            ChunkStoreFailure.Transient,
            string.Create(CultureInfo.InvariantCulture, $"Telegram asks {call} to wait {wait.TotalSeconds:0} s."),
            wait
        )
        {
            Trouble = ChunkStoreTrouble.FloodWait,
        };

    public static ChunkStoreException Transient(string call, string what) =>
        new(ChunkStoreFailure.Transient, $"Telegram, {call}: it {what}.") { Trouble = ChunkStoreTrouble.Unreachable };

    /// <summary>A failure of one document, with which the store itself has no trouble.</summary>
    public static ChunkStoreException Withheld(string call, string what) =>
        new(ChunkStoreFailure.Transient, $"Telegram, {call}: it {what}.") { IsOfDocument = true };

    static ChunkStoreException NoRights(string call, string description) =>
        Permanent(call, $"refuses: {Plain(description)}. Make the bot an administrator of the channel", ChunkStoreTrouble.NoRights);

    static ChunkStoreException Permanent(string call, string what, ChunkStoreTrouble trouble = ChunkStoreTrouble.Other) =>
        new(ChunkStoreFailure.Permanent, $"Telegram, {call}: it {what}.") { Trouble = trouble };

    static ChunkStoreException Gone(string call, string description) =>
        new(ChunkStoreFailure.Gone, $"Telegram, {call}: the document is not there ({Plain(description)}).");

    static int? RetryAfterIn(string description) =>
        RetryAfter().Match(description) is { Success: true } match
        && int.TryParse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture, out var seconds)
            ? seconds
            : null;

    /// <summary>A failed call as an exception of ours, or the caller's own cancellation.</summary>
    // Nothing of the library's exception goes on: it may hold the address, and the address holds the token.
    public static Exception FailureOf(Exception exception, string call, CancellationToken cancellationToken) =>
        cancellationToken.IsCancellationRequested ? new OperationCanceledException(cancellationToken) : Classify(exception, call);

    static bool Says(string description, string words) => description.Contains(words, StringComparison.OrdinalIgnoreCase);

    // Descriptions are Telegram's own sentences; anything that looks like a token or an address is not passed on.
    static string Plain(string description) =>
        Secret()
            .Replace(description.Length > 200 ? description[..200] : description, "***")
            .Replace("Bad Request: ", "", StringComparison.Ordinal);

    [GeneratedRegex(@"retry after (\d{1,9})", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex RetryAfter();

    [GeneratedRegex(@"\d{3,16}:[A-Za-z0-9_-]{10,}|https?://\S+", RegexOptions.CultureInvariant)]
    private static partial Regex Secret();
}
