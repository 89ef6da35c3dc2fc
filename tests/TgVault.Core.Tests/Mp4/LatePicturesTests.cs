using System.Globalization;
using TgVault.Core.Mp4.Fragments;
using TgVault.Testing;

namespace TgVault.Core.Tests.Mp4;

/// <summary>
/// The fragmented file of films whose pictures begin late. ffmpeg takes when a fragment's decoding ends, and the end in a sidx, for a
/// track's length, and adds it to when that begins.
/// </summary>
public sealed class LatePicturesTests
{
    [Theory(Timeout = 120_000)]
    // Of one fragment.
    [InlineData(0.5, 4)]
    [InlineData(1.3, 4)]
    // Of several, the last of which is shorter than the track is late.
    [InlineData(2.1, 8.5)]
    [InlineData(2.1, 14.5)]
    public async Task It_is_as_long_as_the_film_and_has_all_of_it_from_any_second(double later, double seconds)
    {
        var film = Mp4Clips.NewPath(".mp4");
        await Mp4Clips.RunAsync(
            "ffmpeg",
            string.Create(
                CultureInfo.InvariantCulture,
                $"-v error -itsoffset {later} -f lavfi -i testsrc2=size=96x54:rate=25:duration={seconds - later} "
                    + $"-f lavfi -i sine=sample_rate=48000:duration={seconds} "
                    + $"-c:v libx264 -preset ultrafast -bf 2 -g 50 -fps_mode passthrough -c:a aac {film}"
            )
        );
        var bytes = await File.ReadAllBytesAsync(film);
        var fragmented = Mp4Clips.NewPath(".mp4");
        await File.WriteAllBytesAsync(fragmented, new Source(bytes).Read(new FragmentedFile(await OddTablesTests.IndexAsync(bytes))));

        Assert.Equal(await SecondsAsync(film), await SecondsAsync(fragmented), 0.04);
        Assert.Equal(await Mp4Clips.FramesAsync(film), await Mp4Clips.FramesAsync(fragmented));
        var all = await SegmentIndexesTests.PacketsAsync(film, null);
        Assert.Equal(later, all[0].Min(), 0.03);
        for (var second = 0; second < seconds; second++)
        {
            var found = await SegmentIndexesTests.PacketsAsync(fragmented, second);
            for (var track = 0; track < 2; track++)
                Assert.Equal(all[track].Count(time => time >= second), found[track].Count(time => time >= second));
        }
    }

    static async Task<double> SecondsAsync(string path) =>
        double.Parse(
            await Mp4Clips.RunAsync("ffprobe", $"-v error -show_entries format=duration -of csv=p=0 {path}"),
            CultureInfo.InvariantCulture
        );
}
