using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace TgVault.Testing;

/// <summary>Tiny clips of every kind the MP4 code meets, made by ffmpeg once per test run, and ffmpeg's own view of any file.</summary>
public static class Mp4Clips
{
    const string Video = "-f lavfi -i testsrc2=size=192x108:rate=30:duration=14";
    const string Ladder = "-f lavfi -i testsrc2=size=428x240:rate=30:duration=14";
    const string Sound = "-f lavfi -i sine=frequency=440:sample_rate=48000:duration=14";
    const string H264 = "-c:v libx264 -preset veryfast -pix_fmt yuv420p -g 45 -threads 1";

    static readonly string Subtitles = Convert.ToBase64String(
        "1\n00:00:01,000 --> 00:00:03,000\nHello\n\n2\n00:00:09,500 --> 00:00:11,000\nAgain\n\n"u8
    );

    const string Brief =
        "-f lavfi -i testsrc2=size=128x72:rate=25:duration=2 -f lavfi -i sine=frequency=440:sample_rate=48000:duration=2 -pix_fmt yuv420p";
    const string Hevc = "-c:v libx265 -preset ultrafast -x265-params log-level=error:pools=1";

    const string Pq = "-color_primaries bt2020 -color_trc smpte2084 -colorspace bt2020nc";
    const string Hlg = "-color_primaries bt2020 -color_trc arib-std-b67 -colorspace bt2020nc";

    // Four scenes with grain, so that x264 reaches the rates it is told, and something like music: strikes that fade, and drums.
    const string Scenes =
        "-f lavfi -i testsrc2=size=480x270:rate=30:duration=8[a];mandelbrot=size=480x270:rate=30,trim=duration=8[b];"
        + "life=size=480x270:rate=30:mold=10,trim=duration=8[c];"
        + "gradients=size=480x270:rate=30:duration=8[d];[a][b][c][d]concat=n=4,noise=alls=20:allf=t+u,format=yuv420p "
        + "-f lavfi -i aevalsrc='0.3*sin(2*PI*t*220*pow(2,mod(floor(t*3)*7,12)/12))*exp(-3*mod(t,0.33))"
        + "+0.2*(random(0)-0.5)*exp(-20*mod(t,0.25))':s=48000:d=32";
    const string Film = "-c:v libx264 -preset superfast -threads 1 -c:a aac -b:a 128k -ac 2";

    // Each makes 14 s of 30 fps video unless its name says otherwise; {0} is the file to write.
    // What is made from another clip has it as {1}, h264-bframes.mp4, {2}, minute.mp4, {3}, ladder.mp4, or {4}, rate-400k.mp4.
    static readonly Dictionary<string, string> Recipes = new()
    {
        ["h264-aac.mp4"] = $"{Video} {Sound} {H264} -bf 0 -c:a aac {{0}}",
        ["h264-aac-faststart.mp4"] = $"{Video} {Sound} {H264} -bf 0 -c:a aac -movflags +faststart {{0}}",
        ["h264-bframes.mp4"] = $"{Video} {Sound} {H264} -bf 3 -c:a aac {{0}}",
        ["mov.mov"] = $"{Video} {Sound} {H264} -bf 2 -c:a pcm_s16le -timecode 01:00:00:00 {{0}}",
        ["mov-aac.mov"] = $"{Video} {Sound} {H264} -bf 2 -c:a aac {{0}}",
        ["tracks.mp4"] =
            $"{Video} {Sound} -f lavfi -i sine=frequency=880:sample_rate=44100:duration=13 -map 0 -map 1 -map 2 {H264} -c:a aac "
            + "-metadata:s:a:0 language=eng -metadata:s:a:0 title=Director -metadata:s:a:1 language=ger {0}",
        ["tracks-subtitles.mkv"] =
            $"{Video} {Sound} -f lavfi -i sine=frequency=880:sample_rate=44100:duration=13 -f srt -i "
            + $"data:text/plain;base64,{Subtitles} -map 0 -map 1 -map 2 -map 3 "
            + $"{H264} -bf 2 -c:a aac -c:s srt -metadata:s:a:0 language=eng -metadata:s:a:1 language=ger -metadata:s:s:0 language=eng "
            + "{0}",
        ["rotated.mp4"] = "-i {1} -c copy -metadata:s:v rotate=90 {0}",
        ["cut.mp4"] = "-ss 5.3 -i {1} -c copy {0}",
        ["hevc.mp4"] =
            $"{Video} {Sound} -c:v libx265 -preset ultrafast -x265-params log-level=error:keyint=60:pools=1 -tag:v hvc1 -c:a aac {{0}}",
        ["hevc-hev1.mp4"] =
            $"{Video} {Sound} -c:v libx265 -preset ultrafast -x265-params log-level=error:keyint=60:pools=1 -tag:v hev1 -c:a aac {{0}}",
        ["avc3.mp4"] = $"{Video} {Sound} {H264} -bf 2 -tag:v avc3 -c:a aac {{0}}",
        ["negative-offsets.mp4"] = $"{Video} {Sound} {H264} -bf 3 -c:a aac -movflags +faststart+negative_cts_offsets {{0}}",
        ["vp9-opus.mp4"] = $"{Video} {Sound} -c:v libvpx-vp9 -deadline realtime -cpu-used 8 -g 60 -threads 1 -c:a libopus {{0}}",
        ["av1-opus.mp4"] = $"{Video} {Sound} -c:v libsvtav1 -preset 12 -g 60 -svtav1-params lp=1 -c:a libopus {{0}}",
        ["flac.mp4"] = $"{Video} {Sound} {H264} -c:a flac -strict -2 {{0}}",
        ["ac3.mp4"] = $"{Video} {Sound} {H264} -c:a ac3 {{0}}",
        ["eac3.mp4"] = $"{Video} {Sound} {H264} -c:a eac3 {{0}}",
        ["mp3.mp4"] = $"{Video} {Sound} {H264} -c:a libmp3lame {{0}}",
        ["audio-only.m4a"] = $"{Sound} -c:a aac {{0}}",
        ["video-only.mp4"] = $"{Video} {H264} -bf 2 {{0}}",
        ["long-audio.mp4"] = $"-f lavfi -i testsrc2=size=192x108:rate=30:duration=4 {Sound} {H264} -c:a aac {{0}}",
        // Without passthrough, ffmpeg shows the first picture until then.
        ["late-video.mp4"] = $"-itsoffset 0.7 {Video} {Sound} {H264} -bf 2 -fps_mode passthrough -c:a aac {{0}}",
        ["late-audio.mp4"] = $"{Video} -itsoffset 0.7 {Sound} {H264} -bf 2 -c:a aac {{0}}",
        ["little-late-audio.mp4"] = $"{Video} -itsoffset 0.07 {Sound} {H264} -bf 2 -c:a aac {{0}}",
        ["variable-rate.mp4"] = $"{Video} {Sound} {H264} -vf select='not(mod(n\\,3))+lt(mod(n\\,7)\\,2)' -fps_mode vfr -c:a aac {{0}}",
        // A white flash and a beep at the same instants: every second, for 0.1 s.
        ["flash-beep.mp4"] =
            "-f lavfi -i color=black:size=192x108:rate=30:duration=9,drawbox=color=white:t=fill:enable=lt(mod(t\\,1)\\,0.1) "
            + $"-f lavfi -i aevalsrc=if(lt(mod(t\\,1)\\,0.1)\\,0.8*sin(2*PI*1000*t)\\,0):sample_rate=48000:duration=9 {H264} -bf 2 -c:a "
            + "aac {0}",
        ["minutes.mp4"] =
            "-f lavfi -i testsrc2=size=192x108:rate=10:duration=300 -f lavfi -i sine=frequency=440:sample_rate=48000:duration=300 "
            + "-c:v libx264 -preset ultrafast -pix_fmt yuv420p -g 20 -c:a aac {0}",
        // Three hours: a minute again and again, 324,000 pictures and half a million pieces of sound in 56 MB.
        ["minute.mp4"] =
            "-f lavfi -i testsrc2=size=64x36:rate=30:duration=60 -f lavfi -i sine=frequency=440:sample_rate=48000:duration=60 "
            + "-c:v libx264 -preset ultrafast -pix_fmt yuv420p -bf 2 -crf 40 -g 60 -threads 1 -c:a aac -b:a 24k {0}",
        ["three-hours.mp4"] = "-stream_loop 179 -i {2} -c copy {0}",
        // Quiet until its last segment, which is short.
        ["burst.mp4"] = $"{Video} -vf noise=alls=90:allf=t:enable=gte(t\\,12) {H264} -bf 2 {{0}}",
        ["frame-per-keyframe.mp4"] = $"{Video} {Sound} {H264} -g 1 -c:a aac {{0}}",
        ["second.mp4"] =
            $"-f lavfi -i testsrc2=size=64x36:rate=10:duration=1 -f lavfi -i sine=duration=1 {H264} -bf 2 -c:a aac -movflags "
            + "+faststart {0}",
        ["h264-aac.mkv"] = $"{Video} {Sound} {H264} -bf 2 -c:a aac {{0}}",
        ["vp9-opus.webm"] =
            "-f lavfi -i testsrc2=size=96x54:rate=15:duration=4 -f lavfi -i sine=frequency=440:sample_rate=48000:duration=4 -c:v "
            + "libvpx-vp9 -deadline realtime -cpu-used 8 -b:v 100k -c:a libopus {0}",
        // Two seconds in every container that is told apart at ingest.
        ["avi.avi"] = $"{Brief} {H264} -profile:v baseline -c:a libmp3lame {{0}}",
        ["raw.h264"] = $"{Brief} -an {H264} -profile:v baseline {{0}}",
        ["bframes.avi"] = $"{Brief} {H264} -bf 2 -c:a libmp3lame {{0}}",
        ["mpeg4.avi"] = $"{Brief} -c:v mpeg4 -bf 2 -c:a ac3 {{0}}",
        ["ts.ts"] = $"{Brief} {H264} -bf 2 -c:a aac {{0}}",
        ["hevc-ac3.ts"] = $"{Brief} {Hevc} -c:a ac3 {{0}}",
        ["mpeg2.mpg"] = $"{Brief} -c:v mpeg2video -bf 2 -c:a mp2 {{0}}",
        ["flv.flv"] = $"{Brief} {H264} -bf 2 -c:a aac {{0}}",
        ["asf.wmv"] = $"{Brief} -c:v wmv2 -c:a wmav2 {{0}}",
        ["theora.ogv"] = $"{Brief} -c:v libtheora -c:a libvorbis {{0}}",
        ["vp8-vorbis.webm"] = $"{Brief} -c:v libvpx -deadline realtime -cpu-used 8 -c:a libvorbis {{0}}",
        ["av1-opus.webm"] = $"{Brief} -c:v libsvtav1 -preset 12 -svtav1-params lp=1 -c:a libopus {{0}}",
        ["vp9-vorbis.mkv"] = $"{Brief} -c:v libvpx-vp9 -deadline realtime -cpu-used 8 -c:a libvorbis {{0}}",
        ["hevc-dts.mkv"] = $"{Brief} {Hevc} -c:a dca -strict -2 {{0}}",
        ["ten-bit.mkv"] = $"{Brief} -c:v libx264 -preset ultrafast -pix_fmt yuv420p10le -c:a flac {{0}}",
        ["prores.mov"] = $"{Brief} -c:v prores_ks -c:a pcm_s24le {{0}}",
        ["hev1.mp4"] = $"{Brief} {Hevc} -tag:v hev1 -c:a aac {{0}}",
        ["hev1-faststart.mp4"] = $"{Brief} {Hevc} -tag:v hev1 -c:a aac -movflags +faststart {{0}}",
        ["sound.mp3"] = $"{Brief} -vn -c:a libmp3lame {{0}}",
        ["sound.wav"] = $"{Brief} -vn -c:a pcm_s16le {{0}}",
        ["sound.ogg"] = $"{Brief} -vn -c:a libvorbis {{0}}",
        ["sound.flac"] = $"{Brief} -vn -c:a flac {{0}}",
        ["sound.wma"] = $"{Brief} -vn -c:a wmav2 {{0}}",
        ["alac.m4a"] = $"{Brief} -vn -c:a alac {{0}}",
        // Larger than what a browser takes at once, so that seeking asks for ranges.
        ["large.mp4"] =
            "-f lavfi -i testsrc2=size=640x360:rate=25:duration=60 -f lavfi -i sine=frequency=440:sample_rate=48000:duration=60 "
            + "-c:v libx264 -preset ultrafast -pix_fmt yuv420p -g 50 -b:v 6M -minrate 6M -maxrate 6M -bufsize 6M -x264-params "
            + "nal-hrd=cbr -c:a aac {0}",
        // Half a minute at the rates that films have.
        ["rate-800k.mp4"] = $"{Scenes} {Film} -b:v 800k {{0}}",
        ["rate-3m.mp4"] = $"{Scenes} {Film} -b:v 3M -g 60 {{0}}",
        ["rate-8m.mp4"] = $"{Scenes} {Film} -b:v 8M -g 60 {{0}}",
        ["rate-400k.mp4"] = $"{Scenes} {Film} -b:v 400k -g 60 {{0}}",
        ["rate-400k-minutes.mp4"] = "-stream_loop 9 -i {4} -c copy {0}",
        ["rate-3m-tracks.mp4"] = $"{Scenes} -map 0 -map 1 -map 1 -map 1 {Film} -b:v 3M -g 60 {{0}}",
        // Large enough to be encoded smaller. Keyframes lie where nobody would put them.
        ["ladder.mp4"] = $"{Ladder} {Sound} {H264} -bf 3 -force_key_frames 0.5,2.5,5,7.1,7.9,11.3 -c:a aac {{0}}",
        ["ladder-small.mp4"] = $"-f lavfi -i testsrc2=size=640x360:rate=30:duration=14 {Sound} {H264} -c:a aac {{0}}",
        ["ladder-rotated.mp4"] = "-i {3} -c copy -metadata:s:v rotate=90 {0}",
        // An edit list hides the pictures between the keyframe and the cut.
        ["ladder-cut.mp4"] = "-ss 1.7 -i {3} -c copy {0}",
        ["ladder-variable-rate.mp4"] =
            $"{Ladder} {Sound} {H264} -bf 2 -vf select='not(mod(n\\,3))+lt(mod(n\\,7)\\,2)' -fps_mode vfr -c:a aac {{0}}",
        ["ladder-late-video.mp4"] = $"-itsoffset 0.7 {Ladder} {Sound} {H264} -bf 2 -fps_mode passthrough -c:a aac {{0}}",
        ["ladder-video-only.mp4"] = $"{Ladder} {H264} -bf 0 {{0}}",
        ["ladder-long-audio.mp4"] = $"-f lavfi -i testsrc2=size=428x240:rate=30:duration=8 {Sound} {H264} -bf 2 -c:a aac {{0}}",
        ["ladder-hevc.mp4"] =
            $"{Ladder} {Sound} -c:v libx265 -preset ultrafast -x265-params log-level=error:keyint=60:open-gop=1:bframes=3:pools=1 "
            + "-tag:v hvc1 -c:a aac {0}",
        ["ladder-vp9.webm"] = $"{Ladder} {Sound} -c:v libvpx-vp9 -deadline realtime -cpu-used 8 -g 60 -threads 1 -c:a libopus {{0}}",
        // High dynamic range. The first has no colr box, for only the encoder was told; QuickTime's has one of its own kind, as phones
        // write it.
        ["hdr-pq.mp4"] =
            $"{Ladder} {Sound} -pix_fmt yuv420p10le {Hevc}:keyint=60:hdr10=1:colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc"
            + ":master-display=G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)L(10000000,1):max-cll=1000,400 -tag:v hvc1 -c:a "
            + "aac {0}",
        ["hdr-hlg.mov"] = $"{Ladder} {Sound} -pix_fmt yuv420p10le {Hlg} {Hevc}:keyint=60 -tag:v hvc1 -c:a aac {{0}}",
        ["hdr-hlg.mkv"] = $"{Ladder} {Sound} -pix_fmt yuv420p10le {Hlg} {Hevc}:keyint=60 -c:a ac3 {{0}}",
        ["hdr-av1.mp4"] =
            $"{Ladder} {Sound} -pix_fmt yuv420p10le {Pq} -c:v libsvtav1 -preset 12 -g 60 -svtav1-params lp=1 -c:a libopus {{0}}",
        ["hdr-vp9.webm"] =
            $"{Ladder} {Sound} -pix_fmt yuv420p10le {Hlg} -c:v libvpx-vp9 -deadline realtime -cpu-used 8 -g 60 -threads 1 -c:a "
            + "libopus {0}",
        ["hdr-vp9.mp4"] = $"{Ladder} -pix_fmt yuv420p10le {Pq} -c:v libvpx-vp9 -deadline realtime -cpu-used 8 -g 60 -threads 1 {{0}}",
        ["hdr-prores.mov"] =
            $"{Brief} -vf setparams=color_primaries=bt2020:color_trc=smpte2084:colorspace=bt2020nc -pix_fmt yuv422p10le -c:v "
            + "prores_ks -c:a pcm_s24le {0}",
        ["hdr-ten-bit.mkv"] = $"{Brief} -pix_fmt yuv420p10le {Hlg} -c:v libx264 -preset ultrafast -c:a flac {{0}}",
        // One colour, so that it can be looked at.
        ["hdr-rgb.mkv"] =
            "-f lavfi -i color=0xC81E3C:size=128x72:rate=25:duration=1,format=gbrp10le -color_primaries bt2020 -color_trc smpte2084 "
            + "-c:v ffv1 {0}",
        ["bt709.mp4"] = $"{Video} {H264} -color_primaries bt709 -color_trc bt709 -colorspace bt709 {{0}}",
        // What most films have beside their pictures, and what players of HLS and DASH do not take as it is.
        ["ac3-side.mkv"] = $"{Video} {Sound} {H264} -c:a ac3 -filter:a aformat=channel_layouts=5.1(side) {{0}}",
        ["mp3.mkv"] = $"{Video} {Sound} {H264} -c:a libmp3lame {{0}}",
        ["vorbis-7.1.mkv"] = $"{Video} {Sound} {H264} -c:a libvorbis -filter:a aformat=channel_layouts=7.1 {{0}}",
        ["aac-side.mp4"] = $"{Video} {Sound} {H264} -c:a aac -filter:a aformat=channel_layouts=5.1(side) {{0}}",
        ["sound-later.mp4"] =
            $"{Video} -itsoffset 1.5 -f lavfi -i sine=frequency=440:sample_rate=48000:duration=12.5 {H264} -c:a aac {{0}}",
        ["second-fragmented.mp4"] =
            $"-f lavfi -i testsrc2=size=64x36:rate=10:duration=1 -f lavfi -i sine=duration=1 {H264} -g 5 -c:a aac "
            + "-movflags frag_keyframe+empty_moov+default_base_moof {0}",
        ["fragmented.mp4"] = $"{Video} {Sound} {H264} -bf 2 -c:a aac -movflags frag_keyframe+empty_moov+default_base_moof {{0}}",
    };

    static readonly ConcurrentDictionary<string, Lazy<Task<string>>> Made = new();
    static readonly string Folder = MakeFolder();

    /// <summary>The path of the clip with this name; made on first use and shared, so never written to.</summary>
    public static Task<string> PathAsync(string name) => Made.GetOrAdd(name, key => new Lazy<Task<string>>(() => MakeAsync(key))).Value;

    /// <summary>A path in the clips' folder that nothing else uses; gone when the test run ends.</summary>
    public static string NewPath(string extension) => Path.Combine(Folder, $"{Guid.NewGuid():n}{extension}");

    /// <summary>
    /// One line per decoded frame of every video and audio track, or of the one named by <paramref name="select"/>:
    /// track, time, duration, size, checksum. Times are those of the file itself. What lies before 0 is left out:
    /// ffmpeg does not drop hidden audio priming of fragments.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="select">What to map; all video and audio otherwise.</param>
    /// <param name="wholeFrames">Whether frames that a file's edit list cuts in half are left whole:
    /// ffmpeg does not cut those of fragments.</param>
    public static async Task<string[]> FramesAsync(string path, string? select = null, bool wholeFrames = false) =>
        [
            .. (
                await FrameLinesAsync(
                    $"-copyts {(wholeFrames ? "-flags2 skip_manual " : "")}-i {path} -map {select ?? "0:v? -map 0:a?"} "
                        + "-fps_mode passthrough -enc_time_base -1 -f framemd5 -"
                )
            ).Where(line => !line.Split(',')[2].Contains('-')),
        ];

    /// <summary>The same with what lies before 0, in the order of the tracks and of time.</summary>
    public static Task<Frame[]> AllFramesAsync(string path, string? select = null, string options = "") =>
        ListAsync($"-copyts {options} -i {path} -map {select ?? "0:v? -map 0:a?"} -fps_mode passthrough -enc_time_base -1");

    /// <summary>One line per stored packet of every video and audio track: track, decode and presentation time, duration, size,
    /// checksum.</summary>
    public static Task<string[]> PacketsAsync(string path) => FrameLinesAsync($"-i {path} -map 0:v? -map 0:a? -c copy -f framemd5 -");

    /// <summary>The stored packets in the order in which they are decoded, with the file's own times.</summary>
    public static Task<Frame[]> AllPacketsAsync(string path, string? select = null, string options = "") =>
        ListAsync($"-copyts {options} -i {path} -map {select ?? "0:v? -map 0:a?"} -c copy");

    /// <summary>Whether the file has a stream of this kind and number, for example <c>a:1</c>.</summary>
    public static async Task<bool> HasAsync(string path, string stream) =>
        (await RunAsync("ffprobe", $"-v error -select_streams {stream} -show_entries stream=index -of csv=p=0 {path}")).Trim().Length > 0;

    /// <summary>The container's duration in seconds, as ffprobe tells it.</summary>
    public static async Task<double> DurationAsync(string path) =>
        double.Parse(await RunAsync("ffprobe", $"-v error -show_entries format=duration -of csv=p=0 {path}"), CultureInfo.InvariantCulture);

    /// <summary>What the program prints; fails the test with its error output where it exits with an error.</summary>
    /// <param name="program">Its name.</param>
    /// <param name="arguments">Its command line.</param>
    /// <param name="silent">Whether error output alone fails the test too.</param>
    public static async Task<string> RunAsync(string program, string arguments, bool silent = false)
    {
        using var process = Process.Start(
            new ProcessStartInfo(program, arguments)
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                RedirectStandardInput = true,
            }
        )!;
        process.StandardInput.Close();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        try
        {
            var error = process.StandardError.ReadToEndAsync(limit.Token);
            var output = await process.StandardOutput.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return process.ExitCode == 0 && !(silent && (await error).Length > 0)
                ? output
                : throw new InvalidOperationException($"{program} {arguments}: exit code {process.ExitCode}\n{await error}");
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }

    // "#tb 0: 1/15360" tells a track's ticks; the other lines are the frames.
    static async Task<Frame[]> ListAsync(string arguments)
    {
        const string timeBase = "#tb ";
        var timescales = new Dictionary<int, double>();
        var frames = new List<Frame>();
        foreach (
            var line in (await RunAsync("ffmpeg", $"-hide_banner -loglevel error {arguments} -f framemd5 -", silent: true)).Split(
                '\n',
                StringSplitOptions.RemoveEmptyEntries
            )
        )
        {
            if (line.StartsWith(timeBase, StringComparison.Ordinal))
            {
                var parts = line[timeBase.Length..]
                    .Split(':', '/')
                    .Select(part => long.Parse(part, CultureInfo.InvariantCulture))
                    .ToArray();
                timescales[(int)parts[0]] = (double)parts[2] / parts[1];
            }

            if (line[0] == '#')
                continue;
            var fields = line.Split(',', StringSplitOptions.TrimEntries);
            var numbers = fields[..5].Select(field => long.Parse(field, CultureInfo.InvariantCulture)).ToArray();
            frames.Add(
                new Frame((int)numbers[0], numbers[1], numbers[2], numbers[3], (int)numbers[4], fields[5], timescales[(int)numbers[0]])
            );
        }

        return [.. frames.OrderBy(frame => frame.Track)];
    }

    static async Task<string[]> FrameLinesAsync(string arguments)
    {
        var text = await RunAsync("ffmpeg", $"-hide_banner -loglevel error {arguments}");
        return [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line[0] != '#').Order(StringComparer.Ordinal)];
    }

    // The test host may be stopped before it can clean up, so each run removes what runs that are over have left.
    static string MakeFolder()
    {
        const string prefix = "tgvault-clips-";
        foreach (var left in Directory.EnumerateDirectories(Path.GetTempPath(), prefix + "*"))
        {
            var owner = Path.GetFileName(left)[prefix.Length..].Split('-')[0];
            if (!Directory.Exists($"/proc/{owner}"))
                Directory.Delete(left, recursive: true);
        }

        return Directory.CreateTempSubdirectory(FormattableString.Invariant($"{prefix}{Environment.ProcessId}-")).FullName;
    }

    static async Task<string> MakeAsync(string name)
    {
        var path = Path.Combine(Folder, name);
        var recipe = Recipes[name];
        var source = recipe.Contains("{1}", StringComparison.Ordinal) ? await PathAsync("h264-bframes.mp4") : "";
        var minute = recipe.Contains("{2}", StringComparison.Ordinal) ? await PathAsync("minute.mp4") : "";
        var ladder = recipe.Contains("{3}", StringComparison.Ordinal) ? await PathAsync("ladder.mp4") : "";
        var scenes = recipe.Contains("{4}", StringComparison.Ordinal) ? await PathAsync("rate-400k.mp4") : "";
        await RunAsync(
            "ffmpeg",
            "-hide_banner -loglevel error -y " + string.Format(CultureInfo.InvariantCulture, recipe, path, source, minute, ladder, scenes)
        );
        return path;
    }
}

/// <summary>A decoded frame or stored packet. Times and durations are in ticks, <paramref name="Timescale"/> of which are a
/// second.</summary>
/// <param name="Decoded">When a packet is decoded; of a frame, its time.</param>
/// <param name="Time">When it is shown.</param>
public sealed record Frame(int Track, long Decoded, long Time, long Duration, int SizeBytes, string Checksum, double Timescale)
{
    public double Seconds => Time / Timescale;

    public double EndSeconds => (Time + Duration) / Timescale;
}
