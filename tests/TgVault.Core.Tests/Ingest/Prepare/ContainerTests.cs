using System.Globalization;
using TgVault.Core.Ingest;
using TgVault.Core.Ingest.Decision;
using TgVault.Core.Mp4.Codecs;
using TgVault.Core.Settings;
using TgVault.Core.Tests.Mp4;
using TgVault.Core.Videos;
using TgVault.Testing;

namespace TgVault.Core.Tests.Ingest.Prepare;

/// <summary>One real file of every container that the ingest plan tells apart, from upload to what plays.</summary>
[Collection(AzuriteCollection.Name)]
public sealed class ContainerTests(AzuriteFixture azurite)
{
    const string Copied = "h264 hevc vp9 av1 aac opus flac";

    [Theory(Timeout = 120_000)]
    [InlineData("avi.avi", MediaAction.Remux, "(mp3 sound transcoded to AAC)")]
    [InlineData("bframes.avi", MediaAction.Remux, "h264 video transcoded to H.264")]
    [InlineData("raw.h264", MediaAction.Remux, "every stream copied")]
    [InlineData("mpeg4.avi", MediaAction.Remux, "mpeg4 video transcoded to H.264; ac3 sound transcoded to AAC")]
    [InlineData("ts.ts", MediaAction.Remux, "every stream copied")]
    [InlineData("hevc-ac3.ts", MediaAction.Remux, "HEVC tagged hvc1; ac3 sound transcoded to AAC")]
    [InlineData("mpeg2.mpg", MediaAction.Remux, "mpeg2video video transcoded to H.264; mp2 sound transcoded to AAC")]
    [InlineData("flv.flv", MediaAction.Remux, "every stream copied")]
    [InlineData("asf.wmv", MediaAction.Remux, "wmv2 video transcoded to H.264; wmav2 sound transcoded to AAC")]
    [InlineData("theora.ogv", MediaAction.Remux, "theora video transcoded to H.264; vorbis sound transcoded to AAC")]
    [InlineData("h264-aac.mkv", MediaAction.Remux, "every stream copied")]
    [InlineData("vp9-opus.webm", MediaAction.Remux, "every stream copied")]
    [InlineData("av1-opus.webm", MediaAction.Remux, "every stream copied")]
    [InlineData("vp9-vorbis.mkv", MediaAction.Remux, "vorbis sound transcoded to AAC")]
    [InlineData("hevc-dts.mkv", MediaAction.Remux, "HEVC tagged hvc1; dts sound transcoded to AAC")]
    [InlineData("ten-bit.mkv", MediaAction.Remux, "yuv420p10le h264 video transcoded to H.264")]
    [InlineData("prores.mov", MediaAction.Remux, "prores video transcoded to H.264; pcm_s24le sound transcoded to AAC")]
    [InlineData("mov.mov", MediaAction.Remux, "pcm_s16le sound transcoded to AAC")]
    [InlineData("fragmented.mp4", MediaAction.Remux, "fragmented MP4")]
    [InlineData("hev1.mp4", MediaAction.Relocate, "HEVC tagged hvc1")]
    [InlineData("hev1-faststart.mp4", MediaAction.Relocate, "HEVC tagged hvc1")]
    [InlineData("second.mp4", MediaAction.Take, "plays as it is")]
    [InlineData("alac.m4a", MediaAction.Remux, "alac sound transcoded to AAC")]
    [InlineData("sound.wma", MediaAction.Remux, "wmav2 sound transcoded to AAC")]
    public async Task What_is_stored_is_an_MP4_with_every_frame_and_in_codecs_that_browsers_play(
        string clip,
        MediaAction action,
        string reason
    )
    {
        var original = await Mp4Clips.PathAsync(clip);

        var (video, stored) = await IngestAsync(original, transcode: true);

        Assert.Equal(action, video.Inspection.Decision!.Action);
        Assert.Contains(reason, video.Inspection.Decision.Reason, StringComparison.Ordinal);
        Assert.StartsWith(
            video.Files.Prepared!.ContentType,
            "video/mp4 audio/mp4"[(MediaPlan.MainVideo(video.Files.Prepared.Media!) is null ? 10 : 0)..],
            StringComparison.Ordinal
        );
        foreach (var track in video.Files.Prepared.Media!.Tracks)
            Assert.Contains(track.Codec, Copied.Split(' '));
        if (video.Files.Prepared.Media.Tracks.Any(track => track.Codec == "hevc"))
            Assert.Equal("hvc1", await ShowAsync(stored, "v:0", "codec_tag_string"));
        var seconds = MediaPlan.MainVideo(video.Inspection.Media!) is { } picture
            ? await AssertSamePicturesAsync(original, stored, isCopied: picture.Treatment!.Action != TrackAction.Transcode)
            : await Mp4Clips.DurationAsync(original);

        // What HLS and DASH are made of.
        using var source = new Source(stored);
        var index = await source.IndexAsync();
        Assert.Equal(video.Files.Prepared.Media.Tracks.Length, index.Tracks.Length);
        Assert.Equal(seconds, index.DurationSeconds, 0.15);
    }

    [Theory(Timeout = 120_000)]
    [InlineData("vp8-vorbis.webm", "video/webm")]
    [InlineData("sound.mp3", "audio/mpeg")]
    [InlineData("sound.wav", "audio/wav")]
    [InlineData("sound.ogg", "audio/ogg")]
    [InlineData("sound.flac", "audio/flac")]
    public async Task What_browsers_play_beside_MP4_is_stored_byte_for_byte(string clip, string contentType)
    {
        var original = await Mp4Clips.PathAsync(clip);

        var (video, stored) = await IngestAsync(original, transcode: false);

        Assert.Equal(MediaAction.Take, video.Inspection.Decision!.Action);
        Assert.Equal(contentType, video.Files.Prepared!.ContentType);
        Assert.Equal(await File.ReadAllBytesAsync(original), await File.ReadAllBytesAsync(stored));
    }

    [Theory(Timeout = 120_000)]
    [InlineData("theora.ogv", "Its theora video is played by no browser")]
    [InlineData("ten-bit.mkv", "Its yuv420p10le h264 video is not 8 bit 4:2:0")]
    [InlineData("bframes.avi", "may be stored out of order")]
    [InlineData("prores.mov", "Its prores video is played by no browser")]
    public async Task What_no_browser_plays_is_kept_byte_for_byte_and_says_what_would_help(string clip, string what)
    {
        var original = await Mp4Clips.PathAsync(clip);

        var (video, stored) = await IngestAsync(original, transcode: false);

        Assert.Equal(MediaAction.KeepAsFile, video.Inspection.Decision!.Action);
        Assert.Contains(what, video.Inspection.Decision.Reason, StringComparison.Ordinal);
        Assert.Contains("TgVault__Ingest__TranscodeVideo=true", video.Inspection.Decision.Reason, StringComparison.Ordinal);
        Assert.Equal(await File.ReadAllBytesAsync(original), await File.ReadAllBytesAsync(stored));
    }

    [Theory(Timeout = 120_000)]
    [InlineData("hdr-prores.mov", "tv,bt2020nc,smpte2084,bt2020", 16)]
    [InlineData("hdr-ten-bit.mkv", "tv,bt2020nc,arib-std-b67,bt2020", 18)]
    public async Task What_is_transcoded_says_the_colours_that_its_values_stand_for(string clip, string colours, int transfer)
    {
        const string entries = "color_range,color_space,color_transfer,color_primaries";
        var original = await Mp4Clips.PathAsync(clip);
        Assert.Equal(colours, await ShowAsync(original, "v:0", entries));

        var (video, stored) = await IngestAsync(original, transcode: true);

        Assert.Contains("transcoded to H.264", video.Inspection.Decision!.Reason, StringComparison.Ordinal);
        Assert.Equal(colours, await ShowAsync(stored, "v:0", entries));
        using var source = new Source(stored);
        Assert.Equal(new VideoColour(9, transfer, 9), (await source.IndexAsync()).Tracks[0].Colour);
    }

    [Fact(Timeout = 120_000)]
    public async Task RGB_is_transcoded_by_the_matrix_that_is_told()
    {
        var (_, stored) = await IngestAsync(await Mp4Clips.PathAsync("hdr-rgb.mkv"), transcode: true);

        Assert.Equal("tv,bt709,smpte2084,bt2020", await ShowAsync(stored, "v:0", "color_range,color_space,color_transfer,color_primaries"));
        // How bright BT.709's matrix makes 0xC81E3C; BT.601's makes it 13 more.
        var line = await Mp4Clips.RunAsync(
            "ffprobe",
            $"-v error -f lavfi movie={stored},signalstats -read_intervals %+#1 -show_entries frame_tags=lavfi.signalstats.YAVG -of csv=p=0"
        );
        Assert.Equal(
            16 + (219 * ((0.2126 * 0xC8) + (0.7152 * 0x1E) + (0.0722 * 0x3C)) / 255),
            double.Parse(line.Trim(), CultureInfo.InvariantCulture),
            1.5
        );
    }

    async Task<(Video Video, string Stored)> IngestAsync(string path, bool transcode)
    {
        await using var bench = await IngestBench.OpenAsync(
            azurite,
            settings => settings with { Ingest = new IngestSettings { TranscodeVideo = transcode } }
        );
        var (id, arrived) = await bench.UploadAsync(Path.GetFileName(path), await File.ReadAllBytesAsync(path));
        Assert.Equal(StepResult.Done, (await bench.RunAsync(arrived)).Result);
        var stored = Mp4Clips.NewPath(Path.GetExtension(path));
        await File.WriteAllBytesAsync(stored, await bench.PlayAsync(id));
        return (await bench.ShowAsync(id), stored);
    }

    // Containers begin at times of their own (MPEG-TS at 1.4 s), so times are counted from the first picture.
    // Gives how long they are shown.
    static async Task<double> AssertSamePicturesAsync(string original, string stored, bool isCopied)
    {
        var expected = await Mp4Clips.AllFramesAsync(original, "0:v:0");
        var actual = await Mp4Clips.AllFramesAsync(stored, "0:v:0");

        Assert.Equal(expected.Length, actual.Length);
        if (isCopied)
            Assert.Equal(expected.Select(frame => frame.Checksum), actual.Select(frame => frame.Checksum));
        for (var i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i].Seconds - expected[0].Seconds, actual[i].Seconds - actual[0].Seconds, 0.002);
        return expected[^1].EndSeconds - expected[0].Seconds;
    }

    static async Task<string> ShowAsync(string path, string stream, string entry) =>
        (await Mp4Clips.RunAsync("ffprobe", $"-v error -select_streams {stream} -show_entries stream={entry} -of csv=p=0 {path}")).Trim();
}
