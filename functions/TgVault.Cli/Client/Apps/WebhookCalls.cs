using System.Text.Json;
using TgVault.Cli.Terminal;

namespace TgVault.Cli.Client.Apps;

/// <summary>A webhook as the vault's API shows it.</summary>
sealed record WebhookView(JsonElement Json)
{
    public string Id => Json.GetProperty("id").GetString()!;

    public string Url => Json.GetProperty("url").GetString()!;

    public string Label => Json.GetProperty("label").GetString()!;

    public IEnumerable<string> Events => Json.GetProperty("events").EnumerateArray().Select(one => one.GetString()!);

    public bool IsDisabled => Json.TryGetProperty("disabled", out _);
}

/// <summary>A message to a webhook as the vault's API shows it.</summary>
sealed record DeliveryView(JsonElement Json)
{
    public string Id => Json.GetProperty("id").GetString()!;

    public string Type => Json.GetProperty("type").GetString()!;

    public string State => Json.GetProperty("state").GetString()!;

    public string Time => Json.GetProperty("time").GetString()!;

    public int Tries => Json.GetProperty("tries").GetInt32();

    public int? Status => Json.TryGetProperty("status", out var status) ? status.GetInt32() : null;

    /// <summary>Null where the last try was taken, or there was none.</summary>
    public string? Problem => Json.TryGetProperty("problem", out var problem) ? problem.GetString() : null;
}

/// <summary>Webhooks of one vault.</summary>
sealed class WebhookCalls(VaultClient vault)
{
    /// <summary>The oldest first.</summary>
    public async Task<IReadOnlyList<WebhookView>> ListAsync(CancellationToken cancellationToken) =>
        [
            .. (await vault.SendJsonAsync(HttpMethod.Get, "api/webhooks", null, cancellationToken))
                .GetProperty("webhooks")
                .EnumerateArray()
                .Select(one => new WebhookView(one)),
        ];

    /// <summary>The id of the webhook that a person means: by its id, or the beginning of it, its label or its address.</summary>
    /// <exception cref="CommandFailedException">There is none, or there are several.</exception>
    public async Task<string> FindAsync(string given, CancellationToken cancellationToken)
    {
        var all = await ListAsync(cancellationToken);
        WebhookView[] exact = [.. all.Where(one => one.Id == given || one.Label == given || one.Url == given)];
        WebhookView[] found = exact.Length > 0 ? exact : [.. all.Where(one => one.Id.StartsWith(given, StringComparison.Ordinal))];
        return found switch
        {
            [var one] => one.Id,
            [] => throw new CommandFailedException($"There is no webhook {given}. `./tgvault webhooks` lists those that there are."),
            _ => throw new CommandFailedException($"{given} may be any of {string.Join(", ", found.Select(one => one.Id))}: name one."),
        };
    }

    /// <summary>Makes a webhook; the answer has its secret.</summary>
    public Task<JsonElement> MakeAsync(string url, IReadOnlyList<string> events, string label, CancellationToken cancellationToken) =>
        vault.SendJsonAsync(
            HttpMethod.Post,
            "api/webhooks",
            new
            {
                url,
                events,
                label,
            },
            cancellationToken
        );

    /// <summary>Changes a webhook; returns it as it is then.</summary>
    /// <param name="change">Fields of the API: url, events, label, enabled.</param>
    public async Task<WebhookView> ChangeAsync(
        string id,
        IReadOnlyDictionary<string, object> change,
        CancellationToken cancellationToken
    ) => new(await vault.SendJsonAsync(HttpMethod.Patch, PathOf(id), change, cancellationToken));

    public Task RemoveAsync(string id, CancellationToken cancellationToken) =>
        vault.SendJsonAsync(HttpMethod.Delete, PathOf(id), null, cancellationToken);

    /// <summary>Makes a new secret, which the answer has.</summary>
    public Task<JsonElement> RotateAsync(string id, CancellationToken cancellationToken) =>
        vault.SendJsonAsync(HttpMethod.Post, $"{PathOf(id)}/secrets", null, cancellationToken);

    /// <summary>Sends a message that tells of nothing; returns how it went.</summary>
    public async Task<DeliveryView> TestAsync(string id, CancellationToken cancellationToken) =>
        new(await vault.SendJsonAsync(HttpMethod.Post, $"{PathOf(id)}/tests", null, cancellationToken));

    /// <summary>The newest first.</summary>
    public async Task<IReadOnlyList<DeliveryView>> ListDeliveriesAsync(string id, CancellationToken cancellationToken) =>
        [
            .. (await vault.SendJsonAsync(HttpMethod.Get, $"{PathOf(id)}/deliveries", null, cancellationToken))
                .GetProperty("deliveries")
                .EnumerateArray()
                .Select(one => new DeliveryView(one)),
        ];

    /// <summary>Sends a message again; returns how it went.</summary>
    public async Task<DeliveryView> SendAgainAsync(string id, string message, CancellationToken cancellationToken) =>
        new(
            await vault.SendJsonAsync(
                HttpMethod.Post,
                $"{PathOf(id)}/deliveries/{Uri.EscapeDataString(message)}/tries",
                null,
                cancellationToken
            )
        );

    static string PathOf(string id) => $"api/webhooks/{Uri.EscapeDataString(id)}";
}
