using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using TgVault.Core.Ingest.Decision;
using TgVault.Core.Mp4.Movie;
using TgVault.Core.Tests.Mp4;
using TgVault.Core.Videos;
using TgVault.Testing;

namespace TgVault.Core.Tests.Ingest.Rewriting;

/// <summary>
/// Pictures that begin behind the sound. Players of HLS begin with them, and leave out the sound before; Firefox reads the time before them
/// (an empty edit) in ticks of their track instead of the movie's, and ends the film so much earlier. So the first picture is shown from
/// the start, or, where they are hardly late, both count in the same ticks.
/// </summary>
public sealed class LatePictureTests
{
    const string Sound = "-f lavfi -i sine=frequency=440:sample_rate=48000:duration=3";

    [Theory(Timeout = 60_000)]
    [InlineData("25", "libx264 -bf 2 -c:a aac", ".mp4", 0.7, TrackAction.Copy)]
    [InlineData("24000/1001", "libx264 -bf 0 -c:a aac", ".mkv", 0.5, TrackAction.Copy)]
    [InlineData("30000/1001", "libx264 -bf 3 -c:a ac3", ".mkv", 0.8, TrackAction.Copy)]
    [InlineData("25", "libx264 -bf 2 -x264-params open-gop=1 -c:a aac", ".ts", 0.3, TrackAction.Copy)]
    [InlineData("25", "libvpx-vp9 -deadline realtime -c:a libopus", ".webm", 0.12, TrackAction.Copy)]
    [InlineData("25", "mpeg4 -c:a libmp3lame", ".mkv", 0.9, TrackAction.Transcode)]
    public async Task The_first_is_shown_from_the_start(string rate, string codecs, string extension, double late, TrackAction action)
    {
        var path = await MakeAsync(rate, codecs, extension, late);
        var media = MediaPlan.Treat(await Rewriter.ProbeAsync(path), MediaAction.Remux);
        var pictures = MediaPlan.MainVideo(media)!;
        Assert.Equal((action, true), (pictures.Treatment!.Action, pictures.Treatment.FillsStart));

        var (written, output) = await Rewriter.WriteAsync(path, media);

        Assert.Empty(written.Changes);
        Assert.All((await MovieAsync(output)).Tracks, track => Assert.Equal(0, track.Edits.Delay));
        var (before, after) = (await TimesAsync(path), await TimesAsync(output));
        // The others are shown when they were.
        var start = media.Tracks.Min(track => track.StartSeconds!.Value);
        Assert.InRange(before[0] - start, late, late + 0.05);
        Assert.InRange((await Rewriter.ProbeAsync(output)).Tracks[0].DurationSeconds!.Value, after[^1] + 0.01, after[^1] + 0.07);
        Assert.Equal([0, .. before[1..].Select(time => Math.Round(time - start, 2))], after.Select(time => Math.Round(time, 2)), AreClose);
    }

    [Fact(Timeout = 60_000)]
    public async Task What_only_the_written_file_tells_is_mended_then()
    {
        var path = await MakeAsync("25", "libx264 -bf 0 -c:a aac", ".mkv", 0.7);
        var probed = await Rewriter.ProbeAsync(path);
        // As of a broadcast, whose first pictures are not decoded by themselves.
        var early = probed with
        {
            Tracks = [.. probed.Tracks.Select(track => track with { StartSeconds = 0 })],
        };

        var (written, output) = await Rewriter.WriteAsync(path, MediaPlan.Treat(early, MediaAction.Remux));

        Assert.Equal(
            "The h264 video begins 0.74 s late, so that its first picture is shown from the start.",
            string.Join('|', written.Changes)
        );
        var treatment = written.Treated.Tracks[0].Treatment!;
        Assert.Equal("begins 0.74 s late, so that its first picture is shown from the start", treatment.Why);
        Assert.Equal(0, (await MovieAsync(output)).Tracks[0].Edits.Delay);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("60", "", 0.01)]
    [InlineData("30000/1001", "", 0.02)]
    // Without an edit list a fragmented MP4 begins with what its encoder held back.
    [InlineData("25", "-movflags frag_keyframe+empty_moov+default_base_moof", 0)]
    public async Task Where_they_are_hardly_late_the_movie_counts_in_their_ticks(string rate, string options, double late)
    {
        var path = await MakeAsync(rate, $"libx264 -bf 2 -c:a aac {options}", ".mp4", late);

        var (_, output) = await Rewriter.WriteAsync(path, await Rewriter.ProbeAsync(path));

        var bytes = await File.ReadAllBytesAsync(output);
        Assert.Equal(TimescaleOf("mvhd", bytes), TimescaleOf("mdhd", bytes));
        var started = (await Rewriter.ProbeAsync(path)).Tracks[0].StartSeconds!.Value;
        Assert.InRange(started, late + 0.001, TrackRules.LatestPicturesSeconds);
        Assert.Equal(started, (await Rewriter.ProbeAsync(output)).Tracks[0].StartSeconds!.Value, 0.001);
    }

    [Fact(Timeout = 60_000)]
    public async Task The_movie_counts_in_the_ticks_of_sound_that_is_a_little_late()
    {
        var path = await Rewriter.MakeAsync(
            $"-f lavfi -i testsrc2=size=64x36:rate=25:duration=3 -itsoffset 0.09 {Sound} -c:v libx264 -bf 2 -c:a aac",
            ".mp4"
        );
        Assert.NotNull(IndexTrial.UnevenStart(await MovieAsync(path)));

        var (_, output) = await Rewriter.WriteAsync(path, await Rewriter.ProbeAsync(path));

        Assert.Equal(48_000u, TimescaleOf("mvhd", await File.ReadAllBytesAsync(output)));
        Assert.Equal((await MovieAsync(path)).Tracks[1].Edits.Delay, (await MovieAsync(output)).Tracks[1].Edits.Delay, 100.0);
    }

    static Task<string> MakeAsync(string rate, string codecs, string extension, double late) =>
        Rewriter.MakeAsync(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{Sound} -itsoffset {late} -f lavfi -i testsrc2=size=64x36:rate={rate}:duration=3 -map 1 -map 0 "
                    + $"-fps_mode passthrough -c:v {codecs}"
            ),
            extension
        );

    // Of all pictures, in the order in which they are shown.
    static async Task<double[]> TimesAsync(string path) =>
        [
            .. (await Mp4Clips.RunAsync("ffprobe", $"-v error -select_streams v -show_entries packet=pts_time -of csv=p=0 {path}"))
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => double.Parse(line.Split(',')[0], CultureInfo.InvariantCulture))
                .Order(),
        ];

    static bool AreClose(double expected, double actual) => Math.Abs(expected - actual) < 0.015;

    static async Task<MovieBox> MovieAsync(string path)
    {
        using var source = new Source(path);
        return MovieBox.Read((await source.HeadAsync()).MoovPayload);
    }

    // In boxes of version 0, the first of which is that of the pictures.
    static uint TimescaleOf(string box, byte[] bytes) =>
        BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(bytes.AsSpan().IndexOf(Encoding.ASCII.GetBytes(box)) + 16));
}
