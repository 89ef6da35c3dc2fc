using System.Globalization;
using TgVault.Core.Ffmpeg;
using TgVault.Core.Mp4.Index;
using TgVault.Core.Pictures;
using TgVault.Core.Settings;
using TgVault.Testing;

namespace TgVault.Core.Tests.Pictures;

/// <summary>Films on the disk to take pictures of, and what ffmpeg sees in the pictures.</summary>
static class Films
{
    static readonly FfmpegTools Tools = new(new FfmpegSettings());

    public static PictureTaker NewTaker() => new(new PictureEncoder(Tools), Tools);

    /// <summary>A film as ingest has it: with its index where it has one.</summary>
    public static async Task<FilmSource> OpenAsync(string path)
    {
        var media = await new MediaProbe(Tools).ProbeAsync(path, CancellationToken.None);
        var length = new FileInfo(path).Length;
        Mp4Index? index = null;
        try
        {
            index = await Mp4Index.BuildAsync(ReadAsync, length, CancellationToken.None);
        }
        catch (MediaException)
        {
            // A WebM, say.
        }

        return new FilmSource(ReadAsync, length, media!, index, 1 << 30);

        async Task ReadAsync(long offset, Memory<byte> destination, CancellationToken cancellationToken)
        {
            await using var file = File.OpenRead(path);
            file.Position = offset;
            await file.ReadExactlyAsync(destination, cancellationToken);
        }
    }

    /// <summary>The average colour of a picture, or of a part of it.</summary>
    /// <param name="input">What ffmpeg reads, with its options.</param>
    /// <param name="filter">What is done before.</param>
    public static async Task<(int Red, int Green, int Blue)> ColourAsync(string input, string filter = "null")
    {
        var path = Mp4Clips.NewPath(".rgb");
        await Mp4Clips.RunAsync(
            "ffmpeg",
            $"-hide_banner -loglevel error -y {input} -frames:v 1 -vf {filter},scale=1:1:flags=area -pix_fmt rgb24 -f rawvideo {path}"
        );
        var pixel = await File.ReadAllBytesAsync(path);
        return (pixel[0], pixel[1], pixel[2]);
    }

    /// <summary>An entry of stored pictures, as a file.</summary>
    public static async Task<string> FileAsync(PackedPictures pictures, string name)
    {
        var path = Mp4Clips.NewPath(Path.GetExtension(name));
        await File.WriteAllBytesAsync(path, PackedPictures.Find(pictures.Content, name)!);
        return path;
    }

    /// <summary>What a storyboard's text says of each tile.</summary>
    public static List<Tile> TilesOf(PackedPictures storyboard)
    {
        var tiles = new List<Tile>();
        var lines = System.Text.Encoding.UTF8.GetString(PackedPictures.Find(storyboard.Content, PictureNames.Storyboard)!).Split('\n');
        Assert.Equal("WEBVTT", lines[0]);
        for (var i = 2; i + 1 < lines.Length; i += 3)
        {
            var times = lines[i].Split(" --> ").Select(time => TimeSpan.Parse(time, CultureInfo.InvariantCulture).TotalSeconds).ToArray();
            var parts = lines[i + 1].Split("#xywh=");
            var numbers = parts[1].Split(',').Select(number => int.Parse(number, CultureInfo.InvariantCulture)).ToArray();
            tiles.Add(new Tile(times[0], times[1], parts[0], numbers[0], numbers[1], numbers[2], numbers[3]));
        }

        return tiles;
    }

    public sealed record Tile(double Start, double End, string Sheet, int X, int Y, int Width, int Height);
}
