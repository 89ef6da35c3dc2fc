using TgVault.Core.Pictures;
using TgVault.Core.Tests.Mp4;

namespace TgVault.Core.Tests.Pictures;

/// <summary>How many pictures of a film are looked at, by what that takes.</summary>
public sealed class PicturePlanTests
{
    [Theory]
    [InlineData(50 * 60, 100)]
    // A tenth of what copying it takes would be fewer: too few to find a scene by.
    [InlineData(70 * 60, 20)]
    public void A_film_of_little_to_copy_has_as_many_tiles_as_are_of_use(int seconds, int tiles)
    {
        var plan = PicturePlan.Of(LongVideo.Build(seconds, megabits: 1));

        Assert.InRange(plan.Pictures.Length, tiles * 9 / 10, tiles);
        // In whole seconds, and the last picture ends a moment later.
        Assert.InRange(plan.SecondsBetween, seconds / tiles, (seconds / tiles) + 1);
    }

    [Fact]
    public void Those_of_a_long_film_take_a_tenth_of_copying_it()
    {
        var index = LongVideo.Build(5 * 3600, megabits: 4);

        var pictures = PicturePlan.Of(index).Pictures;

        // In seconds of a processor, as measured with ffmpeg 5.1 in 1080p.
        var copying = (index.SourceBytes * 1e-9) + (index.Tracks.Sum(track => (long)track.SampleCount) * 4e-6);
        var decoding = 0.35 + pictures.Sum(picture => 0.0037 + (picture.Sample.SizeBytes * 145e-9));
        Assert.InRange(pictures.Length, 25, PicturePlan.MostTiles);
        Assert.InRange(decoding / copying, 0.07, 0.11);
    }
}
