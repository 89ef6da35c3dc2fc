namespace TgVault.Cli.Conformance;

/// <summary>What every vault answers to a browser: the web app, sessions, embed pages. The subject is a clip that plays.</summary>
static class PageTable
{
    static readonly Dictionary<string, string?> Page = new()
    {
        ["Content-Type"] = "text/html; charset=utf-8",
        ["Cache-Control"] = "no-cache",
        ["X-Content-Type-Options"] = "nosniff",
        ["Referrer-Policy"] = "same-origin",
    };

    public static IEnumerable<HttpCase> Rows(Subject clip) => [.. App(), .. Sessions(), .. Apps(), .. Embeds(clip)];

    static IEnumerable<HttpCase> App()
    {
        foreach (var path in (string[])["/", "/signin", "/settings", "/videos/7zzzzzzzzz0000000000000000"])
        {
            yield return new($"The app at {path}", "GET", path, 200) { Headers = Page, Contains = "<vault-app>" };
            yield return new($"The app at {path}, its headers", "HEAD", path, 200) { Headers = Page, Body = ReadOnlyMemory<byte>.Empty };
        }

        yield return new("The API's reference", "GET", "/api/reference", 200) { Headers = Page, Contains = "<title>TgVault API</title>" };
        yield return new("The API's reference, its headers", "HEAD", "/api/reference", 200)
        {
            Headers = Page,
            Body = ReadOnlyMemory<byte>.Empty,
        };
        yield return new("The app's manifest", "GET", "/app/manifest.webmanifest", 200)
        {
            Headers = { ["Content-Type"] = "application/manifest+json", ["Cache-Control"] = "no-cache" },
            Contains = "\"start_url\"",
        };
        yield return new("An icon, compressed", "GET", "/app/icon.svg", 200)
        {
            Send = { ["Accept-Encoding"] = "br" },
            Headers =
            {
                ["Content-Encoding"] = "br",
                ["Vary"] = "Accept-Encoding",
                ["Access-Control-Allow-Origin"] = "*",
            },
        };
        yield return new("An icon's headers", "HEAD", "/app/icon-192.png", 200)
        {
            Headers = { ["Content-Type"] = "image/png" },
            Body = ReadOnlyMemory<byte>.Empty,
        };
        yield return new("A script of another version", "GET", "/assets/index-00000000.js", 404) { IsProblem = true };
        yield return new("A script of another version, its headers", "HEAD", "/assets/index-00000000.js", 404)
        {
            Body = ReadOnlyMemory<byte>.Empty,
        };
    }

    static IEnumerable<HttpCase> Sessions() =>
        [
            new("Who is not signed in", "GET", "/api/session", 200)
            {
                Headers = { ["Cache-Control"] = "no-store" },
                Contains = "\"signedIn\":false",
            },
            new("Who is not signed in, its headers", "HEAD", "/api/session", 200) { Body = ReadOnlyMemory<byte>.Empty },
            new("Signing in with a wrong key", "POST", "/api/session", 401)
            {
                IsProblem = true,
                Send = { ["Sec-Fetch-Site"] = "same-origin" },
                Json = """{"key":"wrong"}""",
                Headers = { ["Set-Cookie"] = null },
            },
            new("Signing in from another site", "POST", "/api/session", 403)
            {
                IsProblem = true,
                Send = { ["Sec-Fetch-Site"] = "cross-site" },
                Json = """{"key":"wrong"}""",
            },
            new("Signing out from another site", "DELETE", "/api/session", 403)
            {
                IsProblem = true,
                Send = { ["Origin"] = "https://example.org" },
            },
            new("A sign-in address", "POST", "/api/session/codes", 201) { Credential = Credential.ApiKey, Contains = "/signin#" },
            new("A sign-in address without a key", "POST", "/api/session/codes", 401) { IsProblem = true },
            new("Following the library without a key", "GET", "/api/events", 401) { IsProblem = true },
            new("What the vault is set to", "GET", "/api/vault", 200) { Credential = Credential.ApiKey, Contains = "\"bots\":[" },
            new("How the vault is", "GET", "/api/status", 200) { Credential = Credential.ApiKey, Contains = "\"queue\":{" },
            new("How far a rotation is", "GET", "/api/rotation", 200) { Credential = Credential.ApiKey, Contains = "\"underWay\":" },
            new("How far a rotation is, without a key", "GET", "/api/rotation", 401) { IsProblem = true },
            new("How the vault is, without a key", "GET", "/api/status", 401) { IsProblem = true },
            new("What the vault is set to, without a key", "GET", "/api/vault", 401) { IsProblem = true },
        ];

    static IEnumerable<HttpCase> Apps() =>
        [
            new("The named API keys", "GET", "/api/keys", 200) { Credential = Credential.ApiKey, Contains = "\"keys\":[" },
            new("The named API keys, without a key", "GET", "/api/keys", 401) { IsProblem = true },
            new("A key without a scope", "POST", "/api/keys", 400)
            {
                IsProblem = true,
                Credential = Credential.ApiKey,
                Json = """{"name":"tv"}""",
            },
            new("Revoking a key that is not there", "DELETE", "/api/keys/0123456789abcdef", 404)
            {
                IsProblem = true,
                Credential = Credential.ApiKey,
            },
            new("The link keys", "GET", "/api/link-keys", 200) { Credential = Credential.ApiKey, Contains = "\"keys\":[" },
            new("The link keys, without a key", "GET", "/api/link-keys", 401) { IsProblem = true },
            new("A link key without a name", "POST", "/api/link-keys", 400)
            {
                IsProblem = true,
                Credential = Credential.ApiKey,
                Json = "{}",
            },
            new("Revoking a link key that is not there", "DELETE", "/api/link-keys/v1.0123456789abcdef", 404)
            {
                IsProblem = true,
                Credential = Credential.ApiKey,
            },
            new("What WebDAV can do here", "OPTIONS", "/dav/", 200)
            {
                Credential = Credential.ApiKey,
                Headers = { ["DAV"] = "1" },
                Allow = ["OPTIONS", "GET", "HEAD", "PROPFIND"],
            },
            new("The library as a folder", "PROPFIND", "/dav/", 207)
            {
                Credential = Credential.ApiKey,
                Send = { ["Depth"] = "0" },
                Headers = { ["Content-Type"] = "application/xml; charset=utf-8" },
                Contains = "<D:collection",
            },
            new("The library as a folder, in all its depth", "PROPFIND", "/dav/", 403)
            {
                Credential = Credential.ApiKey,
                Send = { ["Depth"] = "infinity" },
                Contains = "propfind-finite-depth",
            },
            new("The library as a folder, without a key", "PROPFIND", "/dav/", 401)
            {
                IsProblem = true,
                Headers = { ["WWW-Authenticate"] = "Basic realm=\"TgVault\", charset=\"UTF-8\"" },
            },
            new("A file that is not there", "GET", "/dav/no such folder/no.mp4", 404) { IsProblem = true, Credential = Credential.ApiKey },
            new("A file that is not there, its headers", "HEAD", "/dav/no.mp4", 404)
            {
                Credential = Credential.ApiKey,
                Body = ReadOnlyMemory<byte>.Empty,
            },
            new("Writing a file", "PUT", "/dav/new.mp4", 405)
            {
                IsProblem = true,
                Credential = Credential.ApiKey,
                Allow = ["OPTIONS", "GET", "HEAD", "PROPFIND"],
            },
            new("A list for players", "GET", "/api/videos.m3u8?folder=no%20such%20folder", 200)
            {
                Credential = Credential.ApiKey,
                Headers = { ["Content-Type"] = "application/vnd.apple.mpegurl; charset=utf-8" },
                Body = "#EXTM3U\n"u8.ToArray(),
            },
            new("A list for players, its headers", "HEAD", "/api/videos.m3u8", 200)
            {
                Credential = Credential.ApiKey,
                Headers = { ["Cache-Control"] = "no-store" },
                Body = ReadOnlyMemory<byte>.Empty,
            },
            new("A list for players, for too long", "GET", "/api/videos.m3u8?ttl=0", 400)
            {
                IsProblem = true,
                Credential = Credential.ApiKey,
            },
        ];

    static IEnumerable<HttpCase> Embeds(Subject clip)
    {
        var embed = clip.LinkPath.Replace("/v/", "/embed/", StringComparison.Ordinal).Replace("/video.mp4", "", StringComparison.Ordinal);
        return
        [
            new("A clip to embed", "GET", $"{embed}?t=1", 200)
            {
                Headers = { ["Content-Type"] = "text/html; charset=utf-8", ["Cache-Control"] = "no-store" },
                Contains = "id=\"playable\"",
            },
            new("A clip to embed, its headers", "HEAD", embed, 200) { Body = ReadOnlyMemory<byte>.Empty },
            new("A link nobody minted, to embed", "GET", "/embed/not.a.link", 403)
            {
                Headers = { ["Content-Type"] = "text/html; charset=utf-8" },
                Contains = "This link is not valid here.",
            },
            new("What the player of a link needs", "GET", $"{embed}/player", 200)
            {
                Headers = { ["Access-Control-Allow-Origin"] = "*" },
                Contains = "\"source\":\"video.mp4\"",
            },
            new("What the player of a link needs, its headers", "HEAD", $"{embed}/player", 200) { Body = ReadOnlyMemory<byte>.Empty },
            new("What the player of a link nobody minted needs", "GET", "/embed/not.a.link/player", 403) { IsProblem = true },
            new("What a player needs", "GET", $"/api/videos/{clip.Id}/player", 200)
            {
                Credential = Credential.ApiKey,
                Contains = $"\"id\":\"{clip.Id}\"",
            },
            new("What a player needs, without a key", "GET", $"/api/videos/{clip.Id}/player", 401) { IsProblem = true },
            new("OEmbed of another site's page", "GET", "/api/oembed?url=https%3A%2F%2Fexample.org%2Fembed%2Fx", 404)
            {
                IsProblem = true,
                Headers = { ["Access-Control-Allow-Origin"] = "*" },
            },
            new("OEmbed of nothing, its headers", "HEAD", "/api/oembed", 404) { Body = ReadOnlyMemory<byte>.Empty },
            new("OEmbed as XML", "GET", "/api/oembed?format=xml", 501) { IsProblem = true },
        ];
    }
}
