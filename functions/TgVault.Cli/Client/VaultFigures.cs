using System.Text.Json;
using TgVault.Cli.Client.Videos;

namespace TgVault.Cli.Client;

/// <summary>What a vault tells of itself.</summary>
static class VaultFigures
{
    /// <summary>What the vault is set to.</summary>
    public static Task<JsonElement> ShowVaultAsync(this VaultClient vault, CancellationToken cancellationToken) =>
        vault.SendJsonAsync(HttpMethod.Get, "api/vault", null, cancellationToken);

    /// <summary>What the vault is doing: queue, space, Telegram; null where a vault of an earlier version does not tell.</summary>
    public static Task<JsonElement?> ShowStatusAsync(this VaultClient vault, CancellationToken cancellationToken) =>
        vault.FindJsonAsync("api/status", cancellationToken);

    /// <summary>How far the rotation of the master secret is.</summary>
    public static Task<JsonElement> ShowRotationAsync(this VaultClient vault, CancellationToken cancellationToken) =>
        vault.SendJsonAsync(HttpMethod.Get, "api/rotation", null, cancellationToken);

    /// <summary>Folders, tags and statuses, with how many videos each has; null where a vault of an earlier version does not
    /// tell.</summary>
    public static async Task<LibraryCounts?> CountAsync(this VaultClient vault, CancellationToken cancellationToken) =>
        await vault.FindJsonAsync("api/lists", cancellationToken) is { } lists ? new LibraryCounts(lists) : null;
}
