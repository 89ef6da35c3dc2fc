using System.Globalization;
using System.Text.RegularExpressions;
using TgVault.Core.Mp4.Index;
using TgVault.Core.Settings;
using TgVault.Testing;

namespace TgVault.Web.Tests.Ingested;

/// <summary>A vault that encodes smaller sizes.</summary>
public sealed class LadderVault : IngestedVault
{
    protected override VaultSettings Change(VaultSettings settings) => settings with { Renditions = "144p,180p,2160p" };
}

/// <summary>Smaller sizes of a video: the same pictures at the same times, cut at the same times, in playlists and MPD that tell the truth
/// about them.</summary>
public sealed partial class RenditionTests(LadderVault vault) : IClassFixture<LadderVault>
{
    public static TheoryData<string> Clips =>
        [
            "ladder.mp4",
            "ladder-rotated.mp4",
            "ladder-variable-rate.mp4",
            "ladder-late-video.mp4",
            "ladder-video-only.mp4",
            "ladder-long-audio.mp4",
            "ladder-hevc.mp4",
            "ladder-vp9.webm",
            "ladder-cut.mp4",
        ];

    [Theory(Timeout = 300_000)]
    [MemberData(nameof(Clips))]
    public async Task Every_segment_shows_the_originals_pictures_at_the_originals_times(string clip)
    {
        var video = await StoreAsync(clip);
        var original = await JoinAsync(video, "");
        // Smaller sizes have no need of pictures that are there for others only, and pass in an instant.
        var hidden = clip == "ladder-cut.mp4" ? Alignment.HiddenPictures(video.Index) : 0;
        Assert.Equal(clip == "ladder-cut.mp4", hidden > 0);
        var expected = Shown(await TimesAsync(original), hidden);
        var playlist = await vault.Client.GetStringAsync(video.Url("hls/0/media.m3u8"));

        foreach (var name in (string[])["180p/", "144p/"])
        {
            Assert.Equal(Segments(playlist), Segments(await vault.Client.GetStringAsync(video.Url($"hls/{name}0/media.m3u8"))));
            Assert.Equal(expected, await TimesAsync(await JoinAsync(video, name)));
            // What HEVC's open groups show before the picture that a segment begins with is in that segment, and in the one before where
            // groups are closed.
            if (clip == "ladder-hevc.mp4")
                continue;
            for (var segment = 0; segment < Segments(playlist).Count; segment++)
                Assert.Equal(
                    Shown(await TimesAsync(await JoinAsync(video, "", segment)), segment == 0 ? hidden : 0),
                    await TimesAsync(await JoinAsync(video, name, segment))
                );
        }
    }

    [Theory(Timeout = 300_000)]
    [MemberData(nameof(Clips))]
    public async Task Every_variant_of_the_playlist_and_every_representation_of_the_MPD_plays(string clip)
    {
        var video = await StoreAsync(clip);
        var expected = Shown(
            [.. (await Mp4Clips.AllFramesAsync(video.Url("hls/master.m3u8"), "0:p:0:v")).Select(frame => frame.Time)],
            Alignment.HiddenPictures(video.Index)
        );
        Assert.NotEmpty(expected);

        foreach (var variant in (int[])[1, 2])
        {
            Assert.Equal(
                expected,
                (await Mp4Clips.AllFramesAsync(video.Url("hls/master.m3u8"), $"0:p:{variant}:v")).Select(frame => frame.Time)
            );
            Assert.Equal(
                expected,
                (await Mp4Clips.AllFramesAsync(video.Url("dash/manifest.mpd"), $"0:v:{variant}")).Select(frame => frame.Time)
            );
        }
    }

    [Theory(Timeout = 300_000)]
    [MemberData(nameof(Clips))]
    public async Task The_playlist_says_the_truth_about_every_variant(string clip)
    {
        var video = await StoreAsync(clip);
        var variants = Variant().Matches(await vault.Client.GetStringAsync(video.Url("hls/master.m3u8")));

        Assert.Equal(["0/media.m3u8", "180p/0/media.m3u8", "144p/0/media.m3u8"], variants.Select(variant => variant.Groups["uri"].Value));
        foreach (Match variant in variants)
        {
            var folder = variant.Groups["uri"].Value.Replace("0/media.m3u8", "", StringComparison.Ordinal);
            var joined = await JoinAsync(video, folder);
            var shown = await Mp4Clips.RunAsync(
                "ffprobe",
                $"-v error -select_streams v -show_entries stream=width,height -of csv=p=0:s=x {joined}"
            );
            if (clip == "ladder-rotated.mp4" && folder.Length == 0)
                shown = "240x428";
            Assert.Equal(shown.Trim(), variant.Groups["resolution"].Value);
            var heightOf = folder.Length == 0 ? null : folder.TrimEnd('/', 'p');
            if (heightOf is not null)
                Assert.EndsWith($"x{heightOf}", variant.Groups["resolution"].Value, StringComparison.Ordinal);

            // What is between avcC's version and its reserved bits, as RFC 6381 wants it.
            var init = await vault.Client.GetByteArrayAsync(video.Url($"hls/{folder}0/init.mp4"));
            if (init.AsSpan().IndexOf("avcC"u8) is var avcC && avcC > 0)
                Assert.StartsWith(
                    $"avc1.{Convert.ToHexString(init.AsSpan(avcC + 5, 3))}",
                    variant.Groups["codecs"].Value,
                    StringComparison.OrdinalIgnoreCase
                );

            var playlist = await vault.Client.GetStringAsync(video.Url($"hls/{folder}0/media.m3u8"));
            var bandwidth = long.Parse(variant.Groups["bandwidth"].Value, CultureInfo.InvariantCulture);
            var target = Segments(playlist).Max(segment => segment.Seconds);
            foreach (var (name, seconds) in Segments(playlist).Where(segment => segment.Seconds >= target / 2))
            {
                var bytes = (await vault.Client.GetByteArrayAsync(video.Url($"hls/{folder}0/{name}"))).Length;
                Assert.InRange(bytes * 8 / seconds, 0, bandwidth);
            }
        }
    }

    [Fact(Timeout = 300_000)]
    public async Task A_size_that_is_not_smaller_is_not_made_and_other_names_lead_nowhere()
    {
        var video = await StoreAsync("ladder.mp4");

        Assert.DoesNotContain("2160p", await vault.Client.GetStringAsync(video.Url("hls/master.m3u8")), StringComparison.Ordinal);
        foreach (
            var path in (string[])
                ["2160p/0/media.m3u8", "180p/1/media.m3u8", "180p/0/99.m4s", "180p/0/00.m4s", "180/0/init.mp4", "0180p/0/init.mp4"]
        )
        {
            using var answer = await vault.Client.GetAsync(video.Url($"hls/{path}"));
            Assert.Equal(System.Net.HttpStatusCode.NotFound, answer.StatusCode);
        }

        using var segment = await vault.Client.GetAsync(video.Url("hls/180p/0/0.m4s"));
        using var original = await vault.Client.GetAsync(video.Url("hls/0/0.m4s"));
        Assert.NotEqual(original.Headers.ETag, segment.Headers.ETag);
        Assert.Equal("video/mp4", segment.Content.Headers.ContentType!.MediaType);
        using var picture = await vault.Client.GetAsync(video.Url("hls/180p/0/p0.m4s"));
        Assert.True(picture.IsSuccessStatusCode);
    }

    [Fact(Timeout = 300_000)]
    public async Task A_video_without_pictures_or_too_small_plays_alone()
    {
        foreach (var clip in (string[])["audio-only.m4a", "h264-aac.mp4"])
            Assert.Single(Variant().Matches(await vault.Client.GetStringAsync((await vault.GetAsync(clip)).Url("hls/master.m3u8"))));
    }

    async Task<IngestedClip> StoreAsync(string clip)
    {
        var video = await vault.GetAsync(clip);
        // Largest first; each with its reason where it was left out.
        Assert.Equal(
            "180p stored , 144p stored ",
            string.Join(
                ", ",
                video
                    .View.GetProperty("renditions")
                    .EnumerateArray()
                    .Select(view =>
                        $"{view.GetProperty("name")} {view.GetProperty("status")} "
                        + (view.TryGetProperty("failure", out var failure) ? failure : "")
                    )
            )
        );
        return video;
    }

    /// <summary>Init and segments of one size as one file, or one segment alone.</summary>
    async Task<string> JoinAsync(IngestedClip video, string folder, int? only = null)
    {
        var playlist = await vault.Client.GetStringAsync(video.Url($"hls/{folder}0/media.m3u8"));
        var path = Mp4Clips.NewPath(".mp4");
        await using var file = File.Create(path);
        await file.WriteAsync(await vault.Client.GetByteArrayAsync(video.Url($"hls/{folder}0/init.mp4")));
        foreach (var (name, _) in only is { } number ? [Segments(playlist)[number]] : Segments(playlist))
            await file.WriteAsync(await vault.Client.GetByteArrayAsync(video.Url($"hls/{folder}0/{name}")));
        return path;
    }

    // The first picture of a smaller size is shown in the place of all that are hidden.
    static long[] Shown(long[] times, int hidden) => hidden == 0 ? times : [times[0], .. times[(hidden + 1)..]];

    static async Task<long[]> TimesAsync(string path) =>
        [.. (await Mp4Clips.AllPacketsAsync(path, "0:v")).Select(packet => packet.Time).Order()];

    static List<(string Name, double Seconds)> Segments(string playlist) =>
        [
            .. Segment()
                .Matches(playlist)
                .Select(match => (match.Groups[2].Value, double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture))),
        ];

    [GeneratedRegex(
        """#EXT-X-STREAM-INF:BANDWIDTH=(?<bandwidth>\d+),[^\n]*?CODECS="(?<codecs>[^"]+)"(?:[^\n]*?"""
            + """RESOLUTION=(?<resolution>\d+x\d+))?[^\n]*\n(?<uri>[^\n]+)"""
    )]
    private static partial Regex Variant();

    [GeneratedRegex("""#EXTINF:([0-9.]+),\n([^\n]+)""")]
    private static partial Regex Segment();
}
