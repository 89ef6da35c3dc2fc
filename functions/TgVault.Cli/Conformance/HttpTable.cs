namespace TgVault.Cli.Conformance;

/// <summary>What every vault answers, whichever host it runs in. Ordered: a row may rely on those before it.</summary>
static class HttpTable
{
    public const string NoVideo = "7zzzzzzzzz0000000000000000";

    public static IEnumerable<HttpCase> Rows(Subject subject) =>
        [
            .. Public(),
            .. Uploading(),
            .. TicketTable.Rows(),
            .. WebhookTable.Rows(),
            .. Managing(subject),
            .. Streaming(subject),
            .. Preconditions(subject),
            .. Links(subject),
            .. NoVideoTable.Adaptive(subject),
            .. NoVideoTable.Captions(subject),
            .. ContractTable.Rows(subject),
        ];

    static IEnumerable<HttpCase> Public() =>
        [
            new("Health", "GET", "/api/health", 200)
            {
                Headers = { ["Content-Type"] = "application/json; charset=utf-8", ["Cache-Control"] = "no-store" },
                Contains = "\"status\":\"ok\"",
            },
            new("Health, asked for its headers", "HEAD", "/api/health", 200) { Body = ReadOnlyMemory<byte>.Empty },
            new("The API's description", "GET", "/api/openapi.json", 200)
            {
                Headers = { ["Content-Type"] = "application/json" },
                Contains = "\"openapi\"",
            },
            new("The API's description, asked for its headers", "HEAD", "/api/openapi.json", 200)
            {
                Body = ReadOnlyMemory<byte>.Empty,
                Headers = { ["Content-Type"] = "application/json" },
            },
            new("An address nobody has", "GET", "/nobody/has/this", 404) { IsProblem = true },
            new("A method the address does not take", "DELETE", "/api/health", 405) { IsProblem = true, Allow = ["GET", "HEAD"] },
            new("A method no route takes at an address of several", "PUT", $"/api/videos/{NoVideo}", 405)
            {
                IsProblem = true,
                Allow = ["GET", "PATCH", "DELETE"],
            },
        ];

    // Where upload URLs lead of a vault on one machine. Without a signature every vault answers as one whose uploads go to Azure.
    static IEnumerable<HttpCase> Uploading()
    {
        var upload = $"/staging/uploads/{NoVideo}";
        foreach (
            var (method, path) in (IEnumerable<(string, string)>)
                [("PUT", upload), ("GET", upload), ("DELETE", upload), ("OPTIONS", upload), ("GET", "/staging/uploads")]
        )
            yield return new($"{method} of {path} without a signature", method, path, 404) { IsProblem = true };
        foreach (var path in (string[])[upload, "/staging/uploads"])
            yield return new($"HEAD of {path} without a signature", "HEAD", path, 404) { Body = ReadOnlyMemory<byte>.Empty };
    }

    static IEnumerable<HttpCase> Managing(Subject subject) =>
        [
            new("Listing without a key", "GET", "/api/videos", 401) { IsProblem = true, Headers = { ["WWW-Authenticate"] = "Bearer" } },
            new("Listing with a wrong key", "GET", "/api/videos", 401) { IsProblem = true, Credential = Credential.WrongKey },
            new("Listing with the key as bearer token", "GET", "/api/videos?limit=1", 200)
            {
                Credential = Credential.Bearer,
                Contains = "\"videos\"",
            },
            new("Listing a page of nothing", "GET", "/api/videos?limit=0", 400) { IsProblem = true, Credential = Credential.ApiKey },
            new("Searching for words that no video has", "GET", "/api/videos?search=n%C3%B6such%20w%C3%B6rdz%20qqxyzzy&status=ready", 200)
            {
                Credential = Credential.ApiKey,
                Contains = "\"videos\":[]",
            },
            new("Searching for too much", "GET", $"/api/videos?search={new string('x', 201)}", 400)
            {
                IsProblem = true,
                Credential = Credential.ApiKey,
            },
            new("Listing a status that there is not", "GET", "/api/videos?status=lost", 400)
            {
                IsProblem = true,
                Credential = Credential.ApiKey,
            },
            new("A list by name", "GET", "/api/videos?order=name&folder=n%C3%B6such&below=true", 200)
            {
                Credential = Credential.ApiKey,
                Contains = "\"videos\":[]",
            },
            new("A list by name of what is searched for", "GET", "/api/videos?order=name&search=a", 400)
            {
                IsProblem = true,
                Credential = Credential.ApiKey,
            },
            new("How many videos each list has", "GET", "/api/lists", 200) { Credential = Credential.ApiKey, Contains = "\"statuses\":[" },
            new("How many videos each list has, without a key", "GET", "/api/lists", 401) { IsProblem = true },
            new("Moving many, of which one is not there", "PATCH", "/api/videos", 200)
            {
                Credential = Credential.ApiKey,
                Json = $$"""{"ids":["{{subject.Id}}","{{NoVideo}}"],"folder":"conformance"}""",
                Contains = "\"status\":404",
            },
            new("Moving many, of which none is named", "PATCH", "/api/videos", 400)
            {
                IsProblem = true,
                Credential = Credential.ApiKey,
                Json = """{"folder":"conformance"}""",
            },
            new("Removing many, of which none is there", "POST", "/api/videos/removals", 200)
            {
                Credential = Credential.ApiKey,
                Json = $$"""{"ids":["{{NoVideo}}"]}""",
                Contains = "\"status\":404",
            },
            new("Removing many without a key", "POST", "/api/videos/removals", 401) { IsProblem = true },
            new("Showing a video", "GET", $"/api/videos/{subject.Id}", 200)
            {
                Credential = Credential.ApiKey,
                Contains = $"\"id\":\"{subject.Id}\"",
                Headers = { ["Cache-Control"] = "no-store", ["X-Content-Type-Options"] = "nosniff" },
            },
            new("Showing a video that is not there", "GET", $"/api/videos/{NoVideo}", 404)
            {
                IsProblem = true,
                Credential = Credential.ApiKey,
            },
            new("Showing what is no id", "GET", "/api/videos/what", 404) { IsProblem = true, Credential = Credential.ApiKey },
            new("Changing a description", "PATCH", $"/api/videos/{subject.Id}", 200)
            {
                Credential = Credential.ApiKey,
                Json = """{"description":"changed"}""",
                Contains = "\"description\":\"changed\"",
            },
            new("Changing what cannot be changed", "PATCH", $"/api/videos/{subject.Id}", 400)
            {
                IsProblem = true,
                Credential = Credential.ApiKey,
                Json = """{"size":1}""",
                Contains = "\"errors\"",
            },
            new("Announcing nothing", "POST", "/api/uploads", 400)
            {
                IsProblem = true,
                Credential = Credential.ApiKey,
                Json = "{}",
            },
            new("Announcing what is no JSON", "POST", "/api/uploads", 400)
            {
                IsProblem = true,
                Credential = Credential.ApiKey,
                Json = "{",
            },
            new("A new upload URL for what has arrived", "POST", $"/api/uploads/{subject.Id}/renew", 409)
            {
                IsProblem = true,
                Credential = Credential.ApiKey,
            },
            new("A retry of what did not fail", "POST", $"/api/videos/{subject.Id}/retry", 409)
            {
                IsProblem = true,
                Credential = Credential.ApiKey,
            },
            new("A retry without a key", "POST", $"/api/videos/{subject.Id}/retry", 401) { IsProblem = true },
            new("Progress of what is ready", "GET", $"/api/videos/{subject.Id}/events", 200)
            {
                Credential = Credential.ApiKey,
                Headers = { ["Content-Type"] = "text/event-stream", ["Cache-Control"] = "no-store" },
                Contains = "\"status\":\"ready\"",
            },
            new("Restoring what is not there", "POST", $"/api/videos/{NoVideo}/restore", 404)
            {
                IsProblem = true,
                Credential = Credential.ApiKey,
            },
            new("Looking at the copies of a video", "POST", $"/api/videos/{subject.Id}/copies", 200)
            {
                Credential = Credential.ApiKey,
                Contains = "\"place\":\"Telegram\"",
            },
            new("Looking at the catalogue", "POST", "/api/catalogue/copies", 200)
            {
                Credential = Credential.ApiKey,
                Json = """{"lookOnly":true}""",
                Contains = "\"place\":\"Telegram\"",
            },
            new("Looking at the catalogue without a key", "POST", "/api/catalogue/copies", 401) { IsProblem = true },
            new("Looking at copies without a key", "POST", $"/api/videos/{subject.Id}/copies", 401) { IsProblem = true },
            new("Looking at a part of copies without saying of how many", "POST", $"/api/videos/{subject.Id}/copies", 400)
            {
                IsProblem = true,
                Credential = Credential.ApiKey,
                Json = """{"part":2}""",
            },
            new("Looking at the copies of what is not there", "POST", $"/api/videos/{NoVideo}/copies", 409)
            {
                IsProblem = true,
                Credential = Credential.ApiKey,
            },
            new("Restoring without a key", "POST", $"/api/videos/{NoVideo}/restore", 401) { IsProblem = true },
            new("Removing for good or perhaps not", "DELETE", $"/api/videos/{NoVideo}?permanent=perhaps", 400)
            {
                IsProblem = true,
                Credential = Credential.ApiKey,
            },
            new("Removing what is not there", "DELETE", $"/api/videos/{NoVideo}", 404) { IsProblem = true, Credential = Credential.ApiKey },
        ];

    static IEnumerable<HttpCase> Streaming(Subject subject)
    {
        var path = $"/api/stream?file_id={subject.Id}";
        var length = subject.Content.Length;
        return
        [
            new("All of it", "GET", path, 200)
            {
                Credential = Credential.ApiKey,
                Body = subject.Content,
                Headers = Whole(subject),
            },
            new("All of it, asked for its headers", "HEAD", path, 200)
            {
                Credential = Credential.ApiKey,
                Body = ReadOnlyMemory<byte>.Empty,
                Headers = Whole(subject),
            },
            Part("The first byte", "bytes=0-0", 0, 1),
            Part("The last byte", $"bytes={length - 1}-{length - 1}", length - 1, 1),
            Part("Across two blocks", "bytes=65530-65545", 65530, 16),
            Part("From a byte on", $"bytes={length - 10}-", length - 10, 10),
            Part("The last bytes", "bytes=-5", length - 5, 5),
            Part("More than there is", $"bytes={length - 3}-{length + 100}", length - 3, 3),
            new("Past the end", "GET", path, 416)
            {
                Credential = Credential.ApiKey,
                Send = { ["Range"] = $"bytes={length}-" },
                Headers = { ["Content-Range"] = $"bytes */{length}" },
            },
            new("A range that cannot be read is as none", "GET", path, 200)
            {
                Credential = Credential.ApiKey,
                Send = { ["Range"] = "lines=1-2" },
                Body = subject.Content,
            },
            new("A browser asks whether it may stream", "OPTIONS", path, 204)
            {
                Headers = { ["Access-Control-Allow-Methods"] = "GET, HEAD, OPTIONS" },
            },
            new("Streaming without key or link", "GET", path, 401) { IsProblem = true },
            new("Streaming what is not there", "GET", $"/api/stream?file_id={NoVideo}", 404)
            {
                IsProblem = true,
                Credential = Credential.ApiKey,
            },
        ];

        HttpCase Part(string name, string range, int from, int count) =>
            new(name, "GET", path, 206)
            {
                Credential = Credential.ApiKey,
                Send = { ["Range"] = range },
                Body = subject.Content.AsMemory(from, count),
                Headers =
                {
                    ["Content-Range"] = $"bytes {from}-{from + count - 1}/{length}",
                    ["Content-Length"] = $"{count}",
                    ["ETag"] = subject.ETag,
                },
            };
    }

    static IEnumerable<HttpCase> Preconditions(Subject subject)
    {
        var path = $"/api/stream?file_id={subject.Id}";
        return
        [
            new("Known already", "GET", path, 304)
            {
                Credential = Credential.ApiKey,
                Send = { ["If-None-Match"] = subject.ETag },
                Headers = { ["ETag"] = subject.ETag },
                Body = ReadOnlyMemory<byte>.Empty,
            },
            new("Only if it is another version", "GET", path, 412)
            {
                Credential = Credential.ApiKey,
                Send = { ["If-Match"] = "\"another\"" },
                IsProblem = true,
            },
            new("A part if it is still this version", "GET", path, 206)
            {
                Credential = Credential.ApiKey,
                Send = { ["Range"] = "bytes=1-2", ["If-Range"] = subject.ETag },
                Body = subject.Content.AsMemory(1, 2),
            },
            new("All of it if it is another version", "GET", path, 200)
            {
                Credential = Credential.ApiKey,
                Send = { ["Range"] = "bytes=1-2", ["If-Range"] = "\"another\"" },
                Body = subject.Content,
            },
        ];
    }

    static IEnumerable<HttpCase> Links(Subject subject) =>
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
            new("Links to what is not there", "GET", $"/api/videos/{NoVideo}/links", 404)
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
            new("Revoking a link without a key", "DELETE", $"/api/links/{NoVideo}", 401) { IsProblem = true },
            new("Revoking a link that was made elsewhere", "DELETE", "/api/links/not-of-this-vault", 200)
            {
                Credential = Credential.ApiKey,
                Contains = "\"revoked\"",
            },
            new("Revoking the links of what is not there", "DELETE", $"/api/videos/{NoVideo}/links", 404)
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
            new("Linking what is not there", "POST", $"/api/videos/{NoVideo}/links", 404)
            {
                IsProblem = true,
                Credential = Credential.ApiKey,
                Json = "{}",
            },
        ];

    static Dictionary<string, string?> Whole(Subject subject) =>
        new()
        {
            ["Content-Length"] = $"{subject.Content.Length}",
            ["Accept-Ranges"] = "bytes",
            ["ETag"] = subject.ETag,
            ["Content-Range"] = null,
        };
}
