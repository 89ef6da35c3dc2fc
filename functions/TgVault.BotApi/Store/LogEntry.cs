using System.Text.Json;
using System.Text.Json.Serialization;

namespace TgVault.BotApi.Store;

/// <summary>One line of the message log. What a field means depends on <see cref="Op"/>.</summary>
sealed record LogEntry(string Op, long Chat, int[] Messages)
{
    public const string Send = "send";
    public const string Service = "service";
    public const string Edit = "edit";
    public const string Delete = "delete";
    public const string Pin = "pin";
    public const string Unpin = "unpin";

    static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
    };

    public long Date { get; init; }

    public long Bot { get; init; }

    public long File { get; init; }

    public long Size { get; init; }

    public string? Name { get; init; }

    public string? Caption { get; init; }

    public Origin? Origin { get; init; }

    public byte[] ToLine() => [.. JsonSerializer.SerializeToUtf8Bytes(this, Format), (byte)'\n'];

    /// <summary>Null where the line is torn.</summary>
    public static LogEntry? Parse(ReadOnlySpan<byte> line)
    {
        try
        {
            return JsonSerializer.Deserialize<LogEntry>(line, Format);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
