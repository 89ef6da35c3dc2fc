using System.Text;
using TgVault.Core.Ffmpeg;
using TgVault.Core.Ingest.Decision;
using TgVault.Core.Ingest.Rewriting;
using TgVault.Core.Settings;
using TgVault.Core.Tests.Mp4;
using TgVault.Core.Videos;
using TgVault.Testing;

namespace TgVault.Core.Tests.Ingest.Rewriting;

/// <summary>One track that cannot be written does not cost the film: it is left out, and named with ffmpeg's own words.</summary>
public sealed class RetreatTests
{
    const string TwoSounds = $"{Rewriter.Picture} {Rewriter.Tone} -f lavfi -i sine=d=2 -map 0 -map 1 -map 2 {Rewriter.H264}";

    [Theory(Timeout = 60_000)]
    // Apple's spatial audio, MPEG's, and nobody's.
    [InlineData("apac")]
    [InlineData("mha1")]
    [InlineData("zzzz")]
    public async Task Sound_that_nothing_knows_is_left_out(string letters)
    {
        var path = await Rewriter.MakeAsync($"{TwoSounds} -c:a aac", ".mp4");
        // The second sound's entry, and its settings, which nobody is to recognise.
        await PatchAsync(path, ("mp4a\0\0\0\0\0\0", letters), ("esds", "free"));

        var (written, _) = await Rewriter.WriteAsync(path);

        Assert.Equal(["h264", "aac"], written.Media.Tracks.Select(track => track.Codec));
        var left = Assert.Single(written.Treated.Tracks, track => track.Treatment!.Action == TrackAction.LeaveOut);
        Assert.Equal(letters, left.Tag);
        Assert.Empty(written.Changes);
    }

    [Fact(Timeout = 60_000)]
    public async Task Sound_that_no_decoder_takes_is_left_out_with_ffmpegs_words()
    {
        var path = await Rewriter.MakeAsync($"{TwoSounds} -c:a aac -c:a:1 alac", ".mp4");
        var media = await Rewriter.ProbeAsync(path);
        // Without its settings.
        await PatchAsync(path, ("alac", "free"));

        var (written, _) = await Rewriter.WriteAsync(path, media);

        Assert.Equal(["h264", "aac"], written.Media.Tracks.Select(track => track.Codec));
        Assert.StartsWith(
            "The alac sound was left out: Error while opening decoder",
            Assert.Single(written.Changes),
            StringComparison.Ordinal
        );
        Assert.StartsWith("could not be written: Error", written.Treated.Tracks[2].Treatment!.Why, StringComparison.Ordinal);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("ac3", ".mkv")]
    [InlineData("libvorbis", ".mkv")]
    [InlineData("dca -strict -2", ".mkv")]
    public async Task Sound_that_turns_out_to_be_rubbish_costs_no_pictures(string codec, string extension)
    {
        var path = await Rewriter.MakeAsync($"{TwoSounds} -c:a:0 aac -c:a:1 {codec} -bsf:a:1 noise=amount=1", extension);

        var (written, _) = await Rewriter.WriteAsync(path);

        Assert.Equal(["h264", "aac"], written.Media.Tracks.Take(2).Select(track => track.Codec));
        Assert.Equal(2, written.Media.Tracks[0].DurationSeconds!.Value, 0.1);
    }

    [Fact(Timeout = 60_000)]
    public async Task Where_nothing_is_left_ffmpegs_last_error_is_in_the_reason()
    {
        var path = await Rewriter.MakeAsync($"{Rewriter.Tone} -c:a alac", ".mp4");
        var media = await Rewriter.ProbeAsync(path);
        await PatchAsync(path, ("alac", "free"));

        var exception = await Assert.ThrowsAsync<FfmpegException>(() => Rewriter.WriteAsync(path, media));

        Assert.StartsWith("ffmpeg could not write a playable MP4 from this file: ", exception.Message, StringComparison.Ordinal);
        Assert.Contains("decoder for input stream #0:0", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("\n", exception.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task Sound_that_begins_behind_fifty_megabytes_of_pictures_is_waited_for()
    {
        // Noise, which nothing makes smaller: some 6 MB a second.
        var path = await Rewriter.MakeAsync(
            "-f rawvideo -video_size 640x360 -pixel_format gray -framerate 25 -t 12 -i /dev/urandom -itsoffset 11.5 "
                + "-f lavfi -i sine=d=0.5:r=48000 -c:v libx264 -preset ultrafast -qp 0 -pix_fmt yuv420p -c:a ac3",
            ".mkv"
        );
        Assert.InRange(new FileInfo(path).Length, 60 << 20, 200 << 20);

        var (written, _) = await Rewriter.WriteAsync(path);

        Assert.Equal(["h264", "aac"], written.Media.Tracks.Select(track => track.Codec));
        Assert.Empty(written.Changes);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("ac3", 1.5, ".mkv")]
    [InlineData("ac3", 0, ".ts")]
    [InlineData("libmp3lame", 0.7, ".mp4")]
    public async Task Sound_that_is_written_apart_stands_with_its_pictures(string codec, double late, string extension)
    {
        var path = await Rewriter.MakeAsync(
            FormattableString.Invariant($"{Rewriter.Picture} -itsoffset {late} {Rewriter.Tone} -map 0 -map 1 {Rewriter.H264} -c:a {codec}"),
            extension
        );
        var media = MediaPlan.Treat(await Rewriter.ProbeAsync(path), MediaAction.Remux);
        var output = Mp4Clips.NewPath(".mp4");

        await new Remux(new FfmpegTools(new FfmpegSettings())).RunWithSoundApartAsync(
            path,
            output,
            media.Tracks,
            RemuxBounds.Of(new FileInfo(path).Length, media),
            CancellationToken.None
        );

        var written = await Rewriter.ProbeAsync(output);
        Assert.Equal(["h264", "aac"], written.Tracks.Select(track => track.Codec));
        Assert.Equal(0, written.Tracks[1].StartSeconds!.Value - written.Tracks[0].StartSeconds!.Value, 0.04);
        var heard = await Rewriter.MeasureAsync(output, "a:0", "silencedetect=noise=-50dB:d=0.3", "silence_end: ");
        if (late > 0)
            Assert.Equal(late, heard[0], 0.06);
        else
            Assert.Empty(heard);
    }

    [Theory]
    [InlineData("[error] Decoder (codec ac4) not found for input stream #0:2", 2, null)]
    [InlineData("[fatal] Decoding requested, but no decoder found for: 0:3", 3, null)]
    [InlineData("[ist#0:4/ac4 @ 0x5] [error] Decoding requested, but no decoder found for: ac4", 4, null)]
    [InlineData("[error] Error initializing output stream 0:1 -- Error while opening encoder for output stream #0:1", null, 1)]
    [InlineData("[aost#0:2/aac @ 0x5] [error] Error initializing a simple filtergraph", null, 2)]
    [InlineData("[mp4 @ 0x5] [error] Could not find tag for codec dts in stream #1, codec not supported in container", null, 1)]
    [InlineData("[mp4 @ 0x5] [error] Application provided invalid, non monotonically increasing dts to muxer in stream 3: 5 >= 5", null, 3)]
    [InlineData("[error] Too many packets buffered for output stream 0:1.", null, 1)]
    [InlineData("[warning] Could not find codec parameters for stream 2 in input stream 0:2", null, null)]
    [InlineData("[error] Invalid data found when processing input", null, null)]
    public void The_track_is_known_from_what_any_ffmpeg_says(string said, int? input, int? output)
    {
        var complaints = new FfmpegComplaints($"[warning] Something before in stream #7\n{said}\n[warning] Something behind");

        Assert.Equal((input, output), complaints.FailedTrack ?? (null, null));
    }

    static async Task PatchAsync(string path, params (string From, string To)[] changes)
    {
        var bytes = await File.ReadAllBytesAsync(path);
        foreach (var (from, to) in changes)
        {
            var letters = Source.Bytes(from);
            var at = bytes.AsSpan().LastIndexOf(letters);
            Assert.True(at > 0);
            Encoding.Latin1.GetBytes(to).CopyTo(bytes, at);
        }

        await File.WriteAllBytesAsync(path, bytes);
    }
}
