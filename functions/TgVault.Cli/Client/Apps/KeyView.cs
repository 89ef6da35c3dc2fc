using System.Text.Json;

namespace TgVault.Cli.Client.Apps;

/// <summary>A named API key as the vault's API shows it.</summary>
sealed record KeyView(JsonElement Json)
{
    public string Id => Json.GetProperty("id").GetString()!;

    public string Name => Json.GetProperty("name").GetString()!;

    public string Scope => Json.GetProperty("scope").GetString()!;

    public string Created => Json.GetProperty("created").GetString()!;

    /// <summary>Null where it was not used yet.</summary>
    public string? LastUsed => Json.TryGetProperty("lastUsed", out var used) ? used.GetString() : null;
}
