namespace TgVault.Cli.Conformance;

/// <summary>What every vault answers about a video: a second of H.264 and AAC with moov first, which is stored as it is.</summary>
static class ClipTable
{
    /// <summary>
    /// clip.mp4, made by ffmpeg: testsrc2=size=64x36:rate=10:duration=1 and sine, -c:v libx264 -crf 40 -bf 2 -c:a aac -b:a 24k
    /// -movflags +faststart, bit-exact.
    /// </summary>
    public static byte[] Content()
    {
        using var resource =
            typeof(ClipTable).Assembly.GetManifestResourceStream("clip.mp4")
            ?? throw new InvalidOperationException("bug: clip.mp4 is not in the program");
        var content = new byte[resource.Length];
        resource.ReadExactly(content);
        return content;
    }

    public static IEnumerable<HttpCase> Rows(Subject clip)
    {
        yield return new("A clip as its file", "GET", clip.LinkPath, 200)
        {
            Body = clip.Content,
            Headers =
            {
                ["Content-Type"] = "video/mp4",
                ["Accept-Ranges"] = "bytes",
                ["ETag"] = clip.ETag,
                ["X-Content-Type-Options"] = "nosniff",
                ["Access-Control-Allow-Origin"] = "*",
            },
        };

        foreach (var (path, type, text) in Packaged)
        {
            var url = PathOf(clip, path);
            var headers = new Dictionary<string, string?>
            {
                ["Content-Type"] = type,
                ["Accept-Ranges"] = "bytes",
                ["Access-Control-Allow-Origin"] = "*",
            };
            yield return new($"A clip's {path}", "GET", url, 200) { Headers = headers, Contains = text };
            yield return new($"A clip's {path}, its headers", "HEAD", url, 200) { Headers = headers, Body = ReadOnlyMemory<byte>.Empty };
            yield return new($"The start of a clip's {path}", "GET", url, 206)
            {
                Send = { ["Range"] = "bytes=0-3" },
                Headers = { ["Content-Length"] = "4", ["Content-Type"] = type },
            };
            yield return new($"Only a newer one of a clip's {path}", "GET", url, 304)
            {
                Send = { ["If-None-Match"] = "*" },
                Body = ReadOnlyMemory<byte>.Empty,
            };
        }

        yield return new("A segment after a clip's last", "GET", PathOf(clip, "hls/0/9.m4s"), 404) { IsProblem = true };
        yield return new("A track that a clip lacks", "GET", PathOf(clip, "hls/7/init.mp4"), 404) { IsProblem = true };
    }

    // With what is in each, whichever way it is packaged.
    static readonly (string Path, string Type, string Text)[] Packaged =
    [
        ("hls/master.m3u8", "application/vnd.apple.mpegurl", "#EXT-X-STREAM-INF:"),
        ("hls/0/media.m3u8", "application/vnd.apple.mpegurl", "#EXT-X-ENDLIST"),
        ("hls/0/init.mp4", "video/mp4", "moov"),
        ("hls/1/init.mp4", "audio/mp4", "moov"),
        ("hls/0/0.m4s", "video/mp4", "moof"),
        ("dash/manifest.mpd", "application/dash+xml", "<MPD "),
        ("fragmented.mp4", "video/mp4", "moof"),
    ];

    static string PathOf(Subject clip, string path) => clip.LinkPath.Replace("video.mp4", path, StringComparison.Ordinal);
}
