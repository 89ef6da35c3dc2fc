using System.Text.RegularExpressions;
using System.Xml.Linq;
using TgVault.Testing;

namespace TgVault.Web.Tests.Ingested;

/// <summary>High dynamic range from upload to playlists: told to players wherever the file tells it, and made ordinary in
/// smaller sizes.
/// And what SDR has of it: nothing in HLS.</summary>
public sealed partial class HighRangeTests(LadderVault vault) : IClassFixture<LadderVault>
{
    static readonly XNamespace Dash = "urn:mpeg:dash:schema:mpd:2011";

    public static TheoryData<string, string, string, string> Clips =>
        new()
        {
            // What it is, its range, what ingest does with it, its codec as RFC 6381 and the codec's own binding have it.
            { "hdr-pq.mp4", "PQ", "relocate", "hvc1.2.4.L60.90" },
            { "hdr-hlg.mov", "HLG", "relocate", "hvc1.2.4.L60.90" },
            { "hdr-hlg.mkv", "HLG", "remux", "hvc1.2.4.L60.90" },
            { "hdr-av1.mp4", "PQ", "relocate", "av01.0.00M.10.0.110.09.16.09.0" },
            { "hdr-vp9.webm", "HLG", "remux", "vp09.02.20.10.01.09.18.09.00" },
            { "hdr-vp9.mp4", "PQ", "relocate", "vp09.02.20.10.01.09.16.09.00" },
        };

    [Theory(Timeout = 240_000)]
    [MemberData(nameof(Clips))]
    public async Task Playlists_and_MPD_tell_the_range_and_players_get_the_same_colours(
        string clip,
        string range,
        string decision,
        string codec
    )
    {
        var video = await vault.GetAsync(clip);
        Assert.Equal(decision, video.Decision);

        var lines = (await vault.Client.GetStringAsync(video.Url("hls/master.m3u8"))).Split('\n');
        Assert.Contains(
            $",VIDEO-RANGE={range},",
            lines.First(line => line.StartsWith("#EXT-X-STREAM-INF:", StringComparison.Ordinal)),
            StringComparison.Ordinal
        );
        Assert.Contains(
            $",VIDEO-RANGE={range},",
            lines.First(line => line.StartsWith("#EXT-X-I-FRAME-STREAM-INF:", StringComparison.Ordinal)),
            StringComparison.Ordinal
        );
        var original = lines.Where(line => line.Contains(",VIDEO-RANGE=", StringComparison.Ordinal)).ToList();
        Assert.Equal(2, original.Count);
        Assert.All(original, line => Assert.Matches($"CODECS=\"{Regex.Escape(codec)}[\",]", line));
        var smaller = lines.Where(line => line.Contains("STREAM-INF:", StringComparison.Ordinal)).Except(original).ToList();
        Assert.Equal(4, smaller.Count);
        Assert.All(smaller, line => Assert.Contains("CODECS=\"avc1.", line, StringComparison.Ordinal));
        Assert.Equal(
            [
                ("TransferCharacteristics", range == "PQ" ? "16" : "18"),
                ("MatrixCoefficients", "9"),
                ("TransferCharacteristics", "1"),
                ("MatrixCoefficients", "1"),
            ],
            await ColoursAsync(video)
        );

        var expected = await ShowAsync(video.Original);
        Assert.Contains("bt2020", expected, StringComparison.Ordinal);
        foreach (var path in (string[])["video.mp4", "fragmented.mp4", "hls/master.m3u8", "dash/manifest.mpd"])
            Assert.Equal(expected, await ShowAsync(video.Url(path)));
        var frames = (await Mp4Clips.AllFramesAsync(video.Prepared, "0:v")).Select(frame => frame.Checksum).ToList();
        Assert.Equal(frames, (await Mp4Clips.AllFramesAsync(video.Url("hls/master.m3u8"), "0:p:0:v")).Select(frame => frame.Checksum));
        Assert.Equal(frames, (await Mp4Clips.AllFramesAsync(video.Url("dash/manifest.mpd"), "0:v:0")).Select(frame => frame.Checksum));
    }

    [Theory(Timeout = 240_000)]
    [MemberData(nameof(Clips))]
    public async Task Smaller_sizes_are_ordinary_and_say_so(string clip, string range, string decision, string codec)
    {
        _ = (range, decision, codec);
        var video = await vault.GetAsync(clip);

        Assert.Equal(
            ["180p stored", "144p stored"],
            video.View.GetProperty("renditions").EnumerateArray().Select(view => $"{view.GetProperty("name")} {view.GetProperty("status")}")
        );
        foreach (var size in (string[])["180p", "144p"])
        {
            var init = Mp4Clips.NewPath(".mp4");
            await File.WriteAllBytesAsync(
                init,
                [
                    .. await vault.Client.GetByteArrayAsync(video.Url($"hls/{size}/0/init.mp4")),
                    .. await vault.Client.GetByteArrayAsync(video.Url($"hls/{size}/0/0.m4s")),
                ]
            );
            Assert.Equal("tv,bt709,bt709,bt709", (await ShowAsync(init)).Trim());
            var bytes = await File.ReadAllBytesAsync(init);
            // How bright the original gets is not said of them.
            Assert.All(new[] { "mdcv", "clli" }, box => Assert.Equal(-1, bytes.AsSpan().IndexOf(System.Text.Encoding.ASCII.GetBytes(box))));
        }
    }

    [Theory(Timeout = 240_000)]
    [InlineData("ladder.mp4", false)]
    [InlineData("ladder-hevc.mp4", false)]
    [InlineData("ladder-vp9.webm", false)]
    [InlineData("bt709.mp4", true)]
    public async Task Playlists_of_SDR_say_nothing_of_it_and_the_MPD_says_what_is_known(string clip, bool isKnown)
    {
        var video = await vault.GetAsync(clip);

        Assert.DoesNotContain("VIDEO-RANGE", await vault.Client.GetStringAsync(video.Url("hls/master.m3u8")), StringComparison.Ordinal);
        Assert.Equal(isKnown ? [("TransferCharacteristics", "1"), ("MatrixCoefficients", "1")] : [], await ColoursAsync(video));
    }

    async Task<List<(string Name, string Value)>> ColoursAsync(IngestedClip video)
    {
        var mpd = XDocument.Parse(await vault.Client.GetStringAsync(video.Url("dash/manifest.mpd")));
        Assert.Empty(mpd.Descendants(Dash + "EssentialProperty"));
        var properties = mpd.Descendants(Dash + "SupplementalProperty").ToList();
        // Where the schema wants it: first in the pictures' adaptation set.
        Assert.All(properties, property => Assert.Equal("video", (string?)property.Parent!.Attribute("contentType")));
        Assert.All(properties, property => Assert.All(property.ElementsBeforeSelf(), before => Assert.Equal(property.Name, before.Name)));
        return properties.ConvertAll(property =>
            (Scheme().Match((string)property.Attribute("schemeIdUri")!).Groups[1].Value, (string)property.Attribute("value")!)
        );
    }

    static async Task<string> ShowAsync(string path) =>
        (
            await Mp4Clips.RunAsync(
                "ffprobe",
                "-v error -select_streams v:0 -show_entries stream=color_range,color_space,color_transfer,color_primaries -of "
                    + $"csv=p=0 {path}",
                silent: true
            )
        ).Split('\n')[0];

    [GeneratedRegex("^urn:mpeg:mpegB:cicp:([A-Za-z]+)$")]
    private static partial Regex Scheme();
}
