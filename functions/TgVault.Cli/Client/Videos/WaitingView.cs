using System.Globalization;
using System.Text.Json;

namespace TgVault.Cli.Client.Videos;

/// <summary>What a video waits for as the vault told it, in the words of the command line.</summary>
sealed class WaitingView(JsonElement json)
{
    /// <summary>upload, place, floodWait, pace, telegramUnreachable, botToken, botRights, storage or other.</summary>
    public string Why => VideoView.Text(json, "why");

    /// <summary>A word or three for a column.</summary>
    public string Brief =>
        Why switch
        {
            "upload" => Percent is { } percent ? $"uploading {percent}%" : "uploading",
            "place" => "queued",
            "floodWait" or "pace" => "Telegram: waits",
            "telegramUnreachable" => "no Telegram",
            "botToken" => "bad bot token",
            "botRights" => "bot lacks rights",
            "storage" => "no storage",
            _ => "waits",
        };

    /// <summary>A sentence, with when it goes on where that is known.</summary>
    public string Told =>
        Why switch
        {
            "upload" when Percent is { } percent => string.Create(
                CultureInfo.InvariantCulture,
                $"its upload, of which {percent} % has arrived"
            ),
            "upload" => "its upload",
            "place" => Ahead > 0 ? $"its turn; {Ahead} are before it" : "its turn; it is the next",
            _ => Until is { } until ? $"{Detail} It goes on, or is tried again, at {Clock(until)}." : Detail,
        };

    /// <summary>The same for a bar; one text as long as it waits for the same. Null where there is nothing to tell.</summary>
    public string? Note =>
        Why switch
        {
            // It has arrived, and is taken up within a second.
            "upload" => null,
            "place" => "waits for its turn",
            "floodWait" or "pace" => Until is { } until ? $"Telegram makes it wait until {Clock(until)}" : "Telegram makes it wait",
            _ => $"waits: {Detail}",
        };

    string Detail => VideoView.Text(json, "detail");

    DateTimeOffset? Until =>
        DateTimeOffset.TryParse(VideoView.Text(json, "until"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var until)
            ? until
            : null;

    long? Percent => Number("percent");

    long Ahead => Number("ahead") ?? 0;

    static string Clock(DateTimeOffset time) => time.ToLocalTime().ToString("HH:mm", CultureInfo.InvariantCulture);

    long? Number(string name) => json.TryGetProperty(name, out var value) && value.TryGetInt64(out var number) ? number : null;
}
