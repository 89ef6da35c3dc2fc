using System.Runtime.CompilerServices;
using System.Text.Json;

namespace TgVault.Cli.Client.Links;

/// <summary>A link to one video.</summary>
sealed record MintedLink(string Url, string Token, DateTimeOffset Expires, JsonElement Json);

/// <summary>What is asked for when a link is made.</summary>
/// <param name="Lifetime">Null: as long as the vault gives.</param>
/// <param name="Origins">The sites that may show it; none: any.</param>
sealed record WantedLink(TimeSpan? Lifetime, IReadOnlyList<string> Origins, string? Label);

/// <summary>Links of one vault.</summary>
sealed class LinkCalls(VaultClient vault)
{
    public Task<MintedLink> LinkAsync(string id, TimeSpan? lifetime, CancellationToken cancellationToken) =>
        LinkAsync(id, new WantedLink(lifetime, [], null), cancellationToken);

    public async Task<MintedLink> LinkAsync(string id, WantedLink wanted, CancellationToken cancellationToken)
    {
        var body = new Dictionary<string, object>();
        if (wanted.Lifetime is { } time)
            body["ttl"] = (long)time.TotalSeconds;
        if (wanted.Origins.Count > 0)
            body["origins"] = wanted.Origins;
        if (wanted.Label is { } label)
            body["label"] = label;
        var json = await vault.SendJsonAsync(HttpMethod.Post, $"{VaultClient.VideoPath(id)}/links", body, cancellationToken);
        return new MintedLink(
            json.GetProperty("url").GetString()!,
            json.GetProperty("token").GetString()!,
            json.GetProperty("expires").GetDateTimeOffset(),
            json
        );
    }

    /// <summary>Links that the vault made, newest first, page after page; at most <paramref name="limit"/>.</summary>
    /// <param name="id">Only to this video; null: all.</param>
    public async IAsyncEnumerable<LinkView> ListLinksAsync(
        string? id,
        int limit,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        const int LargestPage = 200;
        string? continuation = null;
        while (limit > 0)
        {
            var path = $"{(id is null ? "api" : VaultClient.VideoPath(id))}/links?limit={Math.Min(limit, LargestPage)}";
            if (continuation is not null)
                path += $"&continuation={Uri.EscapeDataString(continuation)}";
            var page = await vault.SendJsonAsync(HttpMethod.Get, path, null, cancellationToken);
            foreach (var link in page.GetProperty("links").EnumerateArray())
            {
                if (limit-- > 0)
                    yield return new LinkView(link);
            }

            continuation = page.TryGetProperty("continuation", out var next) ? next.GetString() : null;
            if (string.IsNullOrEmpty(continuation))
                yield break;
        }
    }

    /// <summary>Ends one link; false where the vault did not make it, and takes it to be made elsewhere.</summary>
    /// <param name="link">Its id, or its token.</param>
    public async Task<bool> RevokeLinkAsync(string link, CancellationToken cancellationToken) =>
        (await vault.SendJsonAsync(HttpMethod.Delete, $"api/links/{Uri.EscapeDataString(link)}", null, cancellationToken)).TryGetProperty(
            "video",
            out _
        );

    /// <summary>Ends all links to a video.</summary>
    public Task RevokeLinksAsync(string id, CancellationToken cancellationToken) =>
        vault.SendJsonAsync(HttpMethod.Delete, $"{VaultClient.VideoPath(id)}/links", null, cancellationToken);

    /// <summary>Ends every link and every link key; how many of each that were.</summary>
    public async Task<(long Links, long LinkKeys)> RevokeAllLinksAsync(CancellationToken cancellationToken)
    {
        var ended = await vault.SendJsonAsync(HttpMethod.Delete, "api/links", null, cancellationToken);
        return (ended.GetProperty("links").GetInt64(), ended.GetProperty("linkKeys").GetInt64());
    }

    /// <summary>What a page is given to show an embed page in.</summary>
    public async Task<string> FrameAsync(string embedUrl, CancellationToken cancellationToken)
    {
        var path = $"api/oembed?url={Uri.EscapeDataString(embedUrl)}";
        return (await vault.SendJsonAsync(HttpMethod.Get, path, null, cancellationToken)).GetProperty("html").GetString()!;
    }
}
