using System.Collections.Concurrent;

namespace TgVault.Testing;

/// <summary>Clips of 14 s with two audio and two subtitle tracks, English and German, and ffmpeg's own view of the texts of any
/// file.</summary>
public static class CaptionClips
{
    /// <summary>The English texts; one lasts across the first segments, two overlap.</summary>
    public const string English = """
        1
        00:00:00,500 --> 00:00:02,000
        Hello <i>world</i> & more

        2
        00:00:03,000 --> 00:00:11,123
        A long one: 1 < 2
        in two lines

        3
        00:00:12,250 --> 00:00:13,500
        The end
        """;

    const string German = """
        [Script Info]
        ScriptType: v4.00+

        [V4+ Styles]
        Format: Name, Fontname, Fontsize, PrimaryColour
        Style: Default,Arial,16,&Hffffff

        [Events]
        Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
        Dialogue: 0,0:00:01.00,0:00:02.50,Default,,0,0,0,,Guten {\i1}Tag{\i0} & Grüße
        Dialogue: 0,0:00:05.00,0:00:08.00,Default,,0,0,0,,Eins\NZwei
        Dialogue: 0,0:00:09.00,0:00:10.00,Default,,0,0,0,,Ende
        """;

    // {0} is the file to write, {1} and {2} the texts.
    const string Inputs =
        "-f lavfi -i testsrc2=size=192x108:rate=30:duration=14 -f lavfi -i sine=frequency=440:sample_rate=48000:duration=14 "
        + "-f lavfi -i sine=frequency=880:sample_rate=48000:duration=14 -i {1} -i {2} -map 0 -map 1 -map 2 -map 3 -map 4 "
        + "-c:v libx264 -preset veryfast -pix_fmt yuv420p -g 45 -bf 2 -threads 1 -c:a aac "
        + "-metadata:s:a:0 language=eng -metadata:s:a:1 language=ger -metadata:s:a:1 title=Kommentar "
        + "-metadata:s:s:0 language=eng -metadata:s:s:1 language=ger -metadata:s:s:1 \"title=Deutsch (voll)\" ";

    static readonly Dictionary<string, string> Recipes = new()
    {
        ["captions.mkv"] = Inputs + "-c:s:0 srt -c:s:1 ass {0}",
        ["captions.mp4"] = Inputs + "-c:s mov_text {0}",
        ["captions-faststart.mp4"] = Inputs + "-c:s mov_text -movflags +faststart {0}",
    };

    static readonly ConcurrentDictionary<string, Lazy<Task<string>>> Made = new();

    /// <summary>The path of the clip with this name; made on first use and shared, so never written to.</summary>
    public static Task<string> PathAsync(string name) => Made.GetOrAdd(name, key => new Lazy<Task<string>>(() => MakeAsync(key))).Value;

    /// <summary>The texts of one subtitle track as ffmpeg shows them, on the file's own timeline: one entry each, times and text.</summary>
    public static async Task<string[]> TextsAsync(string path, string select = "0:s:0")
    {
        var text = await Mp4Clips.RunAsync(
            "ffmpeg",
            $"-hide_banner -loglevel error -copyts -i {path} -map {select} -c:s webvtt -f webvtt -"
        );
        return [.. text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(entry => entry.Trim())];
    }

    static async Task<string> MakeAsync(string name)
    {
        var (english, german, path) = (Mp4Clips.NewPath(".srt"), Mp4Clips.NewPath(".ass"), Mp4Clips.NewPath($"-{name}"));
        await File.WriteAllTextAsync(english, English);
        await File.WriteAllTextAsync(german, German);
        await Mp4Clips.RunAsync(
            "ffmpeg",
            "-hide_banner -loglevel error -y "
                + Recipes[name]
                    .Replace("{0}", path, StringComparison.Ordinal)
                    .Replace("{1}", english, StringComparison.Ordinal)
                    .Replace("{2}", german, StringComparison.Ordinal)
        );
        return path;
    }
}
