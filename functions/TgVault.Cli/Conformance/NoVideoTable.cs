namespace TgVault.Cli.Conformance;

/// <summary>What every vault answers where what only videos have is asked of a file that is none.</summary>
static class NoVideoTable
{
    // The subject is no video, so what is held here is the routing, the refusal and the preflight.
    public static IEnumerable<HttpCase> Adaptive(Subject subject)
    {
        foreach (var path in (string[])["hls/master.m3u8", "hls/0/init.mp4", "hls/480p/0/init.mp4", "dash/manifest.mpd", "fragmented.mp4"])
        {
            var url = subject.LinkPath.Replace("video.mp4", path, StringComparison.Ordinal);
            yield return new($"What is no video, as {path}", "GET", url, 409)
            {
                IsProblem = true,
                Headers = { ["Access-Control-Allow-Origin"] = "*" },
            };
            yield return new($"What is no video, as {path}, its headers", "HEAD", url, 409) { Body = ReadOnlyMemory<byte>.Empty };
            yield return new($"A browser asks whether it may have {path}", "OPTIONS", url, 204)
            {
                Headers = { ["Access-Control-Allow-Methods"] = "GET, HEAD, OPTIONS" },
            };
            yield return new($"A link nobody minted, as {path}", "GET", $"/v/not.a.link/{path}", 403) { IsProblem = true };
        }
    }

    public static IEnumerable<HttpCase> Captions(Subject subject)
    {
        var captions = $"/api/videos/{subject.Id}/captions";
        var link = subject.LinkPath.Replace("video.mp4", "", StringComparison.Ordinal);
        return
        [
            new("Captions without a key", "PUT", $"{captions}/en", 401) { IsProblem = true },
            new("Captions of what is no video", "PUT", $"{captions}/en", 409) { IsProblem = true, Credential = Credential.ApiKey },
            new("Captions in no language", "PUT", $"{captions}/en_US", 400) { IsProblem = true, Credential = Credential.ApiKey },
            new("Captions of what is not there", "PUT", $"/api/videos/{HttpTable.NoVideo}/captions/en", 404)
            {
                IsProblem = true,
                Credential = Credential.ApiKey,
            },
            new("Removing captions that are not there", "DELETE", $"{captions}/en", 404)
            {
                IsProblem = true,
                Credential = Credential.ApiKey,
            },
            new("Asking for captions where they are put", "GET", $"{captions}/en", 405) { IsProblem = true, Allow = ["PUT", "DELETE"] },
            new("Captions that are not there, by link", "GET", $"{link}captions/en.vtt", 404)
            {
                IsProblem = true,
                Headers = { ["Access-Control-Allow-Origin"] = "*" },
            },
            new("Captions that are not there, by link, their headers", "HEAD", $"{link}captions/en.vtt", 404)
            {
                Body = ReadOnlyMemory<byte>.Empty,
            },
            new("A browser asks whether it may have captions", "OPTIONS", $"{link}captions/en.vtt", 204)
            {
                Headers = { ["Access-Control-Allow-Methods"] = "GET, HEAD, OPTIONS" },
            },
            new("Captions of a link nobody minted", "GET", "/v/not.a.link/captions/en.vtt", 403) { IsProblem = true },
            new("Chapters of what is no video", "GET", $"{link}chapters.vtt", 409) { IsProblem = true },
            new("Chapters of what is no video, their headers", "HEAD", $"{link}chapters.vtt", 409) { Body = ReadOnlyMemory<byte>.Empty },
            new("A browser asks whether it may have chapters", "OPTIONS", $"{link}chapters.vtt", 204)
            {
                Headers = { ["Access-Control-Allow-Methods"] = "GET, HEAD, OPTIONS" },
            },
            new("Captions of what is no video, by HLS", "GET", $"{link}hls/captions/en/media.m3u8", 409) { IsProblem = true },
            new("Captions of what is no video, by HLS, their headers", "HEAD", $"{link}hls/captions/en/media.m3u8", 409)
            {
                Body = ReadOnlyMemory<byte>.Empty,
            },
            new("A browser asks whether it may have them by HLS", "OPTIONS", $"{link}hls/captions/en/media.m3u8", 204)
            {
                Headers = { ["Access-Control-Allow-Origin"] = "*" },
            },
        ];
    }
}
