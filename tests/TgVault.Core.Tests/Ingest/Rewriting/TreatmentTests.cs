using System.Globalization;
using TgVault.Core.Ffmpeg;
using TgVault.Core.Ffmpeg.Recoding;
using TgVault.Core.Ingest.Decision;
using TgVault.Core.Settings;
using TgVault.Core.Tests.Mp4;
using TgVault.Core.Videos;
using TgVault.Testing;

namespace TgVault.Core.Tests.Ingest.Rewriting;

/// <summary>What tracks need because of the others in the file, or because of how they are stored.</summary>
public sealed class TreatmentTests
{
    const string Still = "-f lavfi -i color=red:size=64x36:rate=1:duration=1";

    [Theory(Timeout = 60_000)]
    [InlineData("-c:v:0 mjpeg", ".mp4")]
    [InlineData("-c:v:0 png", ".mov")]
    [InlineData("-c:v:0 mjpeg", ".mkv")]
    [InlineData("-c:v:0 libx264", ".mp4")]
    public async Task A_still_before_the_film_is_not_the_film(string still, string extension)
    {
        var path = await Rewriter.MakeAsync(
            $"{Still} {Rewriter.Picture} {Rewriter.Tone} -map 0 -map 1 -map 2 {Rewriter.H264} {still} -c:a aac",
            extension
        );

        var media = await Rewriter.ProbeAsync(path);
        Assert.Equal(1, MediaPlan.MainVideo(media)!.Index);
        Assert.True(TrackRules.HasVideoInTheWay(media));
        var (written, _) = await Rewriter.WriteAsync(path);

        Assert.Equal(["h264", "aac"], written.Media.Tracks.Select(track => track.Codec));
        Assert.Equal(50, written.Media.Tracks[0].SampleCount);
    }

    [Theory(Timeout = 60_000)]
    [InlineData(".mp4", "-movflags +faststart")]
    [InlineData(".mov", "")]
    public async Task A_video_track_without_pictures_is_left_out(string extension, string options)
    {
        var film = await Rewriter.MakeAsync($"{Rewriter.Picture} {Rewriter.Tone} {Rewriter.H264} -c:a aac", ".mp4");
        var path = await Rewriter.MakeAsync($"-i {film} -map 0:v -map 0:v -map 0:a -c copy {options}", extension);
        var bytes = await File.ReadAllBytesAsync(path);
        // The first track's tables lose their entries, and its sizes their count.
        foreach (var (box, at) in new[] { ("stts", 8), ("stss", 8), ("stsc", 8), ("stsz", 12), ("stco", 8), ("ctts", 8) })
        {
            var letters = bytes.AsSpan().IndexOf(Source.Bytes(box));
            if (letters > 0)
                bytes.AsSpan(letters + at, 4).Clear();
        }

        await File.WriteAllBytesAsync(path, bytes);

        await AssertSecondVideoAsync(path);
    }

    [Fact(Timeout = 60_000)]
    public async Task Neither_does_one_in_Matroska_stay()
    {
        var film = await Rewriter.MakeAsync($"{Rewriter.Picture} {Rewriter.Tone} {Rewriter.H264} -c:a aac", ".mp4");

        await AssertSecondVideoAsync(
            await Rewriter.MakeAsync($"-i {film} -map 0:v -map 0:v -map 0:a -c copy -bsf:v:0 noise=drop=1", ".mkv")
        );
    }

    static async Task AssertSecondVideoAsync(string path)
    {
        var media = await Rewriter.ProbeAsync(path);
        Assert.Equal(1, MediaPlan.MainVideo(media)!.Index);
        Assert.NotEqual(MediaAction.Take, MediaPlan.Decide(media, Moov.First, new()).Action);
        var (written, _) = await Rewriter.WriteAsync(path);

        Assert.Equal(["h264", "aac"], written.Media.Tracks.Select(track => track.Codec));
        Assert.Equal(50, written.Media.Tracks[0].SampleCount);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_lone_still_with_sound_stays_its_picture()
    {
        var media = await Rewriter.ProbeAsync(await Rewriter.MakeAsync($"{Still} {Rewriter.Tone} {Rewriter.H264} -c:a aac", ".mp4"));

        Assert.Equal(0, MediaPlan.MainVideo(media)!.Index);
        Assert.False(TrackRules.HasVideoInTheWay(media));
    }

    [Theory(Timeout = 60_000)]
    [InlineData("aac", 1.5, ".mp4")]
    [InlineData("aac", 0.4, ".mp4")]
    [InlineData("aac", 1.2, ".ts")]
    [InlineData("ac3", 1.7, ".mkv")]
    [InlineData("libopus", 1.3, ".webm -c:v libvpx-vp9 -deadline realtime -cpu-used 8")]
    [InlineData("aac", 1.5, ".mp4 -movflags frag_keyframe+delay_moov+default_base_moof")]
    public async Task Silence_is_put_before_sound_that_begins_late(string codec, double late, string container)
    {
        var extension = container.Split(' ')[0];
        var path = await Rewriter.MakeAsync(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{Rewriter.Picture} -itsoffset {late} {Rewriter.Tone} -map 0 -map 1 {Rewriter.H264} "
                    + $"-c:a {codec} {container[extension.Length..]}"
            ),
            extension
        );

        var (written, output) = await Rewriter.WriteAsync(path);

        var sound = written.Media.Tracks[1];
        Assert.Equal("aac", sound.Codec);
        Assert.Equal(written.Media.Tracks[0].StartSeconds!.Value, sound.StartSeconds!.Value, 0.04);
        Assert.Equal(late, (await Rewriter.MeasureAsync(output, "a:0", "silencedetect=noise=-50dB:d=0.3", "silence_end: "))[0], 0.1);
        using var stored = new Source(output);
        var index = await stored.IndexAsync();
        Assert.Equal(late + 2, index.DurationSeconds, 0.15);
        Assert.All(index.Tracks, track => Assert.InRange((track.Start - track.Origin) / (double)track.Timescale, -0.1, 0.1));
    }

    [Theory(Timeout = 60_000)]
    [InlineData("-c:a aac", ".mp4")]
    [InlineData("-c:a ac3", ".mkv")]
    [InlineData("-c:a libopus", ".mkv")]
    [InlineData("-c:a mp2", ".ts")]
    [InlineData("-c:a aac", ".mp4 -movflags frag_keyframe+delay_moov+default_base_moof")]
    public async Task Silence_is_put_after_sound_that_ends_early(string codec, string container)
    {
        var extension = container.Split(' ')[0];
        const string picture = "-f lavfi -i testsrc2=size=128x72:rate=25:duration=5";
        var path = await Rewriter.MakeAsync(
            $"{picture} {Rewriter.Tone} -map 0 -map 1 {Rewriter.H264} {codec} {container[extension.Length..]}",
            extension
        );

        var (written, output) = await Rewriter.WriteAsync(path);

        var sound = written.Media.Tracks[1];
        Assert.Equal("aac", sound.Codec);
        Assert.Equal(5, sound.DurationSeconds!.Value, 0.1);
        Assert.Equal(2, (await Rewriter.MeasureAsync(output, "a:0", "silencedetect=noise=-50dB:d=0.3", "silence_start: "))[^1], 0.15);
        Assert.Contains("ends 3 s before the pictures", Assert.Single(written.Changes), StringComparison.Ordinal);
        using var stored = new Source(output);
        Assert.Null(IndexTrial.EarlySound(await stored.IndexAsync()));
    }

    [Fact(Timeout = 60_000)]
    public async Task Pictures_that_are_promised_and_not_there_ask_for_no_silence()
    {
        var path = await Rewriter.MakeAsync($"{Rewriter.Picture} {Rewriter.Tone} -map 0 -map 1 {Rewriter.H264} -c:a aac", ".mp4");
        var media = await Rewriter.ProbeAsync(path);
        var (pictures, sound) = (media.Tracks[0], media.Tracks[1]);

        var (written, _) = await Rewriter.WriteAsync(path, media with { Tracks = [pictures with { DurationSeconds = 60 }, sound] });

        Assert.Equal(TrackAction.Copy, written.Treated.Tracks[1].Treatment!.Action);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_gap_in_transcoded_sound_stays_as_long_as_it_is()
    {
        var path = await Rewriter.MakeAsync(
            $"{Rewriter.Picture} {Rewriter.Tone} -map 0 -map 1 {Rewriter.H264} -c:a ac3 -bsf:a noise=drop=between(n\\,16\\,44)",
            ".mkv"
        );

        var (_, output) = await Rewriter.WriteAsync(path);

        Assert.Equal(1.4, (await Rewriter.MeasureAsync(output, "a:0", "silencedetect=noise=-50dB:d=0.3", "silence_end: "))[0], 0.1);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("-c:v mpeg2video -qscale 3 -flags +ildct+ilme", ".ts", true)]
    [InlineData("-c:v prores_ks -flags +ildct -pix_fmt yuv422p10le", ".mov", true)]
    [InlineData("-c:v libx264 -preset ultrafast -pix_fmt yuv422p -x264-params tff=1", ".mkv", true)]
    [InlineData("-c:v utvideo -pix_fmt yuv422p -flags +ildct", ".mov", true)]
    [InlineData("-c:v ffv1 -pix_fmt yuv420p -flags +ildct", ".mkv", true)]
    [InlineData("-c:v mpeg2video -qscale 3", ".mpg", false)]
    public async Task Fields_become_whole_pictures_where_pictures_are_transcoded(string codec, string extension, bool fields)
    {
        var path = await Rewriter.MakeAsync(
            $"-f lavfi -i testsrc2=size=320x180:rate=50:duration=1 "
                + $"-vf format=yuv422p,{(fields ? "interlace=lowpass=off" : "null")} {codec}",
            extension
        );

        var (written, output) = await Rewriter.WriteAsync(path);

        var media = await Rewriter.ProbeAsync(path);
        Assert.Equal(fields, media.Tracks[0].FieldOrder is not null);
        Assert.True(written.Treated.Tracks[0].Treatment!.Deinterlaces);
        Assert.Equal("h264", written.Media.Tracks[0].Codec);
        // As many pictures, at the same times.
        var before = await Mp4Clips.AllFramesAsync(path, "0:v:0");
        var after = await Mp4Clips.AllFramesAsync(output, "0:v:0");
        Assert.Equal(before.Length, after.Length);
        for (var i = 0; i < before.Length; i++)
            Assert.Equal(before[i].Seconds - before[0].Seconds, after[i].Seconds - after[0].Seconds, 0.002);
        if (!fields)
            return;
        // Of 25 pictures.
        Assert.InRange(await WovenAsync(path), 20, 25);
        Assert.InRange(await WovenAsync(output), 0, 5);
    }

    [Fact(Timeout = 60_000)]
    public async Task Fields_become_whole_pictures_in_smaller_sizes_too()
    {
        var path = await Rewriter.MakeAsync(
            "-f lavfi -i testsrc2=size=640x360:rate=50:duration=1 -vf format=yuv420p,interlace=lowpass=off "
                + "-c:v libx264 -preset ultrafast -threads 1 -x264-params tff=1",
            ".mp4"
        );
        var video = (await Rewriter.ProbeAsync(path)).Tracks[0];
        var output = Mp4Clips.NewPath(".mp4");

        await new RenditionEncoder(new FfmpegTools(new FfmpegSettings())).RunAsync(
            path,
            output,
            video,
            12800,
            [0],
            180,
            hidesPictures: false,
            tones: null,
            CancellationToken.None
        );

        var made = await Mp4Clips.AllFramesAsync(output, "0:v:0");
        Assert.Equal(25, made.Length);
        Assert.InRange(await WovenAsync(output), 0, 5);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("-c:v libvpx-vp9 -deadline realtime -cpu-used 8 -pix_fmt yuva420p", ".webm", MediaAction.Take, "transparency")]
    [InlineData("-c:v libvpx -deadline realtime -auto-alt-ref 0 -pix_fmt yuva420p", ".webm", MediaAction.Take, "transparency")]
    [InlineData("-c:v libvpx-vp9 -deadline realtime -cpu-used 8 -pix_fmt yuva420p", ".mkv", MediaAction.Take, "transparency")]
    [InlineData("-c:v prores_ks -pix_fmt yuva444p10le", ".mov", MediaAction.Remux, "its transparency lost")]
    [InlineData("-c:v qtrle -pix_fmt argb", ".mov", MediaAction.Remux, "its transparency lost")]
    [InlineData("-c:v libvpx-vp9 -deadline realtime -cpu-used 8", ".webm", MediaAction.Remux, "every stream copied")]
    public async Task Transparency_stays_or_its_loss_is_told(string codec, string extension, MediaAction action, string reason)
    {
        var media = await Rewriter.ProbeAsync(
            await Rewriter.MakeAsync($"-f lavfi -i testsrc2=size=64x36:rate=10:duration=0.5 {codec}", extension)
        );

        var decision = MediaPlan.Decide(media, Moov.Last, new() { TranscodeVideo = true });

        Assert.Equal(action, decision.Action);
        Assert.Contains(reason, decision.Reason, StringComparison.Ordinal);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("zh-Hant", "zho")]
    [InlineData("de-AT", "deu")]
    public async Task A_language_that_only_its_tag_tells_is_kept(string tag, string expected)
    {
        var path = await Rewriter.MakeAsync($"{Rewriter.Picture} {Rewriter.Tone} {Rewriter.H264} -c:a ac3", ".mp4");
        var media = await Rewriter.ProbeAsync(path);

        // As UploadEvidence completes it from elng.
        media = media with
        {
            Tracks = [media.Tracks[0], media.Tracks[1] with { Language = tag }],
        };
        var (written, _) = await Rewriter.WriteAsync(path, media);

        Assert.Equal(expected, written.Media.Tracks[1].Language);
    }

    /// <summary>How many pictures consist of two moments, the upper lines' first.</summary>
    static async Task<double> WovenAsync(string path) =>
        (await Rewriter.MeasureAsync(path, "v:0", "idet", "Single frame detection: TFF:")).Single();
}
