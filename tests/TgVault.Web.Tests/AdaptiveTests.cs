using System.Net;
using System.Xml.Linq;
using TgVault.Core.Links;
using TgVault.Core.Mp4.Fragments;
using TgVault.Core.Mp4.Index;
using TgVault.Core.Playback;
using TgVault.Core.Settings;
using TgVault.Testing;

namespace TgVault.Web.Tests;

/// <summary>
/// HLS, DASH and the fragmented file of real MP4s, over real Kestrel. That they show the right frames is what the tests of ingested
/// videos prove.
/// </summary>
public sealed class AdaptiveTests
{
    [Fact(Timeout = 60_000)]
    public async Task Lengths_types_and_ranges_are_those_of_the_whole()
    {
        await using var parts = await WebParts.ServeAsync(
            await Mp4Clips.PathAsync("h264-bframes.mp4"),
            new PlaybackSettings { WindowBytes = 100_000 }
        );
        var root = $"v/{parts.LinkTo()}";
        (string Path, string Type)[] files =
        [
            ("hls/master.m3u8", "application/vnd.apple.mpegurl"),
            ("hls/0/media.m3u8", "application/vnd.apple.mpegurl"),
            ("hls/0/pictures.m3u8", "application/vnd.apple.mpegurl"),
            ("hls/0/init.mp4", "video/mp4"),
            ("hls/1/init.mp4", "audio/mp4"),
            ("hls/0/1.m4s", "video/mp4"),
            ("hls/1/0.m4s", "audio/mp4"),
            ("hls/0/p1.m4s", "video/mp4"),
            ("dash/manifest.mpd", "application/dash+xml"),
            ("fragmented.mp4", "video/mp4"),
        ];
        foreach (var (path, type) in files)
        {
            var whole = await parts.Client.GetByteArrayAsync($"{root}/{path}");
            using var head = await parts.SendAsync(HttpMethod.Head, $"{root}/{path}", null, ("Origin", "https://a.example"));
            Assert.Equal(HttpStatusCode.OK, head.StatusCode);
            Assert.Equal(whole.Length, head.Content.Headers.ContentLength);
            Assert.Equal(type, head.Content.Headers.ContentType?.ToString());
            Assert.Equal("private", head.Headers.CacheControl?.ToString());
            Assert.Equal(["*"], head.Headers.GetValues("Access-Control-Allow-Origin"));
            Assert.Equal($"\"{parts.Video.Row.Id}-1-{AdaptiveFile.PackagingEdition}\"", head.Headers.ETag?.ToString());
            using var known = await parts.GetAsync($"{root}/{path}", ("If-None-Match", head.Headers.ETag!.ToString()));
            Assert.Equal(HttpStatusCode.NotModified, known.StatusCode);

            var random = new Random(5);
            for (var i = 0; i < 5; i++)
            {
                var from = random.Next(whole.Length);
                var to = random.Next(from, whole.Length);
                using var range = await parts.GetAsync($"{root}/{path}", ("Range", $"bytes={from}-{to}"));
                Assert.Equal($"bytes {from}-{to}/{whole.Length}", range.Content.Headers.ContentRange?.ToString());
                Assert.Equal(whole[from..(to + 1)], await range.Content.ReadAsByteArrayAsync());
            }

            using var past = await parts.GetAsync($"{root}/{path}", ("Range", $"bytes={whole.Length}-"));
            Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, past.StatusCode);
        }

        using var window = await parts.GetAsync($"{root}/fragmented.mp4", ("Range", "bytes=7-"), ("Sec-Fetch-Dest", "video"));
        Assert.Equal(100_000, window.Content.Headers.ContentLength);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_head_request_of_a_segment_reads_no_media()
    {
        await using var parts = await WebParts.ServeAsync(await Mp4Clips.PathAsync("h264-bframes.mp4"));
        var root = $"v/{parts.LinkTo()}";
        using var first = await parts.GetAsync($"{root}/hls/master.m3u8");
        var before = parts.Video.Reads.Count;

        using var segment = await parts.SendAsync(HttpMethod.Head, $"{root}/hls/0/1.m4s", null);
        using var whole = await parts.SendAsync(HttpMethod.Head, $"{root}/fragmented.mp4", null);

        Assert.True(
            segment.Content.Headers.ContentLength > 0 && whole.Content.Headers.ContentLength > segment.Content.Headers.ContentLength
        );
        Assert.Equal(before, parts.Video.Reads.Count);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("hls/0/1.m4s", 2)] // once for moov, since no index is stored, and once for the segment
    [InlineData("hls/0/media.m3u8", 1)]
    [InlineData("hls/master.m3u8", 1)]
    [InlineData("dash/manifest.mpd", 1)]
    public async Task A_cold_request_opens_what_it_needs_and_takes_the_row_once(string path, int openings)
    {
        await using var parts = await WebParts.ServeAsync(await Mp4Clips.PathAsync("h264-bframes.mp4"));

        await parts.Client.GetByteArrayAsync($"v/{parts.LinkTo()}/{path}");

        Assert.Equal(openings, parts.Log.Lines.Count(line => line.Text.StartsWith("Opened file 0 of video ", StringComparison.Ordinal)));
        Assert.Equal(1, parts.Rows.RowsRead);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_segment_costs_the_blocks_that_its_samples_are_in()
    {
        var original = await Mp4Clips.PathAsync("video-only.mp4");
        await using var parts = await WebParts.ServeAsync(original);
        var hls = $"v/{parts.LinkTo()}/hls";
        var content = await File.ReadAllBytesAsync(original);
        var index = await Mp4Index.BuildAsync(
            (offset, destination, _) => Copy(content, offset, destination),
            content.Length,
            CancellationToken.None
        );
        var ranges = MediaSegment.Find(index, 0, 1)!.Ranges;
        await parts.Client.GetStringAsync($"{hls}/0/media.m3u8");
        var before = parts.Video.Reads.Count;

        await parts.Client.GetByteArrayAsync($"{hls}/0/1.m4s");

        // A chunk of this video is one block.
        var read = parts.Video.Reads.Skip(before).Select(one => parts.Video.Plan[one.Chunk]).ToList();
        Assert.NotEmpty(read);
        Assert.All(read, chunk => Assert.Contains(ranges, range => range.Offset < chunk.End && chunk.Offset < range.End));

        static Task Copy(byte[] content, long offset, Memory<byte> destination)
        {
            content.AsMemory((int)offset, destination.Length).CopyTo(destination);
            return Task.CompletedTask;
        }
    }

    [Theory(Timeout = 60_000)]
    [InlineData("hls/0/99.m4s")]
    [InlineData("hls/0/p99.m4s")]
    [InlineData("hls/1/p0.m4s")]
    [InlineData("hls/1/pictures.m3u8")]
    [InlineData("hls/2/media.m3u8")]
    [InlineData("hls/-1/media.m3u8")]
    [InlineData("hls/00/media.m3u8")]
    [InlineData("hls/0/00.m4s")]
    [InlineData("hls/0/+1.m4s")]
    [InlineData("hls/0/pp1.m4s")]
    [InlineData("hls/0/1.m4s.x")]
    [InlineData("hls/0/99999999999999999999.m4s")]
    [InlineData("hls/0/media.mpd")]
    [InlineData("hls/0/0/0.m4s")]
    [InlineData("hls/other.m3u8")]
    [InlineData("dash/other.mpd")]
    public async Task What_a_video_does_not_have_is_not_found(string path)
    {
        await using var parts = await WebParts.ServeAsync(await Mp4Clips.PathAsync("second.mp4"));

        using var response = await parts.GetAsync($"v/{parts.LinkTo()}/{path}");

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("video/mp4", "This is not an MP4 file.")]
    [InlineData("text/plain", "kept as a file")]
    public async Task What_is_no_MP4_says_so(string contentType, string expected)
    {
        await using var parts = await WebParts.StartAsync(contentType: contentType);
        foreach (var path in (string[])["hls/master.m3u8", "hls/0/init.mp4", "dash/manifest.mpd", "fragmented.mp4"])
        {
            using var response = await parts.GetAsync($"v/{parts.LinkTo()}/{path}");
            Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
            Assert.Contains(expected, (await WebParts.JsonAsync(response)).GetProperty("detail").GetString(), StringComparison.Ordinal);
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task A_video_that_is_not_stored_yet_says_so()
    {
        await using var parts = await WebParts.StartAsync();
        var other = await parts.AddAsync(Core.Videos.VideoStatus.Ingesting);
        var token = parts.Links.Mint(new LinkRequest(other.Id, null, [], [])).Token;

        using var response = await parts.GetAsync($"v/{token}/hls/master.m3u8");

        Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
        Assert.Contains("still being stored", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory(Timeout = 60_000)]
    [InlineData(LinkKind.Mp4, "fragmented.mp4")]
    [InlineData(LinkKind.Hls, "hls/master.m3u8", "hls/0/init.mp4", "hls/0/media.m3u8", "hls/0/0.m4s")]
    [InlineData(LinkKind.Dash, "dash/manifest.mpd", "hls/0/init.mp4", "hls/0/media.m3u8", "hls/0/0.m4s")]
    [InlineData(LinkKind.Embed)]
    public async Task A_link_permits_the_kinds_it_names(LinkKind kind, params string[] permitted)
    {
        await using var parts = await WebParts.ServeAsync(await Mp4Clips.PathAsync("second.mp4"));
        var link = parts.LinkTo(kinds: [kind]);
        foreach (
            var path in (string[])
                ["fragmented.mp4", "hls/master.m3u8", "hls/0/media.m3u8", "hls/0/init.mp4", "hls/0/0.m4s", "dash/manifest.mpd"]
        )
        {
            using var response = await parts.GetAsync($"v/{link}/{path}");
            Assert.Equal(permitted.Contains(path) ? HttpStatusCode.OK : HttpStatusCode.Forbidden, response.StatusCode);
        }

        using var invalid = await parts.GetAsync("v/nonsense/hls/master.m3u8");
        Assert.Equal(HttpStatusCode.Forbidden, invalid.StatusCode);
    }

    [Fact(Timeout = 60_000)]
    public async Task Players_of_the_sites_that_a_link_names_may_read()
    {
        await using var parts = await WebParts.ServeAsync(await Mp4Clips.PathAsync("second.mp4"));
        var link = parts.LinkTo(origins: ["https://a.example"]);
        foreach (var path in (string[])["hls/master.m3u8", "hls/0/0.m4s", "dash/manifest.mpd", "fragmented.mp4"])
        {
            using var named = await parts.GetAsync($"v/{link}/{path}", ("Origin", "https://a.example"));
            using var other = await parts.GetAsync($"v/{link}/{path}", ("Origin", "https://b.example"));
            using var preflight = await parts.SendAsync(HttpMethod.Options, $"v/{link}/{path}", null, ("Origin", "https://a.example"));

            Assert.Equal(["https://a.example"], named.Headers.GetValues("Access-Control-Allow-Origin"));
            // Refused, and told so in a way that its scripts can read.
            Assert.Equal(HttpStatusCode.Forbidden, other.StatusCode);
            Assert.Equal(["*"], other.Headers.GetValues("Access-Control-Allow-Origin"));
            Assert.Equal(HttpStatusCode.NoContent, preflight.StatusCode);
            Assert.Equal(["https://a.example"], preflight.Headers.GetValues("Access-Control-Allow-Origin"));
        }
    }

    [Theory(Timeout = 60_000)]
    [InlineData("hls", "/hls/master.m3u8")]
    [InlineData("dash", "/dash/manifest.mpd")]
    public async Task A_minted_link_of_a_kind_leads_to_what_plays(string kind, string expected)
    {
        await using var parts = await WebParts.ServeAsync(await Mp4Clips.PathAsync("second.mp4"));
        using var minted = await parts.ManageAsync(
            HttpMethod.Post,
            $"api/videos/{parts.Video.Row.Id}/links",
            new { kinds = new[] { kind } }
        );
        var url = (await WebParts.JsonAsync(minted)).GetProperty("url").GetString()!;

        Assert.EndsWith(expected, url, StringComparison.Ordinal);
        Assert.NotEmpty(await Mp4Clips.FramesAsync(url));
        if (kind == "dash")
            Assert.Equal("MPD", XDocument.Parse(await parts.Client.GetStringAsync(new Uri(url))).Root!.Name.LocalName);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_damaged_chunk_cuts_a_segment_off_and_gives_nothing_of_it()
    {
        await using var parts = await WebParts.ServeAsync(await Mp4Clips.PathAsync("h264-bframes.mp4"));
        var hls = $"v/{parts.LinkTo()}/hls";
        using var index = await parts.GetAsync($"{hls}/0/media.m3u8");
        var read = parts.Video.Reads.Select(one => one.Chunk).ToHashSet();
        parts.Video.Damage = (one, bytes) =>
        {
            if (!read.Contains(one.Chunk))
                bytes.Span[^1] ^= 1;
        };

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => parts.Client.GetByteArrayAsync($"{hls}/0/1.m4s"));
    }
}
