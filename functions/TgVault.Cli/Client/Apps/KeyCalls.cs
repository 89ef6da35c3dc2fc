using System.Text.Json;
using TgVault.Cli.Terminal;

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

    /// <param name="given">Its id, or the name that it alone has.</param>
    public async Task RevokeKeyAsync(string given, CancellationToken cancellationToken)
    {
        var id = IdOf(given, (await ListKeysAsync(cancellationToken)).Select(key => (key.Id, key.Name)));
        await vault.SendJsonAsync(HttpMethod.Delete, $"api/keys/{Uri.EscapeDataString(id)}", null, cancellationToken);
    }

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

    /// <param name="given">Its id, or the name that it alone has.</param>
    public async Task RevokeLinkKeyAsync(string given, CancellationToken cancellationToken)
    {
        var id = IdOf(given, (await ListLinkKeysAsync(cancellationToken)).Select(key => (key.Id, key.Name)));
        await vault.SendJsonAsync(HttpMethod.Delete, $"api/link-keys/{Uri.EscapeDataString(id)}", null, cancellationToken);
    }

    static string IdOf(string given, IEnumerable<(string Id, string Name)> keys)
    {
        var found = keys.Where(key => key.Id == given || key.Name == given).Select(key => key.Id).Distinct().ToList();
        return found switch
        {
            [var id] => id,
            // The vault says what it thinks of it.
            [] => given,
            _ => throw new CommandFailedException($"{given} may be any of {string.Join(", ", found)}: name one by its id."),
        };
    }
}
