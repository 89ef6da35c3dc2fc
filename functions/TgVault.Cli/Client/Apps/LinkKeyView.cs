using System.Text.Json;

namespace TgVault.Cli.Client.Apps;

/// <summary>A link key as the vault's API shows it.</summary>
sealed record LinkKeyView(JsonElement Json)
{
    public string Id => Json.GetProperty("id").GetString()!;

    public string Name => Json.GetProperty("name").GetString()!;

    public string Created => Json.GetProperty("created").GetString()!;

    /// <summary>Null where no link played yet that it signed.</summary>
    public string? LastUsed => Json.TryGetProperty("lastUsed", out var used) ? used.GetString() : null;
}
