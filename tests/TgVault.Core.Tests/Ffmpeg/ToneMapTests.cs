using System.Globalization;
using System.Text.RegularExpressions;
using TgVault.Core.Ffmpeg;
using TgVault.Core.Ffmpeg.Recoding;
using TgVault.Core.Ffmpeg.Tones;
using TgVault.Core.Settings;
using TgVault.Core.Tests.Ingest.Rewriting;
using TgVault.Core.Videos;
using TgVault.Testing;

namespace TgVault.Core.Tests.Ffmpeg;

/// <summary>High dynamic range made ordinary, judged by the ordinary film that it was made of.</summary>
public sealed partial class ToneMapTests
{
    const string Told = "setparams=range=tv:color_primaries=bt709:color_trc=bt709:colorspace=bt709";

    const string Encoder = "-pix_fmt yuv420p10le -c:v libx265 -preset ultrafast -x265-params log-level=error:crf=4:pools=1:keyint=25";

    [Theory(Timeout = 120_000)]
    // White as light as films for ordinary displays, and as those of high dynamic range have it.
    [InlineData("smptehdbars", "smpte2084", 100, 33)]
    [InlineData("smptehdbars", "smpte2084", 203, 33)]
    [InlineData("mandelbrot", "smpte2084", 203, 36)]
    // zscale brightens the three colours of HLG one by one, where BT.2100 has all of them by their light: few strong ones here.
    [InlineData("mandelbrot", "arib-std-b67", 203, 31)]
    public async Task What_was_ordinary_becomes_what_it_was(string picture, string transfer, int white, double decibels)
    {
        var source = $"-f lavfi -i {picture}=size=640x360:rate=25,format=yuv444p10le";
        var film = await Rewriter.MakeAsync(
            $"{source} -frames:v 3 -vf {Told},zscale=t=linear:npl={white},format=gbrpf32le,"
                + $"zscale=p=bt2020:t={transfer}:m=bt2020nc:r=tv:npl={white},format=yuv420p10le "
                + $"{Encoder} -tag:v hvc1 -color_primaries bt2020 -color_trc {transfer} -colorspace bt2020nc",
            ".mp4"
        );

        var made = await EncodeAsync(film);

        Assert.Equal("bt709/bt709/bt709", (await Rewriter.ProbeAsync(made)).Tracks[0].Colour);
        Assert.InRange(await CompareAsync(made, source), decibels, 99);
    }

    [Fact(Timeout = 120_000)]
    public async Task Light_above_white_keeps_its_shades()
    {
        // From black to 4,000 cd/m², in grey.
        var film = await Rewriter.MakeAsync(
            "-f lavfi -i gradients=size=640x360:c0=black:c1=white:x0=0:y0=0:x1=639:y1=0:nb_colors=2:speed=0.00001:rate=25:duration=0.2,"
                + $"format=gbrp12le,lutrgb=r=val*0.9:g=val*0.9:b=val*0.9 -vf scale=out_color_matrix=bt2020:out_range=tv {Encoder} "
                + "-tag:v hvc1 -color_primaries bt2020 -color_trc smpte2084 -colorspace bt2020nc -color_range tv",
            ".mp4"
        );

        var line = await LineAsync(await EncodeAsync(film));

        // It grows all the way, ends in white, and the brightest fifth of the values has more than one shade.
        for (var x = 1; x < line.Length; x++)
            Assert.InRange(line[x] - line[x - 1], -2, 12);
        Assert.InRange(line[0], 14, 18);
        Assert.InRange(line[^1], 228, 236);
        Assert.InRange(line[^1] - line[line.Length * 4 / 5], 4, 60);
    }

    [Theory]
    [InlineData(1000.0)]
    [InlineData(4000.0)]
    [InlineData(150.0)]
    [InlineData(1.0)]
    public void No_colour_leaves_what_a_display_has_and_grey_stays_grey(double peak)
    {
        foreach (var range in Enum.GetValues<HighRange>())
        {
            var cube = new ToneCube(range, peak);
            var before = -1.0;
            for (var i = 0; i <= 50; i++)
            {
                var (red, green, blue) = cube.Map(i / 50.0, i / 50.0, i / 50.0);
                Assert.Equal(red, green, 1e-3);
                Assert.Equal(red, blue, 1e-3);
                Assert.InRange(red, before - 1e-9, 1);
                before = red;
            }

            // White is white, unless it is not as bright as the brightest there is.
            if (range == HighRange.PerceptualQuantizer || peak <= HighRangeLight.UsualNits)
                Assert.Equal(1, before, 1e-3);
            foreach (var (red, green, blue) in new[] { (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0), (0.9, 0.1, 0.7) })
            {
                var made = cube.Map(red, green, blue);
                Assert.All(new[] { made.Red, made.Green, made.Blue }, part => Assert.InRange(part, 0, 1));
                // The strongest stays the strongest.
                Assert.Equal(red >= Math.Max(green, blue), made.Red >= Math.Max(made.Green, made.Blue));
                Assert.Equal(green >= Math.Max(red, blue), made.Green >= Math.Max(made.Red, made.Blue));
            }
        }
    }

    [Theory(Timeout = 60_000)]
    [InlineData("bt709/bt709/bt709")]
    [InlineData("bt2020nc/bt2020/bt2020-10")]
    [InlineData(null)]
    public async Task What_is_ordinary_is_not_mapped(string? colour)
    {
        var track = new MediaTrack
        {
            Index = 0,
            Kind = MediaTrackKind.Video,
            Codec = "h264",
            Colour = colour,
        };

        Assert.False(ToneMap.IsFor(track));
        Assert.Null(await ToneMap.PrepareAsync(new FfmpegTools(new FfmpegSettings()), "no file", track, CancellationToken.None));
    }

    [Fact(Timeout = 120_000)]
    public async Task The_table_may_lie_in_a_folder_of_any_name_and_is_removed()
    {
        var folder = Directory.CreateTempSubdirectory("tgvault tones, it's [a]: ;b=").FullName;
        var film = await Rewriter.MakeAsync(
            $"-f lavfi -i testsrc2=size=64x36:rate=25:duration=0.2 {Encoder} -color_primaries bt2020 -color_trc smpte2084 "
                + "-colorspace bt2020nc",
            ".mp4"
        );

        var made = await EncodeAsync(film, folder, height: 18);

        Assert.Equal("bt709/bt709/bt709", (await Rewriter.ProbeAsync(made)).Tracks[0].Colour);
        Assert.Empty(Directory.EnumerateFiles(folder));
        Directory.Delete(folder);
    }

    static async Task<string> EncodeAsync(string film, string folder = "", int height = 180)
    {
        var tools = new FfmpegTools(new FfmpegSettings { TemporaryFolder = folder });
        var video = (await Rewriter.ProbeAsync(film)).Tracks[0];
        var output = Mp4Clips.NewPath(".mp4");
        using var tones = await ToneMap.PrepareAsync(tools, film, video, CancellationToken.None);
        await new RenditionEncoder(tools).RunAsync(
            film,
            output,
            video,
            12800,
            [0],
            height,
            hidesPictures: false,
            tones,
            CancellationToken.None
        );
        return output;
    }

    // Peak signal to noise over all pictures and planes.
    static async Task<double> CompareAsync(string made, string source)
    {
        var printed = await Mp4Clips.RunAsync(
            "bash",
            $"-c \"ffmpeg -nostdin -hide_banner {source} -i {made} -lavfi "
                + $"'[0:v]{Told},scale=320:180:out_color_matrix=bt709:out_range=tv,format=yuv420p[before];"
                + "[1:v][before]psnr=shortest=1' -f null - 2>&1\""
        );
        return double.Parse(Average().Match(printed).Groups[1].Value, CultureInfo.InvariantCulture);
    }

    // How bright the pixels of the first picture's middle line are.
    static async Task<byte[]> LineAsync(string path)
    {
        var output = Mp4Clips.NewPath(".raw");
        await Mp4Clips.RunAsync(
            "ffmpeg",
            $"-v error -i {path} -frames:v 1 -vf format=yuv420p,extractplanes=y,crop=iw:1 -f rawvideo {output}"
        );
        return await File.ReadAllBytesAsync(output);
    }

    [GeneratedRegex("average:([0-9.]+)")]
    private static partial Regex Average();
}
