using TgVault.Browser.Tests.Kinds;

namespace TgVault.Browser.Tests.Programs;

/// <summary>mpv, which stands on ffmpeg's demuxers, plays the file, the fragmented file, HLS and DASH.</summary>
[Collection(KindCollection.Name)]
public sealed class MpvTests(KindVault vault)
{
    const string Dash = "dash/manifest.mpd";

    [Theory(Timeout = 240_000)]
    [InlineData("moov-last.mp4")]
    [InlineData("pictures-later.mp4")]
    [InlineData("hevc-aac.mp4")]
    [InlineData("av1-opus.mp4")]
    public async Task It_shows_the_right_picture_anywhere_and_plays_to_the_end(string name)
    {
        const double furthest = 0.3;
        var kind = KindTable.All.Single(kind => kind.Name == name);
        var root = await vault.RootAsync(kind);
        var random = new Random(7);
        var places = Enumerable.Range(0, 10).Select(_ => kind.PictureAt(random.NextDouble())).ToList();
        int[] expected = [kind.PictureAt(0).Number, .. places.Select(place => place.Number), kind.PictureAt(1).Number];

        foreach (var path in Way.All.Select(way => way.Path).Distinct())
        {
            // It goes to the next picture that begins; two milliseconds before one that is this one.
            var (pictures, duration) = await Mpv.LookAsync(root + path, places.Select(place => place.Seconds - (0.5 / kind.Rate) - 0.002));

            Assert.Equal(expected.Length, pictures.Count);
            // Of DASH libavformat plays no more where the first track ends (dashdec.c, dash_read_packet).
            var reach = path == Dash ? kind.Seconds - kind.StartsAt : double.MaxValue;
            double[] at = [0, .. places.Select(place => place.Seconds), kind.Seconds];
            var reached = Enumerable.Range(0, at.Length).Where(i => at[i] < reach).ToList();
            Assert.True(reached.Count >= expected.Length - 3, "Most places lie where all ways reach.");
            Assert.Equal(
                (path, string.Join(' ', reached.Select(i => expected[i]))),
                (path, string.Join(' ', reached.Select(i => pictures[i].Number)))
            );
            Assert.All(
                pictures.Skip(1).Zip(places).Where(pair => pair.First.SoundAt is not null),
                pair => Assert.Equal(pair.Second.Seconds, pair.First.SoundAt!.Value, furthest)
            );
            if (path != Dash)
                Assert.Equal(kind.Seconds, duration, 0.07);
        }
    }
}
