namespace TgVault.Cli.Conformance;

/// <summary>What answers with a video's bytes: all of them, ranges, and what a client knows already.</summary>
static class StreamTable
{
    public static IEnumerable<HttpCase> Rows(Subject subject) => [.. Ranges(subject), .. Preconditions(subject)];

    static IEnumerable<HttpCase> Ranges(Subject subject)
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
            new("Streaming what is not there", "GET", $"/api/stream?file_id={HttpTable.NoVideo}", 404)
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

    static Dictionary<string, string?> Whole(Subject subject) =>
        new()
        {
            ["Content-Length"] = $"{subject.Content.Length}",
            ["Accept-Ranges"] = "bytes",
            ["ETag"] = subject.ETag,
            ["Content-Range"] = null,
        };
}
