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
            .. StreamTable.Rows(subject),
            .. LinkTable.Rows(subject),
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
            new("The videos of a file that nobody has", "GET", $"/api/videos?sha256={new string('0', 64)}&size=7", 200)
            {
                Credential = Credential.ApiKey,
                Contains = "\"videos\":[]",
            },
            new("The videos of what is no SHA-256", "GET", "/api/videos?sha256=0", 400)
            {
                IsProblem = true,
                Credential = Credential.ApiKey,
            },
            new("The videos of no size", "GET", "/api/videos?size=0", 400) { IsProblem = true, Credential = Credential.ApiKey },
            new("A list by name", "GET", "/api/videos?order=name&folder=n%C3%B6such&below=true", 200)
            {
                Credential = Credential.ApiKey,
                Contains = "\"videos\":[]",
            },
            new("A list by length", "GET", "/api/videos?order=longest&folder=n%C3%B6such", 200)
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
}
