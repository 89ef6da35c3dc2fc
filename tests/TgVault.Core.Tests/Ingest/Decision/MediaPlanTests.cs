using TgVault.Core.Ingest.Decision;
using TgVault.Core.Settings;
using TgVault.Core.Videos;

namespace TgVault.Core.Tests.Ingest.Decision;

public sealed class MediaPlanTests
{
    const string Mp4 = MediaTable.Mp4;
    const string Matroska = MediaTable.Matroska;
    const string First = nameof(Moov.First);
    const string Last = nameof(Moov.Last);
    const string InFragments = nameof(Moov.InFragments);
    const string Unread = nameof(Moov.Unread);

    // Container, video (codec, or codec/tag, codec:pixels, codec@profile, codec+ with transparency), sound (codec, or codec=what is
    // special), subtitles, where moov is; what is done, with or without leave to transcode video, and a part of the reason.
    public static TheoryData<string, string, string, string, string, MediaAction, MediaAction, string> Cases =>
        new()
        {
            // MP4 and MOV
            { Mp4, "h264", "aac", "", First, MediaAction.Take, MediaAction.Take, "MP4 with h264 and aac, moov first" },
            { Mp4, "h264", "aac", "", Last, MediaAction.Relocate, MediaAction.Relocate, "moov moves to the front" },
            {
                Mp4,
                "h264",
                "aac",
                "",
                InFragments,
                MediaAction.Remux,
                MediaAction.Remux,
                "fragmented MP4 to one with moov first (every stream copied)"
            },
            { Mp4, "h264", "aac", "", Unread, MediaAction.Remux, MediaAction.Remux, "Remuxed from an MP4" },
            { Mp4, "h264", "", "", First, MediaAction.Take, MediaAction.Take, "MP4 with h264, moov first" },
            { Mp4, "h264", "mp3", "", First, MediaAction.Remux, MediaAction.Remux, "mp3 sound transcoded to AAC" },
            { Mp4, "", "mp3", "", First, MediaAction.Remux, MediaAction.Remux, "mp3 sound transcoded to AAC" },
            { Mp4, "h264", "aac=pce", "", First, MediaAction.Remux, MediaAction.Remux, "aac sound transcoded to AAC" },
            { Mp4, "h264", "aac=late", "", Last, MediaAction.Remux, MediaAction.Remux, "aac sound transcoded to AAC, with silence before" },
            { Mp4, "h264", "ac3=late", "", Last, MediaAction.Remux, MediaAction.Remux, "ac3 sound transcoded to AAC, with silence before" },
            { Mp4, "h264", "aac =apac", "", First, MediaAction.Remux, MediaAction.Remux, "apac sound left out, since it is of a kind" },
            { Mp4, "h264", "flac", "", Last, MediaAction.Relocate, MediaAction.Relocate, "flac" },
            { Mp4, "h264", "opus", "", First, MediaAction.Take, MediaAction.Take, "opus" },
            { Mp4, "h264", "aac ac3", "", First, MediaAction.Remux, MediaAction.Remux, "ac3 sound transcoded to AAC" },
            { Mp4, "h264", "eac3", "", Last, MediaAction.Remux, MediaAction.Remux, "eac3 sound transcoded to AAC" },
            { Mp4, "h264", "dts", "", First, MediaAction.Remux, MediaAction.Remux, "dts sound transcoded to AAC" },
            { Mp4, "h264", "vorbis", "", First, MediaAction.Remux, MediaAction.Remux, "vorbis sound transcoded to AAC" },
            { Mp4, "h264", "alac", "", First, MediaAction.Remux, MediaAction.Remux, "alac sound transcoded to AAC" },
            { Mp4, "h264", "pcm_s16le", "", Last, MediaAction.Remux, MediaAction.Remux, "pcm_s16le sound transcoded to AAC" },
            { Mp4, "h264:yuv420p10le", "aac", "", First, MediaAction.KeepAsFile, MediaAction.Remux, "yuv420p10le h264" },
            { Mp4, "h264:yuv422p", "aac", "", First, MediaAction.KeepAsFile, MediaAction.Remux, "yuv422p h264" },
            { Mp4, "h264:yuvj420p", "aac", "", First, MediaAction.Take, MediaAction.Take, "plays as it is" },
            { Mp4, "hevc/hvc1", "aac", "", First, MediaAction.Take, MediaAction.Take, "hevc" },
            { Mp4, "hevc/hvc1", "aac", "", Last, MediaAction.Relocate, MediaAction.Relocate, "hevc" },
            { Mp4, "hevc/hev1", "aac", "", First, MediaAction.Relocate, MediaAction.Relocate, "HEVC tagged hvc1 in moov" },
            { Mp4, "hevc/hev1", "aac", "", Last, MediaAction.Relocate, MediaAction.Relocate, "moov moves to the front (HEVC tagged hvc1)" },
            { Mp4, "hevc/hev1", "ac3", "", First, MediaAction.Remux, MediaAction.Remux, "HEVC tagged hvc1; ac3 sound transcoded to AAC" },
            { Mp4, "hevc/hev1", "aac", "", Unread, MediaAction.Remux, MediaAction.Remux, "HEVC tagged hvc1" },
            { Mp4, "vp9", "opus", "", First, MediaAction.Take, MediaAction.Take, "vp9 and opus" },
            { Mp4, "av1", "opus", "", Last, MediaAction.Relocate, MediaAction.Relocate, "av1 and opus" },
            { Mp4, "/drmi", "aac", "", First, MediaAction.KeepAsFile, MediaAction.KeepAsFile, "Its video is 'drmi', which no decoder" },
            { Mp4, "", "=apac", "", First, MediaAction.KeepAsFile, MediaAction.KeepAsFile, "Its sound is 'apac', which no decoder" },
            { Mp4, "mpeg4", "aac", "", First, MediaAction.KeepAsFile, MediaAction.Remux, "mpeg4 video" },
            { Mp4, "prores", "pcm_s24le", "", Last, MediaAction.KeepAsFile, MediaAction.Remux, "prores video" },
            { Mp4, "mjpeg", "pcm_u8", "", Last, MediaAction.KeepAsFile, MediaAction.Remux, "mjpeg video" },
            { Mp4, "", "aac", "", First, MediaAction.Take, MediaAction.Take, "Sound only (aac in MP4), moov first" },
            { Mp4, "", "aac", "", Last, MediaAction.Relocate, MediaAction.Relocate, "Sound only (aac in MP4), moov at the end" },
            { Mp4, "", "alac", "", First, MediaAction.Remux, MediaAction.Remux, "alac sound transcoded to AAC" },
            { Mp4, "", "aac", "", InFragments, MediaAction.Remux, MediaAction.Remux, "Sound only (aac in an MP4): written to MP4" },
            // Matroska and WebM
            {
                Matroska,
                "h264",
                "aac",
                "subrip",
                Unread,
                MediaAction.Remux,
                MediaAction.Remux,
                "Remuxed from matroska to MP4 with moov first (every stream copied)"
            },
            {
                Matroska,
                "h264",
                "aac",
                "hdmv_pgs_subtitle",
                Unread,
                MediaAction.Remux,
                MediaAction.Remux,
                "hdmv_pgs_subtitle subtitles, which are pictures, left out"
            },
            { Matroska, "h264", "dts aac", "", Unread, MediaAction.Remux, MediaAction.Remux, "dts sound transcoded to AAC" },
            { Matroska, "h264", "truehd", "", Unread, MediaAction.Remux, MediaAction.Remux, "truehd sound transcoded to AAC" },
            { Matroska, "h264:yuv420p10le", "flac", "", Unread, MediaAction.KeepAsFile, MediaAction.Remux, "yuv420p10le h264" },
            {
                Matroska,
                "hevc",
                "eac3",
                "",
                Unread,
                MediaAction.Remux,
                MediaAction.Remux,
                "HEVC tagged hvc1; eac3 sound transcoded to AAC"
            },
            { Matroska, "vp9", "opus", "", Unread, MediaAction.Remux, MediaAction.Remux, "every stream copied" },
            { Matroska, "vp9", "vorbis", "", Unread, MediaAction.Remux, MediaAction.Remux, "vorbis sound transcoded to AAC" },
            { Matroska, "av1", "opus", "", Unread, MediaAction.Remux, MediaAction.Remux, "every stream copied" },
            { Matroska, "vp8", "vorbis", "", Unread, MediaAction.Take, MediaAction.Take, "WebM with vp8 and vorbis" },
            { Matroska, "vp8", "opus", "", Unread, MediaAction.Take, MediaAction.Take, "WebM with vp8 and opus" },
            { Matroska, "vp8", "", "", Unread, MediaAction.Take, MediaAction.Take, "WebM with vp8" },
            { Matroska, "vp8+", "opus", "", Unread, MediaAction.Take, MediaAction.Take, "vp8 and opus and transparency" },
            { Matroska, "vp9+", "vorbis", "", Unread, MediaAction.Take, MediaAction.Take, "vp9 and vorbis and transparency" },
            { Matroska, "vp9+", "", "", Unread, MediaAction.Take, MediaAction.Take, "vp9 and transparency" },
            { Matroska, "vp9+", "aac", "", Unread, MediaAction.Remux, MediaAction.Remux, "(transparency of the vp9 video lost)" },
            { Mp4, "prores:yuva444p10le", "aac", "", Last, MediaAction.KeepAsFile, MediaAction.Remux, "prores video" },
            { Matroska, "vp8", "aac", "", Unread, MediaAction.KeepAsFile, MediaAction.Remux, "vp8 video" },
            { Matroska, "", "opus", "", Unread, MediaAction.Remux, MediaAction.Remux, "Sound only (opus in matroska)" },
            // Others with pictures
            {
                "avi",
                "h264@Constrained Baseline",
                "mp3",
                "",
                Unread,
                MediaAction.Remux,
                MediaAction.Remux,
                "Remuxed from avi to MP4 with moov first (mp3 sound transcoded to AAC)"
            },
            { "avi", "h264@High", "mp3", "", Unread, MediaAction.KeepAsFile, MediaAction.Remux, "may be stored out of order" },
            { "avi", "hevc", "mp3", "", Unread, MediaAction.KeepAsFile, MediaAction.Remux, "may be stored out of order" },
            { "avi", "mpeg4", "mp3", "", Unread, MediaAction.KeepAsFile, MediaAction.Remux, "mpeg4 video" },
            { "avi", "msmpeg4v3", "ac3", "", Unread, MediaAction.KeepAsFile, MediaAction.Remux, "msmpeg4v3 video" },
            { "mpegts", "h264", "aac", "", Unread, MediaAction.Remux, MediaAction.Remux, "Remuxed from mpegts" },
            {
                "mpegts",
                "hevc",
                "ac3",
                "dvb_subtitle",
                Unread,
                MediaAction.Remux,
                MediaAction.Remux,
                "HEVC tagged hvc1; ac3 sound transcoded to AAC; dvb_subtitle"
            },
            { "mpegts", "mpeg2video", "mp2", "", Unread, MediaAction.KeepAsFile, MediaAction.Remux, "mpeg2video video" },
            { "mpeg", "mpeg1video", "mp2", "", Unread, MediaAction.KeepAsFile, MediaAction.Remux, "mpeg1video video" },
            { "flv", "h264", "aac", "", Unread, MediaAction.Remux, MediaAction.Remux, "Remuxed from flv" },
            { "flv", "flv1", "mp3", "", Unread, MediaAction.KeepAsFile, MediaAction.Remux, "flv1 video" },
            { "asf", "wmv3", "wmav2", "", Unread, MediaAction.KeepAsFile, MediaAction.Remux, "wmv3 video" },
            { "ogg", "theora", "vorbis", "", Unread, MediaAction.KeepAsFile, MediaAction.Remux, "theora video" },
            { "mxf", "mpeg2video", "pcm_s24le", "", Unread, MediaAction.KeepAsFile, MediaAction.Remux, "mpeg2video video" },
            { "h264", "h264@Baseline", "", "", Unread, MediaAction.Remux, MediaAction.Remux, "Remuxed from h264" },
            { "hevc", "hevc", "", "", Unread, MediaAction.KeepAsFile, MediaAction.Remux, "may be stored out of order" },
            { "ivf", "vp9", "", "", Unread, MediaAction.Remux, MediaAction.Remux, "Remuxed from ivf" },
            { "gif", "gif", "", "", Unread, MediaAction.KeepAsFile, MediaAction.KeepAsFile, "picture" },
            { "png_pipe", "png", "", "", Unread, MediaAction.KeepAsFile, MediaAction.KeepAsFile, "picture" },
            // Sound alone
            { "mp3", "", "mp3", "", Unread, MediaAction.Take, MediaAction.Take, "Sound only (mp3)" },
            { "flac", "", "flac", "", Unread, MediaAction.Take, MediaAction.Take, "Sound only (flac)" },
            { "aac", "", "aac", "", Unread, MediaAction.Take, MediaAction.Take, "Sound only (aac)" },
            { "ogg", "", "vorbis", "", Unread, MediaAction.Take, MediaAction.Take, "vorbis in OGG" },
            { "ogg", "", "opus", "", Unread, MediaAction.Take, MediaAction.Take, "opus in OGG" },
            { "ogg", "", "speex", "", Unread, MediaAction.Remux, MediaAction.Remux, "speex sound transcoded to AAC" },
            { "wav", "", "pcm_s16le", "", Unread, MediaAction.Take, MediaAction.Take, "pcm_s16le in WAV" },
            { "wav", "", "adpcm_ms", "", Unread, MediaAction.Remux, MediaAction.Remux, "adpcm_ms sound transcoded to AAC" },
            { "asf", "", "wmav2", "", Unread, MediaAction.Remux, MediaAction.Remux, "wmav2 sound transcoded to AAC" },
            { "aiff", "", "pcm_s16be", "", Unread, MediaAction.Remux, MediaAction.Remux, "pcm_s16be sound transcoded to AAC" },
            { "ac3", "", "ac3", "", Unread, MediaAction.Remux, MediaAction.Remux, "ac3 sound transcoded to AAC" },
            { Matroska, "", "", "subrip", Unread, MediaAction.KeepAsFile, MediaAction.KeepAsFile, "neither video nor sound" },
        };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Each_container_and_codec_has_its_action_and_its_reason(
        string container,
        string video,
        string sounds,
        string subtitles,
        string moovPlace,
        MediaAction expected,
        MediaAction whenTranscoding,
        string reason
    )
    {
        var media = Media(container, video, sounds, subtitles);
        var moov = Enum.Parse<Moov>(moovPlace);

        var decision = MediaPlan.Decide(media, moov, new IngestSettings());

        Assert.Equal(expected, decision.Action);
        Assert.Contains(reason, decision.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain("{", decision.Reason, StringComparison.Ordinal);
        Assert.Equal(whenTranscoding, MediaPlan.Decide(media, moov, new IngestSettings { TranscodeVideo = true }).Action);
    }

    [Fact]
    public void Every_row_of_the_tables_is_there_for_something()
    {
        var cases = Cases
            .Select(row =>
                (Media: Media((string)row[0], (string)row[1], (string)row[2], (string)row[3]), Moov: Enum.Parse<Moov>((string)row[4]))
            )
            .ToList();
        var rows = cases.SelectMany(one => one.Media.Tracks.Select(track => MediaTable.RowOf(one.Media.Container, track))).ToHashSet();

        Assert.Equal(
            MediaTable.Files.AsEnumerable(),
            cases.Select(one => MediaPlan.RowOf(one.Media, one.Moov)).Distinct().OrderBy(row => MediaTable.Files.IndexOf(row))
        );
        foreach (var row in (CodecRow[])[.. MediaTable.Pictures, .. MediaTable.Sounds, .. MediaTable.Subtitles])
            Assert.Contains(row, rows);
    }

    [Fact]
    public void A_cover_is_not_the_video()
    {
        var media = Media("mp3", "", "mp3", "");
        media = media with
        {
            Tracks = media.Tracks.Add(
                new MediaTrack
                {
                    Index = 1,
                    Kind = MediaTrackKind.Video,
                    Codec = "mjpeg",
                    AttachedPicture = true,
                }
            ),
        };

        Assert.Equal(MediaAction.Take, MediaPlan.Decide(media, Moov.Unread, new IngestSettings()).Action);
        Assert.Equal("audio/mpeg", MediaPlan.ContentType(media));
    }

    [Theory]
    [InlineData(Mp4, "h264", "video/mp4")]
    [InlineData(Mp4, "", "audio/mp4")]
    [InlineData(Matroska, "vp8", "video/webm")]
    [InlineData(Matroska, "", "audio/webm")]
    [InlineData("mp3", "", "audio/mpeg")]
    [InlineData("wav", "", "audio/wav")]
    [InlineData("flac", "", "audio/flac")]
    [InlineData("ogg", "", "audio/ogg")]
    [InlineData("aac", "", "audio/aac")]
    [InlineData("asf", "", "application/octet-stream")]
    public void What_is_taken_as_it_is_has_a_type_that_players_know(string container, string video, string expected) =>
        Assert.Equal(expected, MediaPlan.ContentType(Media(container, video, "aac", "")));

    static MediaSummary Media(string container, string video, string sounds, string subtitles)
    {
        var tracks = new List<MediaTrack>();
        if (video.Length > 0)
        {
            var codec = video.Split('/', ':', '@', '+')[0];
            var more = video[codec.Length..];
            tracks.Add(
                new MediaTrack
                {
                    Index = tracks.Count,
                    Kind = MediaTrackKind.Video,
                    Codec = codec,
                    Tag = more.StartsWith('/') ? more[1..] : "",
                    Profile = more.StartsWith('@') ? more[1..] : "",
                    PixelFormat = more.StartsWith(':') ? more[1..] : "yuv420p",
                    HasAlpha = more == "+",
                    StartSeconds = 0,
                }
            );
        }

        foreach (var sound in sounds.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            tracks.Add(
                new MediaTrack
                {
                    Index = tracks.Count,
                    Kind = MediaTrackKind.Audio,
                    Codec = sound.Split('=')[0],
                    Tag = sound.EndsWith("=apac", StringComparison.Ordinal) ? "apac" : "",
                    Channels = 2,
                    SpellsLayoutOut = sound.EndsWith("=pce", StringComparison.Ordinal),
                    StartSeconds = sound.EndsWith("=late", StringComparison.Ordinal) ? 1.5 : 0,
                }
            );
        foreach (var text in subtitles.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            tracks.Add(
                new MediaTrack
                {
                    Index = tracks.Count,
                    Kind = MediaTrackKind.Subtitle,
                    Codec = text,
                }
            );
        return new MediaSummary
        {
            Container = container,
            DurationSeconds = 10,
            Tracks = [.. tracks],
        };
    }
}
