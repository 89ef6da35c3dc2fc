using TgVault.Core.Ffmpeg;

namespace TgVault.Core.Tests.Ffmpeg;

public sealed class MediaPlanTests
{
    const string Mp4 = "mov,mp4,m4a,3gp,3g2,mj2";
    const string Matroska = "matroska,webm";

    [Theory]
    [InlineData(Mp4, "h264", "avc1", "aac", true, false, MediaAction.Take)]
    [InlineData(Mp4, "h264", "avc1", "aac", false, false, MediaAction.Relocate)]
    [InlineData(Mp4, "h264", "avc1", "aac", true, true, MediaAction.Remux)]
    [InlineData(Mp4, "h264", "avc1", "ac3", true, false, MediaAction.Remux)]
    [InlineData(Mp4, "h264", "avc1", "pcm_s16le", false, false, MediaAction.Remux)]
    [InlineData(Mp4, "hevc", "hvc1", "aac", true, false, MediaAction.Take)]
    [InlineData(Mp4, "hevc", "hev1", "aac", true, false, MediaAction.Remux)]
    [InlineData(Mp4, "av1", "av01", "opus", false, false, MediaAction.Relocate)]
    [InlineData(Mp4, "mpeg4", "mp4v", "aac", true, false, MediaAction.KeepAsFile)]
    [InlineData(Matroska, "h264", "", "aac", false, false, MediaAction.Remux)]
    [InlineData(Matroska, "vp9", "", "opus", false, false, MediaAction.Remux)]
    [InlineData(Matroska, "vp8", "", "vorbis", false, false, MediaAction.Take)]
    [InlineData("mpegts", "mpeg2video", "", "mp2", false, false, MediaAction.KeepAsFile)]
    [InlineData("avi", "h264", "H264", "mp3", false, false, MediaAction.Remux)]
    public void Each_container_and_codec_has_its_action(string container, string video, string tag, string audio, bool moovFirst, bool fragmented, MediaAction expected)
    {
        var media = Media(container, Video(video, tag), Audio(audio));

        var decision = MediaPlan.Decide(media, container == Mp4 ? new Mp4Facts(moovFirst, fragmented, Relocatable: true) : null, new IngestSettings());

        Assert.Equal(expected, decision.Action);
        Assert.NotEmpty(decision.Reason);
    }

    [Fact]
    public void Ten_bit_H264_is_kept_unless_transcoding_is_allowed()
    {
        var media = Media(Mp4, Video("h264", "avc1") with { PixelFormat = "yuv420p10le" }, Audio("aac"));
        var facts = new Mp4Facts(MoovFirst: true, Fragmented: false, Relocatable: true);

        Assert.Equal(MediaAction.KeepAsFile, MediaPlan.Decide(media, facts, new IngestSettings()).Action);
        Assert.Equal(MediaAction.Remux, MediaPlan.Decide(media, facts, new IngestSettings { TranscodeVideo = true }).Action);
    }

    [Theory]
    [InlineData("mp3", "mp3", MediaAction.Take, "audio/mpeg")]
    [InlineData("flac", "flac", MediaAction.Take, "audio/flac")]
    [InlineData(Mp4, "aac", MediaAction.Take, "audio/mp4")]
    [InlineData(Mp4, "alac", MediaAction.Remux, "audio/mp4")]
    [InlineData("asf", "wmav2", MediaAction.Remux, "application/octet-stream")]
    public void Sound_alone_is_media_too(string container, string codec, MediaAction expected, string contentType)
    {
        var media = Media(container, Audio(codec));

        Assert.Equal(expected, MediaPlan.Decide(media, container == Mp4 ? new Mp4Facts(true, false, true) : null, new IngestSettings()).Action);
        Assert.Equal(contentType, MediaPlan.ContentType(media));
    }

    [Fact]
    public void A_cover_is_not_the_video()
    {
        var media = Media("mp3", Video("mjpeg", "") with { AttachedPicture = true }, Audio("mp3"));

        Assert.Equal(MediaAction.Take, MediaPlan.Decide(media, null, new IngestSettings()).Action);
        Assert.Equal("audio/mpeg", MediaPlan.ContentType(media));
    }

    static MediaSummary Media(string container, params MediaTrack[] tracks) => new() { Container = container, DurationSeconds = 10, Tracks = [.. tracks] };

    static MediaTrack Video(string codec, string tag) => new() { Index = 0, Kind = MediaTrackKind.Video, Codec = codec, Tag = tag, PixelFormat = "yuv420p", Width = 320, Height = 180 };

    static MediaTrack Audio(string codec) => new() { Index = 1, Kind = MediaTrackKind.Audio, Codec = codec, Channels = 2 };
}
