using System.Globalization;
using TgVault.Core.Ffmpeg;
using TgVault.Core.Ingest.Decision;
using TgVault.Core.Ingest.Rewriting;
using TgVault.Core.Settings;
using TgVault.Core.Tests.Mp4;
using TgVault.Core.Videos;
using TgVault.Testing;

namespace TgVault.Core.Tests.Ingest.Rewriting;

/// <summary>A small clip made for one test, and what ingest writes of it.</summary>
static class Rewriter
{
    public const string Picture = "-f lavfi -i testsrc2=size=128x72:rate=25:duration=2";
    public const string Tone = "-f lavfi -i sine=frequency=440:sample_rate=48000:duration=2";
    public const string H264 = "-c:v libx264 -preset ultrafast -pix_fmt yuv420p -threads 1";

    static readonly FfmpegTools Tools = new(new FfmpegSettings());

    public static MediaProbe Probe { get; } = new(Tools);

    /// <summary>Has ffmpeg make a clip.</summary>
    public static async Task<string> MakeAsync(string arguments, string extension)
    {
        var path = Mp4Clips.NewPath(extension);
        await Mp4Clips.RunAsync("ffmpeg", $"-hide_banner -loglevel error -y {arguments} {path}");
        return path;
    }

    public static async Task<MediaSummary> ProbeAsync(string path) => (await Probe.ProbeAsync(path, CancellationToken.None))!;

    /// <summary>Writes it anew, as preparing does; gives what came of it and its path.</summary>
    /// <param name="path">The file.</param>
    /// <param name="probed">What is thought to be in it, where that is not what ffprobe says.</param>
    public static async Task<(WrittenFile Written, string Path)> WriteAsync(string path, MediaSummary? probed = null)
    {
        var media = MediaPlan.Treat(probed ?? await ProbeAsync(path), MediaAction.Remux);
        var output = Mp4Clips.NewPath(".mp4");
        // What is written from may be changed.
        var input = Mp4Clips.NewPath(Path.GetExtension(path));
        File.Copy(path, input);
        var attempts = new RemuxAttempts(new Remux(Tools), Probe, Tools);
        return (await attempts.WriteAsync(input, output, media, CancellationToken.None), output);
    }

    /// <summary>The numbers that a filter prints under a name, from decoding one track.</summary>
    public static async Task<double[]> MeasureAsync(string path, string track, string filter, string name)
    {
        var printed = await Mp4Clips.RunAsync(
            "bash",
            $"-c \"ffmpeg -nostdin -hide_banner -i {path} -map 0:{track} -filter:{track[0]} {filter} -f null - 2>&1\""
        );
        return
        [
            .. printed
                .Split('\n')
                .Where(line => line.Contains(name, StringComparison.Ordinal))
                .Select(line => line[(line.IndexOf(name, StringComparison.Ordinal) + name.Length)..].Trim().Split(' ')[0])
                .Select(text => text == "-inf" ? double.NegativeInfinity : double.Parse(text, CultureInfo.InvariantCulture)),
        ];
    }

    /// <summary>The channel configuration of an AAC track's AudioSpecificConfig (ISO 14496-3, table 1.19).</summary>
    public static int ChannelConfiguration(ReadOnlySpan<byte> sampleEntry)
    {
        var esds = sampleEntry[sampleEntry.IndexOf("esds"u8)..];
        // The decoder's own settings, with a length in four bytes, as ffmpeg writes it.
        var settings = esds[(esds.IndexOf(Source.Bytes(0x05808080).AsSpan()) + 5)..];
        return (((settings[0] << 8) | settings[1]) >> 3) & 15;
    }
}
