using System.Text.Json;

namespace TgVault.Cli.Client.Apps;

/// <summary>Named API keys and link keys of one vault.</summary>
sealed class KeyCalls(VaultClient vault)
{
    /// <summary>The named API keys, the oldest first.</summary>
    public async Task<IReadOnlyList<KeyView>> ListKeysAsync(CancellationToken cancellationToken) =>
        [
            .. (await vault.SendJsonAsync(HttpMethod.Get, "api/keys", null, cancellationToken))
                .GetProperty("keys")
                .EnumerateArray()
                .Select(key => new KeyView(key)),
        ];

    /// <summary>Makes an API key; the answer has its secret.</summary>
    public Task<JsonElement> MakeKeyAsync(string name, string scope, CancellationToken cancellationToken) =>
        vault.SendJsonAsync(HttpMethod.Post, "api/keys", new { name, scope }, cancellationToken);

    public Task RevokeKeyAsync(string id, CancellationToken cancellationToken) =>
        vault.SendJsonAsync(HttpMethod.Delete, $"api/keys/{Uri.EscapeDataString(id)}", null, cancellationToken);

    /// <summary>The link keys, the oldest first.</summary>
    public async Task<IReadOnlyList<LinkKeyView>> ListLinkKeysAsync(CancellationToken cancellationToken) =>
        [
            .. (await vault.SendJsonAsync(HttpMethod.Get, "api/link-keys", null, cancellationToken))
                .GetProperty("keys")
                .EnumerateArray()
                .Select(key => new LinkKeyView(key)),
        ];

    /// <summary>Makes a link key; the answer has its secret.</summary>
    public Task<JsonElement> MakeLinkKeyAsync(string name, CancellationToken cancellationToken) =>
        vault.SendJsonAsync(HttpMethod.Post, "api/link-keys", new { name }, cancellationToken);

    public Task RevokeLinkKeyAsync(string id, CancellationToken cancellationToken) =>
        vault.SendJsonAsync(HttpMethod.Delete, $"api/link-keys/{Uri.EscapeDataString(id)}", null, cancellationToken);
}
