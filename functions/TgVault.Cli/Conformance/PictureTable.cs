namespace TgVault.Cli.Conformance;

/// <summary>What every vault answers about posters and storyboards. The subject is a clip that plays, so it has both.</summary>
static class PictureTable
{
    // With what is in each.
    static readonly (string Name, string Type, string Text)[] Pictures =
    [
        ("poster.jpg", "image/jpeg", "JFIF"),
        ("poster-320.jpg", "image/jpeg", "JFIF"),
        ("storyboard.vtt", "text/vtt; charset=utf-8", "#xywh=0,0,"),
        ("storyboard-0.jpg", "image/jpeg", "JFIF"),
    ];

    public static IEnumerable<HttpCase> Rows(Subject clip) => [.. Served(clip), .. Refused(clip), .. Changed(clip)];

    static IEnumerable<HttpCase> Served(Subject clip)
    {
        foreach (var (name, type, text) in Pictures)
        {
            var byLink = PathOf(clip, name);
            var byId = $"/api/videos/{clip.Id}/pictures/{name}";
            var headers = new Dictionary<string, string?>
            {
                ["Content-Type"] = type,
                ["Accept-Ranges"] = "bytes",
                ["Access-Control-Allow-Origin"] = "*",
                ["Cache-Control"] = "private, max-age=3600",
            };
            yield return new($"A clip's {name}, by link", "GET", byLink, 200) { Headers = headers, Contains = text };
            yield return new($"A clip's {name}, by link, its headers", "HEAD", byLink, 200)
            {
                Headers = headers,
                Body = ReadOnlyMemory<byte>.Empty,
            };
            yield return new($"Only a newer one of a clip's {name}", "GET", byLink, 304)
            {
                Send = { ["If-None-Match"] = "*" },
                Body = ReadOnlyMemory<byte>.Empty,
            };
            yield return new($"A clip's {name}, by id", "GET", byId, 200) { Credential = Credential.ApiKey, Contains = text };
        }

        yield return new("A clip's poster, by id, its headers", "HEAD", $"/api/videos/{clip.Id}/pictures/poster.jpg", 200)
        {
            Credential = Credential.ApiKey,
            Body = ReadOnlyMemory<byte>.Empty,
        };
        yield return new("A browser asks whether it may have a poster", "OPTIONS", PathOf(clip, "poster.jpg"), 204)
        {
            Headers = { ["Access-Control-Allow-Methods"] = "GET, HEAD, OPTIONS" },
        };
    }

    static IEnumerable<HttpCase> Refused(Subject clip) =>
        [
            new("A poster in a size that there is not", "GET", PathOf(clip, "poster-7.jpg"), 404) { IsProblem = true },
            new("A sheet after the last", "GET", PathOf(clip, "storyboard-9.jpg"), 404) { IsProblem = true },
            new("A poster of a link nobody minted", "GET", "/v/not.a.link/poster.jpg", 403) { IsProblem = true },
            new("A poster by id, without a key", "GET", $"/api/videos/{clip.Id}/pictures/poster.jpg", 401) { IsProblem = true },
            new("A poster of what is not there", "GET", $"/api/videos/{HttpTable.NoVideo}/pictures/poster.jpg", 404)
            {
                IsProblem = true,
                Credential = Credential.ApiKey,
            },
            new("Asking for a poster where it is put", "GET", $"/api/videos/{clip.Id}/poster", 405)
            {
                IsProblem = true,
                Allow = ["PUT", "POST"],
            },
            new("Choosing a poster without a key", "POST", $"/api/videos/{clip.Id}/poster", 401) { IsProblem = true },
            new("Choosing a poster before the beginning", "POST", $"/api/videos/{clip.Id}/poster", 400)
            {
                IsProblem = true,
                Credential = Credential.ApiKey,
                Json = """{"at":-1}""",
            },
            new("A poster that is no picture", "PUT", $"/api/videos/{clip.Id}/poster", 415)
            {
                IsProblem = true,
                Credential = Credential.ApiKey,
                Json = "{}",
            },
            new("Pictures of what is not there", "POST", $"/api/videos/{HttpTable.NoVideo}/pictures", 404)
            {
                IsProblem = true,
                Credential = Credential.ApiKey,
            },
        ];

    static IEnumerable<HttpCase> Changed(Subject clip) =>
        [
            new("Choosing a poster", "POST", $"/api/videos/{clip.Id}/poster", 202)
            {
                Credential = Credential.ApiKey,
                Json = """{"at":0.45}""",
                Contains = "\"chosen\":true",
            },
            new("Making pictures anew", "POST", $"/api/videos/{clip.Id}/pictures", 202)
            {
                Credential = Credential.ApiKey,
                Contains = "\"storyboard\":{",
            },
        ];

    static string PathOf(Subject clip, string path) => clip.LinkPath.Replace("video.mp4", path, StringComparison.Ordinal);
}
