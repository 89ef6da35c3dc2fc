using TgVault.Browser.Tests.Kinds;

namespace TgVault.Browser.Tests.Programs;

/// <summary>GStreamer, with demuxers of its own, plays the file, the fragmented file, HLS and DASH.</summary>
[Collection(KindCollection.Name)]
public sealed class GStreamerTests(KindVault vault)
{
    [Theory(Timeout = 240_000)]
    [InlineData("moov-last.mp4")]
    [InlineData("pictures-later.mp4")]
    [InlineData("hevc-aac.mp4")]
    public async Task It_shows_the_right_picture_anywhere_and_plays_to_the_end(string name)
    {
        var kind = KindTable.All.Single(kind => kind.Name == name);
        var root = await vault.RootAsync(kind);
        var random = new Random(7);
        var places = Enumerable.Range(0, 10).Select(_ => kind.PictureAt(random.NextDouble())).ToList();
        int[] expected = [kind.PictureAt(0).Number, .. places.Select(place => place.Number), kind.PictureAt(1).Number];

        foreach (var path in Way.All.Select(way => way.Path).Distinct())
        {
            var look = await GStreamer.LookAsync(root + path, places.Select(place => place.Seconds));

            Assert.Equal((path, ""), (path, string.Join("; ", look.Problems)));
            Assert.True(look.HasSound, $"{path} without a sound");
            Assert.Equal(kind.Seconds, look.Duration, 0.07);
            Assert.Equal(expected.Length, look.Numbers.Count);
            // In segments it knows no edit lists, so all is earlier by what an encoder held back; sound, too.
            var early = expected.Zip(look.Numbers, (wanted, number) => wanted - number).ToList()[1..^1];
            Assert.All(early, pictures => Assert.InRange(pictures, -1, 3));
            Assert.InRange(early.Max() - early.Min(), 0, 1);
            Assert.Equal((expected[0], expected[^1]), (look.Numbers[0], look.Numbers[^1]));
        }
    }
}
