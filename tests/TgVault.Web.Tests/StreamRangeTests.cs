using System.Net;
using TgVault.Core.Settings;

namespace TgVault.Web.Tests;

/// <summary>RFC 9110 §13 and §14 as a player sees them, over real Kestrel.</summary>
public sealed class StreamRangeTests : IAsyncLifetime
{
    const long Window = 1 << 20;

    static readonly long Length = WebParts.Plan.LengthBytes;
    WebParts _parts = null!;

    public async Task InitializeAsync() => _parts = await WebParts.StartAsync(new PlaybackSettings { WindowBytes = Window });

    public async Task DisposeAsync() => await _parts.DisposeAsync();

    public static TheoryData<string, long, long> Satisfiable()
    {
        const int Span = 512 * 1024;
        var last = Length - 1;
        return new()
        {
            { "bytes=0-1", 0, 1 }, // what Safari asks first
            { "bytes=0-0", 0, 0 },
            { $"bytes=0-{last}", 0, last },
            { $"bytes=0-{Length}", 0, last },
            { $"bytes=0-{long.MaxValue}", 0, last },
            { $"bytes={last}-{last}", last, last },
            { $"bytes={last}-", last, last },
            { "bytes=-1", last, last },
            { "bytes=-1000000", Length - 1_000_000, last },
            { $"bytes=-{Length}", 0, last },
            { $"bytes=-{Length + 1}", 0, last },
            { $"bytes={Span - 1}-{Span}", Span - 1, Span },
            { $"bytes={65535}-{65536}", 65535, 65536 },
            { $"bytes={3 * Span - 1}-{3 * Span}", 3 * Span - 1, 3 * Span },
            { "BYTES=0-1", 0, 1 },
            // ffmpeg asks like this, and takes a shorter answer for a broken one.
            { "bytes=0-", 0, last },
            { "bytes=5-", 5, last },
        };
    }

    [Theory(Timeout = 30000)]
    [MemberData(nameof(Satisfiable))]
    public Task A_range_is_answered_with_exactly_its_bytes(string range, long first, long last) =>
        AssertPartAsync(first, last, ("Range", range));

    public static TheoryData<string, long, long> Windows =>
        new()
        {
            { "video", 0, Window - 1 },
            { "audio", 5, Window + 4 },
            { "video", Length - Window, Length - 1 },
            { "video", Length - Window - 1, Length - 2 },
            { "empty", 5, Length - 1 },
        };

    [Theory(Timeout = 30000)]
    [MemberData(nameof(Windows))]
    public Task A_media_element_gets_open_ended_ranges_in_windows(string destination, long first, long last) =>
        AssertPartAsync(first, last, ("Range", $"bytes={first}-"), ("Sec-Fetch-Dest", destination));

    async Task AssertPartAsync(long first, long last, params (string, string)[] headers)
    {
        using var response = await _parts.GetAsync(_parts.StreamPath, headers);

        Assert.Equal(HttpStatusCode.PartialContent, response.StatusCode);
        Assert.Equal($"bytes {first}-{last}/{Length}", response.Content.Headers.ContentRange?.ToString());
        Assert.Equal(last - first + 1, response.Content.Headers.ContentLength);
        Assert.True((await response.Content.ReadAsByteArrayAsync()).AsSpan().SequenceEqual(_parts.Video.Plain(first, last - first + 1)));
    }

    // §14.2: what is malformed, of another unit, or of several ranges may be ignored.
    [Theory(Timeout = 30000)]
    [InlineData(null)]
    [InlineData("bytes=")]
    [InlineData("bytes=a-b")]
    [InlineData("bytes=5-4")]
    [InlineData("bytes=-")]
    [InlineData("items=0-1")]
    [InlineData("bytes=0-1,5-6")]
    [InlineData("bytes=0-99999999999999999999999")]
    public async Task Without_a_usable_range_the_whole_file_is_sent(string? range)
    {
        using var response = await _parts.GetAsync(_parts.StreamPath, range is null ? [] : [("Range", range)]);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Null(response.Content.Headers.ContentRange);
        Assert.Equal(["bytes"], response.Headers.AcceptRanges);
        Assert.True((await response.Content.ReadAsByteArrayAsync()).AsSpan().SequenceEqual(_parts.Video.Plain(0, Length)));
    }

    [Theory(Timeout = 30000)]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1L << 40)]
    public async Task A_range_past_the_end_is_refused_with_the_length(long past)
    {
        using var response = await _parts.GetAsync(_parts.StreamPath, ("Range", $"bytes={Length + past}-"));

        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, response.StatusCode);
        Assert.Equal($"bytes */{Length}", response.Content.Headers.ContentRange?.ToString());
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }

    // §14.2: Range is defined for GET only.
    [Fact(Timeout = 30000)]
    public async Task A_head_request_ignores_the_range_and_sends_no_body()
    {
        using var response = await _parts.SendAsync(HttpMethod.Head, _parts.StreamPath, null, ("Range", "bytes=0-1"));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(Length, response.Content.Headers.ContentLength);
        Assert.Null(response.Content.Headers.ContentRange);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync());
        Assert.Empty(_parts.Video.Reads);
    }

    [Fact(Timeout = 30000)]
    public async Task The_validators_are_strong_stable_and_work()
    {
        using var first = await _parts.GetAsync(_parts.StreamPath, ("Range", "bytes=0-0"));
        var etag = first.Headers.ETag!.ToString();
        var modified = first.Content.Headers.LastModified!.Value.ToString("R");
        Assert.False(first.Headers.ETag.IsWeak);
        Assert.Equal($"\"{_parts.Video.Row.Id}-1\"", etag);

        await ExpectAsync(HttpStatusCode.NotModified, ("If-None-Match", etag));
        await ExpectAsync(HttpStatusCode.NotModified, ("If-Modified-Since", modified));
        await ExpectAsync(HttpStatusCode.OK, ("If-None-Match", "\"other\""));
        await ExpectAsync(HttpStatusCode.OK, ("If-Match", etag));
        await ExpectAsync(HttpStatusCode.PreconditionFailed, ("If-Match", "\"other\""));
        await ExpectAsync(HttpStatusCode.PartialContent, ("If-Range", etag), ("Range", "bytes=7-9"));
        await ExpectAsync(HttpStatusCode.PartialContent, ("If-Range", modified), ("Range", "bytes=7-"));
        // §13.1.5: another file since, so all of it.
        await ExpectAsync(HttpStatusCode.OK, ("If-Range", "\"other\""), ("Range", "bytes=7-"));
        await ExpectAsync(HttpStatusCode.OK, ("If-Range", "\"other\""), ("Range", $"bytes={Length}-"));
    }

    [Fact(Timeout = 30000)]
    public async Task The_headers_say_what_it_is_and_how_to_keep_it()
    {
        using var response = await _parts.GetAsync(_parts.StreamPath, ("Range", "bytes=0-1"), ("Accept-Encoding", "gzip, br"));

        Assert.Equal("video/mp4", response.Content.Headers.ContentType?.ToString());
        Assert.Equal("private", response.Headers.CacheControl?.ToString());
        Assert.Equal(["nosniff"], response.Headers.GetValues("X-Content-Type-Options"));
        Assert.Equal("inline", response.Content.Headers.ContentDisposition?.DispositionType);
        Assert.Equal("clip.mp4", response.Content.Headers.ContentDisposition?.FileNameStar);
        Assert.Empty(response.Content.Headers.ContentEncoding);
        // A browser that opens the address makes a page around the film: that page may play it, and do nothing else.
        Assert.Equal(
            ["default-src 'none'; media-src 'self'; img-src 'self' data:; style-src 'unsafe-inline'"],
            response.Headers.GetValues("Content-Security-Policy")
        );
    }

    [Fact(Timeout = 30000)]
    public async Task No_window_sends_all_that_is_left()
    {
        await using var parts = await WebParts.StartAsync(new PlaybackSettings { WindowBytes = 0 });

        using var response = await parts.GetAsync(parts.StreamPath, ("Range", "bytes=1-"));

        Assert.Equal($"bytes 1-{Length - 1}/{Length}", response.Content.Headers.ContentRange?.ToString());
        Assert.True((await response.Content.ReadAsByteArrayAsync()).AsSpan().SequenceEqual(parts.Video.Plain(1, Length)));
    }

    [Fact(Timeout = 30000)]
    public async Task The_same_bytes_come_by_id_with_the_key()
    {
        var path = $"api/stream?file_id={_parts.Video.Row.Id}";

        using var response = await _parts.GetAsync(path, ("Range", "bytes=3-9"), ("Authorization", $"Bearer {WebParts.ApiKey}"));
        using var byLink = await _parts.GetAsync($"{path}&link={_parts.LinkTo()}", ("Range", "bytes=3-9"));
        using var withoutKey = await _parts.GetAsync(path);

        Assert.Equal(_parts.Video.Plain(3, 7), await response.Content.ReadAsByteArrayAsync());
        Assert.Equal(_parts.Video.Plain(3, 7), await byLink.Content.ReadAsByteArrayAsync());
        Assert.Equal(HttpStatusCode.Unauthorized, withoutKey.StatusCode);
    }

    async Task ExpectAsync(HttpStatusCode expected, params (string, string)[] headers)
    {
        using var response = await _parts.GetAsync(_parts.StreamPath, headers);
        Assert.Equal(expected, response.StatusCode);
        if (expected == HttpStatusCode.OK)
            Assert.Equal(Length, response.Content.Headers.ContentLength);
    }
}
