namespace TgVault.Cli.Conformance;

/// <summary>What holds for the managing API as a whole: conditions, idempotency keys, parameters and names that are refused.</summary>
static class ContractTable
{
    const string AnotherState = "\"another\"";

    public static IEnumerable<HttpCase> Rows(Subject subject)
    {
        var path = $"/api/videos/{subject.Id}";
        return
        [
            new("Showing a video whose state is known", "GET", path, 304)
            {
                Credential = Credential.ApiKey,
                Send = { ["If-None-Match"] = "*" },
                Body = ReadOnlyMemory<byte>.Empty,
            },
            Managed("Changing a video that has changed since", "PATCH", path, 412) with
            {
                Send = new() { ["If-Match"] = AnotherState },
                Json = """{"description":"unseen"}""",
                Contains = "\"code\":\"preconditionFailed\"",
            },
            new("Changing a video in whichever state it is", "PATCH", path, 200)
            {
                Credential = Credential.ApiKey,
                Send = { ["If-Match"] = "*" },
                Json = """{"description":"seen"}""",
                Contains = "\"description\":\"seen\"",
            },
            Managed("Removing a video that has changed since", "DELETE", path, 412) with
            {
                Send = new() { ["If-Match"] = AnotherState },
            },
            Managed("Captions for a video that has changed since", "PUT", $"{path}/captions/en", 412) with
            {
                Send = new() { ["If-Match"] = AnotherState },
            },
            Managed("A name with nothing to show", "PATCH", path, 400) with
            {
                Json = """{"name":" "}""",
                Contains = "\"errors\":{\"name\"",
            },
            Managed("A parameter that there is not", "GET", "/api/videos?q=apples", 400) with
            {
                Contains = "\"code\":\"unknownParameter\"",
            },
            Managed("Streaming without saying what", "GET", "/api/stream", 400),
            Managed("An idempotency key that is none", "POST", $"{path}/links", 400) with
            {
                Send = new() { ["Idempotency-Key"] = "\"unclosed" },
                Json = "{}",
            },
            .. Twice(subject.Id, $"{path}/links"),
        ];
    }

    static IEnumerable<HttpCase> Twice(string key, string path)
    {
        foreach (
            var (name, status, ttl) in (IEnumerable<(string, int, int)>)
                [("A link by an idempotency key", 201, 60), ("The same link once more", 201, 60), ("Another link by the same key", 422, 61)]
        )
            yield return new(name, "POST", path, status)
            {
                Credential = Credential.ApiKey,
                Send = { ["Idempotency-Key"] = $"\"{key}\"" },
                Json = $$"""{"ttl":{{ttl}}}""",
                IsProblem = status >= 400,
                Contains = status < 400 ? "\"state\":\"good\"" : "\"code\":\"idempotencyKeyReused\"",
            };
    }

    static HttpCase Managed(string name, string method, string path, int status) =>
        new(name, method, path, status) { Credential = Credential.ApiKey, IsProblem = true };
}
