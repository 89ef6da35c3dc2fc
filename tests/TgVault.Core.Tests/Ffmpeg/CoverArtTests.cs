using TgVault.Core.Tests.Ingest.Rewriting;
using TgVault.Core.Videos;

namespace TgVault.Core.Tests.Ffmpeg;

/// <summary>Covers are found in whatever container, and are no film.</summary>
public sealed class CoverArtTests
{
    const string Picture = "-f lavfi -i testsrc2=size=64x48:rate=1:duration=1";

    [Theory(Timeout = 60_000)]
    [InlineData(".mp3", "-c:a libmp3lame -c:v mjpeg", "mjpeg")]
    [InlineData(".mp3", "-c:a libmp3lame -c:v png", "png")]
    [InlineData(".flac", "-c:a flac -c:v mjpeg", "mjpeg")]
    [InlineData(".m4a", "-c:a aac -c:v png", "png")]
    [InlineData(".mp4", "-c:a aac -c:v mjpeg", "mjpeg")]
    public async Task Sound_has_its_cover(string extension, string codecs, string expected)
    {
        var path = await Rewriter.MakeAsync(
            $"{Rewriter.Tone} {Picture} -map 0 -map 1 {codecs} -pix_fmt:v {(expected == "png" ? "rgb24" : "yuvj420p")} "
                + "-disposition:v:0 attached_pic",
            extension
        );

        Assert.Equal(new CoverArt(1, expected, 64, 48), (await Rewriter.ProbeAsync(path)).Cover);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_film_has_the_larger_of_its_two_and_none_where_it_has_none()
    {
        var small = await Rewriter.MakeAsync("-f lavfi -i color=red:size=32x24:rate=1:duration=1 -frames:v 1", ".jpg");
        var large = await Rewriter.MakeAsync("-f lavfi -i color=red:size=80x60:rate=1:duration=1 -frames:v 1", ".png");

        var path = await Rewriter.MakeAsync(
            $"{Rewriter.Picture} {Rewriter.H264} -attach {small} -metadata:s:t:0 mimetype=image/jpeg "
                + $"-attach {large} -metadata:s:t:1 mimetype=image/png",
            ".mkv"
        );
        var none = await Rewriter.MakeAsync($"{Rewriter.Picture} {Rewriter.H264}", ".mkv");

        Assert.Equal(new CoverArt(2, "png", 80, 60), (await Rewriter.ProbeAsync(path)).Cover);
        Assert.Null((await Rewriter.ProbeAsync(none)).Cover);
    }
}
