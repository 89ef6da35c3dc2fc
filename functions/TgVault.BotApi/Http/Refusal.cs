using System.Globalization;

namespace TgVault.BotApi.Http;

/// <summary>A call that Telegram answers with ok:false; thrown from wherever it is found out.</summary>
sealed class Refusal(int code, string description, int? retryAfterSeconds = null) : Exception(description)
{
    public int Code => code;

    public int? RetryAfterSeconds => retryAfterSeconds;

    public static Refusal BadRequest(string what) => new(400, $"Bad Request: {what}");

    public static Refusal Forbidden(string what) => new(403, $"Forbidden: {what}");

    public static Refusal NotFound() => new(404, "Not Found");

    public static Refusal TooLarge() => new(413, "Request Entity Too Large");

    public static Refusal Broken() => new(500, "Internal Server Error");

    public static Refusal TooMany(int seconds) =>
        new(429, string.Create(CultureInfo.InvariantCulture, $"Too Many Requests: retry after {seconds}"), seconds);
}
