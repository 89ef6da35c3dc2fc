using System.Net;
using System.Net.Http.Headers;
using TgVault.Testing;

namespace TgVault.Cli.Tests.EndToEnd;

/// <summary>From a file on disk through the command line, storage, Telegram and back over HTTP.</summary>
[Collection(SharedVaultCollection.Name)]
public sealed class PlaybackTests(SharedVault shared)
{
    readonly VaultProcess _vault = shared.Vault;

    [Theory(Timeout = 180_000)]
    [InlineData("h264-aac.mp4")]
    [InlineData("h264-aac-faststart.mp4")]
    [InlineData("h264-bframes.mp4")]
    [InlineData("h264-aac.mkv")]
    public async Task Every_frame_that_comes_back_is_the_one_that_went_in(string clip)
    {
        var source = await Mp4Clips.PathAsync(clip);

        var video = await _vault.UploadAsync(source);
        var link = await _vault.LinkAsync(video.GetProperty("id").GetString()!);

        Assert.Equal("ready", video.GetProperty("status").GetString());
        Assert.Equal(Checksums(await Mp4Clips.FramesAsync(source)), Checksums(await Mp4Clips.FramesAsync(link)));
        Assert.InRange(await Mp4Clips.DurationAsync(link) - await Mp4Clips.DurationAsync(source), -0.1, 0.1);
    }

    // Not frames here: WebM says to the sample where Opus ends, MP4 to the packet.
    [Fact(Timeout = 180_000)]
    public async Task Webm_comes_back_as_mp4_with_every_packet_it_had()
    {
        var source = await Mp4Clips.PathAsync("vp9-opus.webm");

        var video = await _vault.UploadAsync(source);
        var link = await _vault.LinkAsync(video.GetProperty("id").GetString()!);

        Assert.Equal("video/mp4", video.GetProperty("contentType").GetString());
        Assert.Equal(Checksums(await Mp4Clips.PacketsAsync(source)), Checksums(await Mp4Clips.PacketsAsync(link)));
    }

    [Fact(Timeout = 180_000)]
    public async Task Two_hundred_random_ranges_are_those_of_the_prepared_file()
    {
        var video = await _vault.UploadAsync(await Mp4Clips.PathAsync("h264-aac.mp4"));
        var link = await _vault.LinkAsync(video.GetProperty("id").GetString()!);
        using var client = new HttpClient();
        var whole = await client.GetByteArrayAsync(link);
        var random = new Random(20_000);

        Assert.Equal(video.GetProperty("storedSize").GetInt64(), whole.Length);
        for (var i = 0; i < 200; i++)
        {
            var from = random.Next(whole.Length);
            var to = random.Next(from, Math.Min(whole.Length, from + random.Next(1, 400_000)));
            using var request = new HttpRequestMessage(HttpMethod.Get, link) { Headers = { Range = new RangeHeaderValue(from, to) } };
            using var answer = await client.SendAsync(request);

            Assert.Equal(HttpStatusCode.PartialContent, answer.StatusCode);
            Assert.Equal(new ContentRangeHeaderValue(from, to, whole.Length), answer.Content.Headers.ContentRange);
            var content = await answer.Content.ReadAsByteArrayAsync();
            Assert.True(whole.AsSpan(from, to - from + 1).SequenceEqual(content), $"bytes {from}-{to} differ");
        }
    }

    [Fact(Timeout = 180_000)]
    public async Task Get_fetches_the_same_bytes_under_the_video_s_name_and_never_replaces_a_file_unasked()
    {
        var source = await Mp4Clips.PathAsync("h264-aac-faststart.mp4");
        var id = (await _vault.UploadAsync(source)).GetProperty("id").GetString()!;
        var folder = Directory.CreateDirectory(Path.Combine(shared.Folder, "got")).FullName;

        var first = await TgvaultCommand.RunAsync(folder, "get", id, "--data", _vault.Folder);
        var second = await TgvaultCommand.RunAsync(folder, "get", id, "--data", _vault.Folder);

        Assert.Equal(0, first.ExitCode);
        Assert.Equal([Path.Combine(folder, Path.GetFileName(source))], Directory.GetFiles(folder));
        Assert.Equal(await File.ReadAllBytesAsync(source), await File.ReadAllBytesAsync(Directory.GetFiles(folder).Single()));
        Assert.Equal(1, second.ExitCode);
        Assert.Contains("exists already", second.Error, StringComparison.Ordinal);
    }

    // Containers round times differently, and some add side data after the sixth cell: only which track and which picture or sound it is.
    static string[] Checksums(string[] lines) =>
        [.. lines.Select(line => line.Split(',')).Select(cells => $"{cells[0]} {cells[5].Trim()}").Order(StringComparer.Ordinal)];
}
