using System.Collections.Concurrent;
using System.Globalization;
using TgVault.Testing;

namespace TgVault.Browser.Tests.Kinds;

/// <summary>
/// Kinds that the ingest plan (MediaTable) calls playable: each row on codecs and on containers, and what is odd about films besides.
/// </summary>
static class KindTable
{
    const string Sound = "-f lavfi -i sine=frequency=440:sample_rate=48000:duration=10";

    const string OtherSound = "-f lavfi -i sine=frequency=880:sample_rate=48000:duration=10";

    // Web Audio mixes 7.1 down to its first channel.
    const string InAllOf71 = "pan=7.1|c0=c0|c1=c0|c2=c0|c3=c0|c4=c0|c5=c0|c6=c0|c7=c0";
    const string H264 = "-c:v libx264 -preset ultrafast -pix_fmt yuv420p -g 50 -bf 2 -threads 1";
    const string Hevc = "-c:v libx265 -preset ultrafast -pix_fmt yuv420p -x265-params log-level=error:keyint=50:pools=1";
    const string Vp9 = "-c:v libvpx-vp9 -deadline realtime -cpu-used 8 -g 50 -threads 1";
    const string Av1 = "-c:v libsvtav1 -preset 12 -g 50 -svtav1-params lp=1 -pix_fmt yuv420p";

    static readonly string Captions = Convert.ToBase64String(
        "1\n00:00:01,000 --> 00:00:02,000\nBegun\n\n2\n00:00:04,500 --> 00:00:05,500\nHalf way\n\n"u8
    );

    static readonly string Film = Pictures(25);

    public static IReadOnlyList<Kind> All { get; } =
    [
        new("plain.mp4", $"{Film} {Sound} {H264} -c:a aac -movflags +faststart {{0}}"),
        new("moov-last.mp4", $"{Film} {Sound} {H264} -c:a aac {{0}}"),
        // Without an edit list its pictures begin behind what the encoder holds back to put them in order, which some players leave out.
        new("fragments.mp4", $"{Film} {Sound} {H264} -c:a aac -movflags frag_keyframe+empty_moov+default_base_moof {{0}}")
        {
            StartsAt = 0.08,
            Seconds = 10.08,
            Delay = 0.08,
        },
        // Matroska and MPEG-TS move the pictures behind the delay of the encoder of sound.
        new("h264-opus.mkv", $"{Film} {Sound} {H264} -c:a libopus {{0}}") { StartsAt = 0.007, Seconds = 10.007 },
        new("h264.ts", $"{Film} {Sound} {H264} -c:a aac {{0}}") { StartsAt = 0.0213, Seconds = 10.0213 },
        new("h264-flac.mp4", $"{Film} {Sound} {H264} -c:a flac -strict -2 {{0}}"),
        new("h264-ac3.mkv", $"{Film} {Sound} {H264} -c:a ac3 -filter:a aformat=channel_layouts=5.1(side) {{0}}")
        {
            StartsAt = 0.005,
            Seconds = 10.005,
        },
        new("h264-mp3.mkv", $"{Film} {Sound} {H264} -c:a libmp3lame {{0}}") { StartsAt = 0.023, Seconds = 10.023 },
        new("h264-ten-bit.mkv", $"{Film} {Sound} -c:v libx264 -preset ultrafast -pix_fmt yuv420p10le -c:a libvorbis {{0}}")
        {
            StartsAt = 0.003,
            Seconds = 10.003,
        },
        new("aac-side.mp4", $"{Film} {Sound} {H264} -c:a aac -filter:a aformat=channel_layouts=5.1(side) {{0}}"),
        new("vorbis-7.1.mkv", $"{Film} {Sound} {H264} -c:a libvorbis -filter:a {InAllOf71} {{0}}") { StartsAt = 0.003, Seconds = 10.003 },
        new("bt709.mp4", $"{Film} {H264} -color_primaries bt709 -color_trc bt709 -colorspace bt709 {{0}}") { Sounds = Kind.Silent },
        new("h264-pcm.mov", $"{Film} {Sound} {H264} -c:a pcm_s16le {{0}}"),
        new("hevc-aac.mp4", $"{Film} {Sound} {Hevc} -tag:v hev1 -c:a aac {{0}}") { IsHevc = true },
        new("hevc-eac3.mkv", $"{Film} {Sound} {Hevc} -c:a eac3 -filter:a aformat=channel_layouts=5.1 {{0}}")
        {
            IsHevc = true,
            StartsAt = 0.005,
            Seconds = 10.005,
        },
        new("vp9-opus.webm", $"{Film} {Sound} {Vp9} -c:a libopus {{0}}") { StartsAt = 0.007, Seconds = 10.007 },
        new("av1-opus.mp4", $"{Film} {Sound} {Av1} -c:a libopus {{0}}"),
        new("vp8-vorbis.webm", $"{Film} {Sound} -c:v libvpx -deadline realtime -cpu-used 8 -b:v 500k -c:a libvorbis {{0}}")
        {
            IsFileOnly = true,
        },
        new("mpeg2.mpg", $"{Film} {Sound} -c:v mpeg2video -bf 2 -b:v 2M -c:a mp2 {{0}}") { StartsAt = 0.01, Seconds = 10.01 },
        new("pictures-later.mp4", $"-itsoffset 0.6 {Film} {Sound} {H264} -fps_mode passthrough -c:a aac {{0}}")
        {
            StartsAt = 0.6,
            Seconds = 10.6,
        },
        new(
            "sound-later.mp4",
            $"{Film} -itsoffset 1.5 -f lavfi -i sine=frequency=440:sample_rate=48000:duration=8.5 {H264} -c:a aac {{0}}"
        ),
        // dash.js, shaka and hls.js would begin with the sound.
        new(
            "sound-little-later.mp4",
            $"{Pictures(25, 5)} -itsoffset 0.7 -f lavfi -i sine=frequency=440:sample_rate=48000:duration=4.3 {H264} -c:a aac {{0}}"
        )
        {
            Seconds = 5,
        },
        new("sound-little-shorter.mp4", $"{Film} -f lavfi -i sine=frequency=440:sample_rate=48000:duration=9.2 {H264} -c:a aac {{0}}"),
        new("sound-shorter.mp4", $"{Film} -f lavfi -i sine=frequency=440:sample_rate=48000:duration=7 {H264} -c:a aac {{0}}"),
        new("film-rate.mp4", $"{Pictures(24000 / 1001.0, rate: "24000/1001")} {Sound} {H264} -c:a aac {{0}}")
        {
            Rate = 24000 / 1001.0,
            Seconds = 10.01,
        },
        new("ntsc-rate.mp4", $"{Pictures(60000 / 1001.0, rate: "60000/1001")} {Sound} {H264} -c:a aac {{0}}")
        {
            Rate = 60000 / 1001.0,
            Seconds = 10.01,
        },
        new("slow-rate.mp4", $"{Pictures(5)} {Sound} {H264} -c:a aac {{0}}") { Rate = 5 },
        new("sound-longer.mp4", $"{Pictures(25, 6)} {Sound} {H264} -c:a aac {{0}}") { PicturesEnd = 6 },
        new("sound-longer-in-order.mp4", $"{Pictures(25, 6)} {Sound} {H264} -bf 0 -c:a aac {{0}}") { PicturesEnd = 6 },
        new(
            "two-sounds.mp4",
            $"{Film} {Sound} {OtherSound} -f srt -i data:text/plain;base64,{Captions} -map 0 -map 1 -map 2 -map 3 {H264} -c:a aac "
                + "-c:s mov_text -metadata:s:a:0 language=eng -metadata:s:a:1 language=ger -metadata:s:s:0 language=eng {0}"
        )
        {
            Sounds = Kind.TwoSounds,
            HasCaptions = true,
        },
        new("sizes.mp4", $"{Pictures(25, size: "320x180")} {Sound} {H264} -c:a aac {{0}}") { Heights = [180, 144] },
        new("pictures-only.mp4", $"{Film} {H264} {{0}}") { Sounds = Kind.Silent },
        new("sound-only.m4a", $"{Sound} -c:a aac {{0}}") { Rate = 0 },
        new("sound-only.wma", $"{Sound} -c:a wmav2 {{0}}") { Rate = 0, Seconds = 10.07 },
        // ffmpeg leaves a place in AVI empty, so that the first picture is there twice as long.
        new("mpeg4.avi", $"{Film} {Sound} -c:v mpeg4 -c:a libmp3lame {{0}}") { StartsAt = 0.04, Seconds = 10.04 },
    ];

    /// <summary>As many bytes in every second, so that it is known how many a beginning has.</summary>
    public static Kind Steady { get; } =
        new(
            "steady.mp4",
            $"{Pictures(25, 30)} -f lavfi -i sine=frequency=440:sample_rate=48000:duration=30 {H264} -b:v 1M -minrate 1M -maxrate 1M "
                + "-bufsize 1M -x264-params nal-hrd=cbr -c:a aac -movflags +faststart {0}"
        )
        {
            Seconds = 30,
        };

    /// <summary>Draws its number into every picture.</summary>
    static string Numbers =>
        string.Join(
            ",",
            Enumerable
                .Range(0, 8)
                .Select(bit =>
                    FormattableString.Invariant(
                        $"drawbox=x=iw*{bit}/8:y=0:w=iw/8:h=ih:color=white:t=fill:enable='mod(floor(n/{1 << bit})\\,2)'"
                    )
                )
        );

    static readonly ConcurrentDictionary<string, Lazy<Task<string>>> Made = new();

    /// <summary>The path of a kind's clip, which is made once.</summary>
    public static Task<string> PathAsync(Kind kind) => Made.GetOrAdd(kind.Name, _ => new Lazy<Task<string>>(() => MakeAsync(kind))).Value;

    static async Task<string> MakeAsync(Kind kind)
    {
        var path = Mp4Clips.NewPath(Path.GetExtension(kind.Name));
        var plain = kind.Recipe.Contains("{1}", StringComparison.Ordinal) ? await PathAsync(All[0]) : "";
        await Mp4Clips.RunAsync(
            "ffmpeg",
            "-hide_banner -loglevel error -y " + string.Format(CultureInfo.InvariantCulture, kind.Recipe, path, plain)
        );
        return path;
    }

    static string Pictures(double perSecond, double seconds = 10, string size = "192x108", string? rate = null) =>
        FormattableString.Invariant($"-f lavfi -i color=black:size={size}:rate={rate ?? $"{perSecond}"}:duration={seconds},{Numbers}");
}
