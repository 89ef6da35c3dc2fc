namespace TgVault.Cli.Conformance;

/// <summary>Links: what they open, and how they are made, listed and revoked.</summary>
static class LinkTable
{
    public static IEnumerable<HttpCase> Rows(Subject subject) =>
        [
            new("By link, without a key", "GET", subject.LinkPath, 200)
            {
                Body = subject.Content,
                Headers = { ["Access-Control-Allow-Origin"] = "*", ["ETag"] = subject.ETag },
            },
            new("By link, a part", "GET", subject.LinkPath, 206)
            {
                Send = { ["Range"] = "bytes=0-99" },
                Body = subject.Content.AsMemory(0, 100),
            },
            new("By link, its headers", "HEAD", subject.LinkPath, 200)
            {
                Body = ReadOnlyMemory<byte>.Empty,
                Headers = { ["Content-Length"] = $"{subject.Content.Length}" },
            },
            new("A browser asks whether it may", "OPTIONS", subject.LinkPath, 204)
            {
                Send = { ["Origin"] = "https://example.org", ["Access-Control-Request-Method"] = "GET" },
                Headers = { ["Access-Control-Allow-Origin"] = "*", ["Access-Control-Allow-Methods"] = "GET, HEAD, OPTIONS" },
            },
            new("A link nobody minted", "GET", "/v/not.a.link/video.mp4", 403)
            {
                IsProblem = true,
                // Scripts of players can read the status.
                Headers = { ["Access-Control-Allow-Origin"] = "*" },
            },
            new("A link for an hour", "POST", $"/api/videos/{subject.Id}/links", 201)
            {
                Credential = Credential.ApiKey,
                Json = """{"ttl":3600}""",
                Contains = $"\"video\":\"{subject.Id}\"",
            },
            new("Links to a video", "GET", $"/api/videos/{subject.Id}/links", 200)
            {
                Credential = Credential.ApiKey,
                Contains = $"\"video\":\"{subject.Id}\"",
            },
            new("Links without a key", "GET", $"/api/videos/{subject.Id}/links", 401) { IsProblem = true },
            new("Links to what is not there", "GET", $"/api/videos/{HttpTable.NoVideo}/links", 404)
            {
                IsProblem = true,
                Credential = Credential.ApiKey,
            },
            new("All links", "GET", "/api/links?limit=1", 200)
            {
                Credential = Credential.ApiKey,
                Contains = "\"continuation\"",
                Headers = { ["Cache-Control"] = "no-store" },
            },
            new("A page of no links", "GET", "/api/links?limit=0", 400) { IsProblem = true, Credential = Credential.ApiKey },
            new("Revoking every link without a key", "DELETE", "/api/links", 401) { IsProblem = true },
            new("Revoking every link with a wrong key", "DELETE", "/api/links", 401) { IsProblem = true, Credential = Credential.WrongKey },
            new("Revoking a link without a key", "DELETE", $"/api/links/{HttpTable.NoVideo}", 401) { IsProblem = true },
            new("Revoking a link that was made elsewhere", "DELETE", "/api/links/not-of-this-vault", 200)
            {
                Credential = Credential.ApiKey,
                Contains = "\"revoked\"",
            },
            new("Revoking the links of what is not there", "DELETE", $"/api/videos/{HttpTable.NoVideo}/links", 404)
            {
                IsProblem = true,
                Credential = Credential.ApiKey,
            },
            new("A link for a year that is too long", "POST", $"/api/videos/{subject.Id}/links", 400)
            {
                IsProblem = true,
                Credential = Credential.ApiKey,
                Json = """{"ttl":99999999999}""",
            },
            new("Linking what is not there", "POST", $"/api/videos/{HttpTable.NoVideo}/links", 404)
            {
                IsProblem = true,
                Credential = Credential.ApiKey,
                Json = "{}",
            },
        ];
}
