namespace TgVault.BotApi.Wire;

/// <summary>A call that is answered with an error: the HTTP status, Telegram's text, and the seconds to wait where there are any.</summary>
sealed class BotApiException(int code, string description, int? retryAfter = null) : Exception(description)
{
    public int Code => code;

    public int? RetryAfter => retryAfter;

    /// <summary>The answer is nginx's page rather than JSON.</summary>
    public bool Html { get; init; }

    public static BotApiException BadRequest(string text) => new(400, "Bad Request: " + text);

    public static BotApiException Forbidden(string text) => new(403, "Forbidden: " + text);

    public static BotApiException TooManyRequests(int seconds) => new(429, $"Too Many Requests: retry after {seconds}", seconds);

    public static BotApiException TooLarge() => new(413, "Request Entity Too Large");

    public static BotApiException NotFound() => new(404, "Not Found");
}
