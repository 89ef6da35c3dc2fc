using System.Text.Json.Serialization;

namespace TgVault.BotApi.Store;

/// <summary>What happened, one JSON object a line: enough to build the whole state again.</summary>
sealed record LogLine(LogEvent Event)
{
    public long Chat { get; init; }

    public int Message { get; init; }

    public long Bot { get; init; }

    public long Date { get; init; }

    public long Document { get; init; }

    public long Size { get; init; }

    public string? Name { get; init; }

    public string? Caption { get; init; }

    public bool Protected { get; init; }

    public ForwardOrigin? Forward { get; init; }
}

enum LogEvent
{
    Send = 1,
    Edit,
    Delete,
    Pin,
    Unpin,

    /// <summary>A service message took this number.</summary>
    Service,

    /// <summary>All file ids of the document minted so far are dead.</summary>
    KillIds,
}

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(LogLine))]
sealed partial class LogLineJson : JsonSerializerContext;
