using System.Globalization;
using System.Text.Json;

namespace TgVault.BotApi.Http;

/// <summary>A file part of a multipart body, on disk until the call is over.</summary>
sealed record Upload(string Path, string FileName, long SizeBytes);

/// <summary>A call's parameters, read as leniently as Telegram reads them: numbers and booleans in several spellings.</summary>
sealed class CallParameters
{
    readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);
    readonly Dictionary<string, Upload> _uploads = new(StringComparer.Ordinal);

    public IEnumerable<Upload> Uploads => _uploads.Values;

    public void Set(string name, string value) => _values[name] = value;

    public void Set(string name, Upload upload) => _uploads[name] = upload;

    public string? Text(string name) => _values.GetValueOrDefault(name) is { Length: > 0 } text ? text : null;

    public long? Number(string name) =>
        long.TryParse(Text(name)?.Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

    public bool Flag(string name) => Text(name)?.ToUpperInvariant() is "TRUE" or "YES" or "1";

    /// <summary>The file of a part of this name, or of the part that an <c>attach://</c> value names.</summary>
    public Upload? File(string name) => Attached(Text(name)) ?? _uploads.GetValueOrDefault(name);

    public Upload? Attached(string? reference) =>
        reference?.StartsWith("attach://", StringComparison.Ordinal) == true
            ? _uploads.GetValueOrDefault(reference["attach://".Length..])
            : null;

    /// <summary>A list of message ids, written as JSON.</summary>
    /// <exception cref="Refusal">It is none.</exception>
    public IReadOnlyList<int> MessageIds(string name)
    {
        if (Text(name) is not { } text)
            return [];
        try
        {
            using var json = JsonDocument.Parse(text);
            return [.. json.RootElement.EnumerateArray().Select(IdIn)];
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException or OverflowException)
        {
            throw Refusal.BadRequest("invalid message identifier specified");
        }
    }

    static int IdIn(JsonElement element) =>
        element.ValueKind == JsonValueKind.String ? int.Parse(element.GetString()!, CultureInfo.InvariantCulture) : element.GetInt32();
}
