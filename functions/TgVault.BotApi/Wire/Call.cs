using System.Globalization;

namespace TgVault.BotApi.Wire;

/// <summary>A file part of a request, on disk. Disposing the call removes it unless it became a document.</summary>
sealed record UploadedFile(string Path, string Name, long SizeBytes);

/// <summary>One request to a method: who asks, and the parameters, wherever in the request they stood.</summary>
sealed class Call(long botId, string method) : IDisposable
{
    public long BotId => botId;

    public string Method => method;

    public Dictionary<string, string> Parameters { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, UploadedFile> Files { get; } = new(StringComparer.Ordinal);

    public string Text(string name) => Parameters.GetValueOrDefault(name, "");

    public long? Number(string name) =>
        long.TryParse(Text(name).Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

    public int MessageId(string name = "message_id") => Number(name) is { } id and > 0 and <= int.MaxValue ? (int)id : 0;

    /// <summary>true, yes and 1, in any case (Bot API server, to_bool).</summary>
    public bool Flag(string name) => Text(name).Trim().ToUpperInvariant() is "TRUE" or "YES" or "1";

    public void Dispose()
    {
        foreach (var file in Files.Values) File.Delete(file.Path);
    }
}
