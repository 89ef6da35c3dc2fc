using System.Globalization;
using TgVault.Core.Pictures;
using TgVault.Core.Videos;
using TgVault.Testing;

namespace TgVault.Core.Tests.Pictures;

/// <summary>Posters and storyboards of real films, as ffmpeg sees them.</summary>
public sealed class PictureTakerTests
{
    // Another colour each second, so that a picture tells when it is from.
    const string Colours =
        "-f lavfi -i color=black:size=2x2:rate={R}:duration={D},format=gbrp,geq=r='mod(floor(T)*53\\,200)+30'"
        + ":g='mod(floor(T)*97\\,200)+30':b='mod(floor(T)*31\\,200)+30',scale=320:180,setsar=1,format=yuv420p";

    // Of colours, from 0 to 255: what encoding twice does to them.
    const int MostDifference = 10;

    [Theory(Timeout = 120_000)]
    [InlineData("keys.mp4", 12, "-c:v libx264 -preset ultrafast -g 10 -bf 2")]
    [InlineData("one-key.mp4", 12, "-c:v libx264 -preset ultrafast -g 1000 -sc_threshold 0 -bf 2")]
    [InlineData("long.mp4", 210, "-c:v libx264 -preset ultrafast -g 20 -sc_threshold 0")]
    [InlineData("two-hours.mp4", 7300, "-c:v libx264 -preset ultrafast -g 7 -sc_threshold 0 -bf 2")]
    [InlineData("vp8.webm", 12, "-c:v libvpx -deadline realtime -cpu-used 8 -g 10")]
    [InlineData("hevc.mp4", 12, "-c:v libx265 -preset ultrafast -x265-params log-level=error:keyint=10:pools=1 -tag:v hvc1")]
    public async Task The_picture_of_a_tile_is_the_one_on_the_screen_when_its_cue_begins(string name, int seconds, string encoder)
    {
        var path = await MakeAsync(name, seconds, encoder);
        var film = await Films.OpenAsync(path);

        var taken = await Films.NewTaker().TakeAsync(film, CancellationToken.None);

        var storyboard = taken[1];
        var tiles = Films.TilesOf(storyboard);
        Assert.Equal(CompanionKind.Storyboard, storyboard.Kind);
        var between = film.Index is { } index ? PicturePlan.Of(index).SecondsBetween : PicturePlan.BetweenOf(seconds);
        Assert.Equal(Math.Ceiling(seconds / between), tiles.Count);
        Assert.Equal(0, tiles[0].Start);
        Assert.Equal(seconds, tiles[^1].End, 0.2);
        Assert.All(tiles.Zip(tiles.Skip(1)), pair => Assert.Equal(pair.First.End, pair.Second.Start));
        var sheets = new Dictionary<string, string>();
        foreach (var tile in tiles.Where((_, i) => i % (1 + (tiles.Count / 12)) == 0))
        {
            if (!sheets.TryGetValue(tile.Sheet, out var sheet))
                sheets[tile.Sheet] = sheet = await Films.FileAsync(storyboard, tile.Sheet);
            var seen = await Films.ColourAsync($"-i {sheet}", $"crop={tile.Width}:{tile.Height}:{tile.X}:{tile.Y}");
            AssertNear(Shown(tile.Start), seen, $"{name} at {tile.Start}");
        }

        // The poster is the picture of one of them.
        var poster = await Films.ColourAsync($"-i {await Films.FileAsync(taken[0], PictureNames.Sized(320))}");
        Assert.Contains(tiles, tile => Difference(Shown(tile.Start), poster) <= MostDifference);
    }

    [Theory(Timeout = 60_000)]
    [InlineData(0, 0)]
    [InlineData(3, 3)]
    [InlineData(3.95, 3)]
    [InlineData(11.9, 11)]
    [InlineData(99_999, 11)]
    public async Task A_poster_is_the_picture_on_the_screen_at_the_moment_that_is_asked_for(double seconds, int expected)
    {
        foreach (
            var (name, encoder) in new[]
            {
                ("one-key.mp4", "-c:v libx264 -preset ultrafast -g 1000 -sc_threshold 0 -bf 2"),
                ("vp8.webm", "-c:v libvpx -deadline realtime -cpu-used 8 -g 10"),
            }
        )
        {
            var film = await Films.OpenAsync(await MakeAsync(name, 12, encoder));
            // Without an index it is the next picture, and behind the end there is none.
            if ((seconds is 3.95 or > 12) && film.Index is null)
                continue;

            var poster = await Films.NewTaker().TakeAsync(film, seconds, CancellationToken.None);

            var size = Assert.Single(poster.Media.Tracks);
            Assert.Equal((320, 180), (size.Width, size.Height));
            var file = await Films.FileAsync(poster, PictureNames.Sized(320));
            AssertNear(Shown(expected), await Films.ColourAsync($"-i {file}"), $"{name} at {seconds}");
        }
    }

    [Theory(Timeout = 120_000)]
    [InlineData("color=black:size=640x360:rate=10:duration=6", true)]
    [InlineData("color=black:size=640x360:rate=10:duration=6", false)]
    [InlineData("color=white:size=640x360:rate=10:duration=6", true)]
    [InlineData("color=0x203040:size=640x360:rate=10:duration=6,drawbox=x=200:y=150:w=240:h=60:color=white:t=4", true)]
    [InlineData("color=0x203040:size=640x360:rate=10:duration=6,drawbox=x=200:y=150:w=240:h=60:color=white:t=4", false)]
    [InlineData("mandelbrot=size=640x360:rate=10,trim=duration=6,gblur=sigma=14", true)]
    [InlineData("mandelbrot=size=640x360:rate=10,trim=duration=6,gblur=sigma=14", false)]
    public async Task A_poster_is_neither_black_nor_a_card_nor_blurred(string bad, bool isFirst)
    {
        var path = Mp4Clips.NewPath(".mp4");
        await Mp4Clips.RunAsync(
            "ffmpeg",
            $"-hide_banner -loglevel error -y -f lavfi -i {bad},format=yuv420p[a];"
                + $"testsrc2=size=640x360:rate=10:duration=6,format=yuv420p[b];{(isFirst ? "[a][b]" : "[b][a]")}concat=n=2 "
                + $"-c:v libx264 -preset ultrafast -g 20 {path}"
        );
        var film = await Films.OpenAsync(path);

        var poster = (await Films.NewTaker().TakeAsync(film, CancellationToken.None))[0];

        Assert.Equal([(320, 180), (640, 360)], poster.Media.Tracks.Select(track => (track.Width, track.Height)));
        var file = await Films.FileAsync(poster, PictureNames.Sized(640));
        // What is bad has next to no colour in that corner.
        var (red, green, blue) = await Films.ColourAsync($"-i {file}", "crop=60:60:0:0");
        Assert.True(Math.Max(red, Math.Max(green, blue)) - Math.Min(red, Math.Min(green, blue)) > 60, $"{bad}: {red} {green} {blue}");
    }

    [Theory(Timeout = 60_000)]
    [InlineData("ladder-rotated.mp4", 180, 320)]
    [InlineData("hdr-pq.mp4", 320, 180)]
    [InlineData("wide-pixels", 320, 180)]
    public async Task Pictures_are_shown_as_players_show_the_film(string clip, int width, int height)
    {
        var path = clip == "wide-pixels" ? Mp4Clips.NewPath(".mp4") : await Mp4Clips.PathAsync(clip);
        if (clip == "wide-pixels")
            await Mp4Clips.RunAsync(
                "ffmpeg",
                "-hide_banner -loglevel error -y -f lavfi -i testsrc2=size=360x360:rate=10:duration=3,setsar=16/9,format=yuv420p "
                    + $"-c:v libx264 -preset ultrafast -g 10 {path}"
            );
        var film = await Films.OpenAsync(path);

        var taken = await Films.NewTaker().TakeAsync(film, CancellationToken.None);

        Assert.Equal((width, height), (taken[0].Media.Tracks[0].Width, taken[0].Media.Tracks[0].Height));
        var tile = Films.TilesOf(taken[1])[0];
        Assert.Equal((double)width / height, (double)tile.Width / tile.Height, 0.03);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_cover_becomes_a_poster()
    {
        var (cover, song) = (Mp4Clips.NewPath(".jpg"), Mp4Clips.NewPath(".mp3"));
        await Mp4Clips.RunAsync("ffmpeg", $"-hide_banner -loglevel error -y -f lavfi -i color=0x206040:size=500x500 -frames:v 1 {cover}");
        await Mp4Clips.RunAsync(
            "ffmpeg",
            $"-hide_banner -loglevel error -y -f lavfi -i sine=duration=2 -i {cover} -map 0 -map 1 -c:v copy -c:a libmp3lame "
                + $"-disposition:v attached_pic {song}"
        );
        var film = await Films.OpenAsync(song);

        var poster = await Films.NewTaker().TakeAsync(song, film.Media.Cover!, CancellationToken.None);

        Assert.Null(film.Video);
        Assert.Equal([(320, 320), (500, 500)], poster.Media.Tracks.Select(track => (track.Width, track.Height)));
        AssertNear((0x20, 0x60, 0x40), await Films.ColourAsync($"-i {await Films.FileAsync(poster, "poster-640.jpg")}"), "the cover");
    }

    static async Task<string> MakeAsync(string name, int seconds, string encoder)
    {
        var path = Mp4Clips.NewPath(Path.GetExtension(name));
        var source = Colours
            .Replace("{D}", seconds.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("{R}", seconds > 3600 ? "1" : "10", StringComparison.Ordinal);
        await Mp4Clips.RunAsync("ffmpeg", $"-hide_banner -loglevel error -y {source} {encoder} {path}");
        return path;
    }

    static (int Red, int Green, int Blue) Shown(double seconds)
    {
        var second = (int)Math.Floor(seconds + 0.001);
        return ((second * 53 % 200) + 30, (second * 97 % 200) + 30, (second * 31 % 200) + 30);
    }

    static void AssertNear((int Red, int Green, int Blue) expected, (int Red, int Green, int Blue) seen, string what) =>
        Assert.True(Difference(expected, seen) <= MostDifference, $"{what}: expected {expected}, seen {seen}");

    static int Difference((int Red, int Green, int Blue) one, (int Red, int Green, int Blue) other) =>
        new[] { one.Red - other.Red, one.Green - other.Green, one.Blue - other.Blue }.Max(Math.Abs);
}
