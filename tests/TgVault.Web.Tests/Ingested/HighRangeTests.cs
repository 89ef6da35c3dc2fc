using System.Text.RegularExpressions;
using System.Xml.Linq;
using TgVault.Testing;

namespace TgVault.Web.Tests.Ingested;

/// <summary>High dynamic range from upload to playlists: told to players wherever the file tells it, and never encoded smaller.
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
            Assert.Single(lines, line => line.StartsWith("#EXT-X-STREAM-INF:", StringComparison.Ordinal)),
            StringComparison.Ordinal
        );
        Assert.Contains(
            $",VIDEO-RANGE={range},",
            Assert.Single(lines, line => line.StartsWith("#EXT-X-I-FRAME-STREAM-INF:", StringComparison.Ordinal)),
            StringComparison.Ordinal
        );
        Assert.All(
            lines.Where(line => line.Contains("STREAM-INF:", StringComparison.Ordinal)),
            line => Assert.Matches($"CODECS=\"{Regex.Escape(codec)}[\",]", line)
        );
        Assert.Equal([("TransferCharacteristics", range == "PQ" ? "16" : "18"), ("MatrixCoefficients", "9")], await ColoursAsync(video));

        var expected = await ShowAsync(video.Original);
        Assert.Contains("bt2020", expected, StringComparison.Ordinal);
        foreach (var path in (string[])["video.mp4", "fragmented.mp4", "hls/master.m3u8", "dash/manifest.mpd"])
            Assert.Equal(expected, await ShowAsync(video.Url(path)));
        var frames = (await Mp4Clips.AllFramesAsync(video.Prepared, "0:v")).Select(frame => frame.Checksum).ToList();
        Assert.Equal(frames, (await Mp4Clips.AllFramesAsync(video.Url("hls/master.m3u8"), "0:v")).Select(frame => frame.Checksum));
        Assert.Equal(frames, (await Mp4Clips.AllFramesAsync(video.Url("dash/manifest.mpd"), "0:v")).Select(frame => frame.Checksum));
    }

    [Theory(Timeout = 240_000)]
    [MemberData(nameof(Clips))]
    public async Task No_smaller_size_is_made_and_the_video_says_why(string clip, string range, string decision, string codec)
    {
        _ = (decision, codec);
        var video = await vault.GetAsync(clip);

        var renditions = video.View.GetProperty("renditions").EnumerateArray().ToList();
        Assert.Equal(["180p failed", "144p failed"], renditions.Select(view => $"{view.GetProperty("name")} {view.GetProperty("status")}"));
        Assert.All(
            renditions,
            view =>
                Assert.StartsWith(
                    $"The video has high dynamic range ({range}), of which no smaller sizes are made",
                    view.GetProperty("failure").GetString(),
                    StringComparison.Ordinal
                )
        );
        Assert.DoesNotContain("180p", await vault.Client.GetStringAsync(video.Url("hls/master.m3u8")), StringComparison.Ordinal);
        Assert.DoesNotContain("180p", await vault.Client.GetStringAsync(video.Url("dash/manifest.mpd")), StringComparison.Ordinal);
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
