using System.Collections.Immutable;
using TgVault.Core.Videos;

namespace TgVault.Core.Ingest.Decision;

/// <summary>What a file holds besides subtitles.</summary>
enum Contents
{
    Any,
    Nothing,
    Sound,
    Video,
}

/// <summary>What the box walk of an MP4 found. <see cref="Unread"/>: it is no MP4, or its boxes do not fit.</summary>
enum Moov
{
    Any,
    Unread,
    First,
    Last,
    InFragments,
}

/// <summary>The most that any track of a file needs.</summary>
enum Need
{
    Nothing,
    Tag,
    Sound,
    Picture,
}

/// <summary>One row on codecs: the first that fits a track decides.</summary>
/// <param name="Container">What the track is in: ffmpeg's names, separated by blanks; a star stands for anything.</param>
/// <param name="Codecs">What it is, written the same way.</param>
/// <param name="Fits">What else must hold; null where nothing.</param>
/// <param name="Action">What is done with the track.</param>
/// <param name="Why">What the track does, for people.</param>
sealed record CodecRow(string Container, string Codecs, Func<MediaTrack, bool>? Fits, TrackAction Action, string Why)
{
    public bool Covers(string container, MediaTrack track) =>
        MediaTable.Names(Container, container) && MediaTable.Names(Codecs, track.Codec) && Fits?.Invoke(track) != false;
}

/// <summary>One row on files: the first that fits a file decides.</summary>
/// <param name="Container">ffmpeg's names, separated by blanks; a star stands for anything.</param>
/// <param name="Contents">What it holds.</param>
/// <param name="Only">The codecs that its tracks may have, written like <paramref name="Container"/>.</param>
/// <param name="Moov">Where its index is.</param>
/// <param name="AtMost">The most that its tracks may need.</param>
/// <param name="Action">What is done with the file.</param>
/// <param name="Reason">For people; {codecs}, {container} and {changes} are filled in.</param>
sealed record FileRow(string Container, Contents Contents, string Only, Moov Moov, Need AtMost, MediaAction Action, string Reason);

/// <summary>
/// The ingest plan: per track what browsers play (measured with Chromium, and Safari's documented set; ffmpeg copies MPEG-2, MPEG-4 ASP,
/// DTS and Vorbis into an MP4 without complaint, and no browser plays them there), and per file what follows from it. Everything that
/// decides is in these rows.
/// </summary>
static class MediaTable
{
    public const string Mp4 = "mov,mp4,m4a,3gp,3g2,mj2";
    public const string Matroska = "matroska,webm";

    /// <summary>Behind the name of a codec whose pictures have others beside them that say how transparent they are.</summary>
    public const string WithAlpha = "+alpha";

    // AVI and raw streams tell no presentation times, and a copy would show pictures that are stored out of order at wrong times. Baseline
    // has none such.
    const string WithoutTimes = "avi h264 hevc";

    public static ImmutableArray<CodecRow> Pictures { get; } =
    [
        //  container     codecs     when             -> action
        new("*", "h264", IsNotEightBit420, TrackAction.Transcode, "is not 8 bit 4:2:0, which is all that browsers decode"),
        new(WithoutTimes, "h264", IsBaseline, TrackAction.Copy, "plays everywhere"),
        new(
            WithoutTimes,
            "h264",
            null,
            TrackAction.Transcode,
            "may be stored out of order, and this container does not tell when its pictures are shown"
        ),
        new(
            WithoutTimes,
            "hevc",
            null,
            TrackAction.Transcode,
            "may be stored out of order, and this container does not tell when its pictures are shown"
        ),
        new("*", "h264", null, TrackAction.Copy, "plays everywhere"),
        new("*", "hevc", IsHvc1, TrackAction.Copy, "plays where the device decodes it"),
        new("*", "hevc", null, TrackAction.Retag, "is played by Apple only when tagged hvc1"),
        new("*", "vp9 av1", null, TrackAction.Copy, "plays everywhere but on older Apple devices"),
        // vp8 theora mpeg1video mpeg2video mpeg4 msmpeg4v3 wmv3 vc1 flv1 h263 prores dnxhd dvvideo mjpeg rv40 ...
        new("*", "*", null, TrackAction.Transcode, "is played by no browser"),
    ];

    public static ImmutableArray<CodecRow> Sounds { get; } =
    [
        new("mp3", "mp3", null, TrackAction.Copy, "plays everywhere by itself"),
        new("*", "aac", SpellsItsLayoutOut, TrackAction.Transcode, "spells its layout out, which players of HLS and DASH do not read"),
        new("*", "aac opus flac", null, TrackAction.Copy, "plays everywhere, in an MP4 too"),
        // mp3 beside pictures: browsers take it from a file, but not through Media Source Extensions, and then fail as a whole.
        // ac3 eac3 dts truehd vorbis alac pcm_* mp2 wmav2 amr_nb ...
        new("*", "*", null, TrackAction.Transcode, "is played by some browsers only, or not in an MP4"),
    ];

    public static ImmutableArray<CodecRow> Subtitles { get; } =
    [
        new("*", "subrip srt ass ssa webvtt mov_text text", null, TrackAction.Copy, "is text"),
        // hdmv_pgs_subtitle dvd_subtitle dvb_subtitle ...
        new("*", "*", null, TrackAction.LeaveOut, "is pictures, which an MP4 has no place for"),
    ];

    public static ImmutableArray<FileRow> Files { get; } =
    [
        //  container              contents          codecs            moov              needs at most   -> action
        new(
            "gif *_pipe",
            Contents.Video,
            "*",
            Moov.Any,
            Need.Picture,
            MediaAction.KeepAsFile,
            "It is a picture ({codecs}), not a video; stored as a file."
        ),
        new(
            "*",
            Contents.Nothing,
            "*",
            Moov.Any,
            Need.Picture,
            MediaAction.KeepAsFile,
            "It has neither video nor sound; stored as a file."
        ),
        new(Mp4, Contents.Video, "*", Moov.First, Need.Nothing, MediaAction.Take, "MP4 with {codecs}, moov first: it plays as it is."),
        new(
            Mp4,
            Contents.Video,
            "*",
            Moov.Last,
            Need.Nothing,
            MediaAction.Relocate,
            "MP4 with {codecs}, moov at the end: moov moves to the front, media bytes stay the same."
        ),
        new(
            Mp4,
            Contents.Video,
            "*",
            Moov.First,
            Need.Tag,
            MediaAction.Relocate,
            "MP4 with {codecs}: {changes} in moov, media bytes stay the same."
        ),
        new(
            Mp4,
            Contents.Video,
            "*",
            Moov.Last,
            Need.Tag,
            MediaAction.Relocate,
            "MP4 with {codecs}, moov at the end: moov moves to the front ({changes}), media bytes stay the same."
        ),
        new(
            Mp4,
            Contents.Sound,
            "*",
            Moov.First,
            Need.Nothing,
            MediaAction.Take,
            "Sound only ({codecs} in MP4), moov first: it plays as it is."
        ),
        new(
            Mp4,
            Contents.Sound,
            "*",
            Moov.Last,
            Need.Nothing,
            MediaAction.Relocate,
            "Sound only ({codecs} in MP4), moov at the end: moov moves to the front."
        ),
        new("mp3", Contents.Sound, "mp3", Moov.Any, Need.Nothing, MediaAction.Take, "Sound only ({codecs}), which browsers play as it is."),
        new("aac", Contents.Sound, "aac", Moov.Any, Need.Nothing, MediaAction.Take, "Sound only ({codecs}), which browsers play as it is."),
        new(
            "flac",
            Contents.Sound,
            "flac",
            Moov.Any,
            Need.Nothing,
            MediaAction.Take,
            "Sound only ({codecs}), which browsers play as it is."
        ),
        new(
            "ogg",
            Contents.Sound,
            "vorbis opus flac",
            Moov.Any,
            Need.Sound,
            MediaAction.Take,
            "Sound only ({codecs} in OGG), which browsers play as it is."
        ),
        new(
            "wav",
            Contents.Sound,
            "pcm_u8 pcm_s16le pcm_s24le pcm_s32le pcm_f32le",
            Moov.Any,
            Need.Sound,
            MediaAction.Take,
            "Sound only ({codecs} in WAV), which browsers play as it is."
        ),
        new(
            "*",
            Contents.Sound,
            "*",
            Moov.Any,
            Need.Sound,
            MediaAction.Remux,
            "Sound only ({codecs} in {container}): written to MP4 ({changes})."
        ),
        // VP8 has no place in an MP4, and every browser plays it in WebM; VP9 and AV1 go into an MP4, since HLS and DASH are made of that.
        new(
            Matroska,
            Contents.Video,
            "vp8 vorbis opus",
            Moov.Any,
            Need.Picture,
            MediaAction.Take,
            "WebM with {codecs}, which browsers play as it is; HLS and DASH would need it transcoded."
        ),
        // An MP4 has no place for the second picture that says how transparent the first is.
        new(
            Matroska,
            Contents.Video,
            "vp8 vp8+alpha vp9+alpha vorbis opus",
            Moov.Any,
            Need.Picture,
            MediaAction.Take,
            "WebM with {codecs} and transparency, which browsers play as it is; HLS and DASH would lose that."
        ),
        new(
            "*",
            Contents.Video,
            "*",
            Moov.InFragments,
            Need.Sound,
            MediaAction.Remux,
            "Remuxed from a fragmented MP4 to one with moov first ({changes})."
        ),
        new(
            "*",
            Contents.Video,
            "*",
            Moov.Any,
            Need.Sound,
            MediaAction.Remux,
            "Remuxed from {container} to MP4 with moov first ({changes})."
        ),
        // What follows is done only where the settings allow it; see MediaPlan.
        new(
            "*",
            Contents.Video,
            "*",
            Moov.Any,
            Need.Picture,
            MediaAction.Remux,
            "Written from {container} to MP4 with moov first ({changes})."
        ),
    ];

    /// <summary>What sound alone is served as, where it is taken as it is.</summary>
    public static ImmutableArray<(string Container, string ContentType)> SoundTypes { get; } =
    [("mp3", "audio/mpeg"), ("wav", "audio/wav"), ("flac", "audio/flac"), ("ogg", "audio/ogg"), ("aac", "audio/aac")];

    /// <summary>The row that decides over a track.</summary>
    public static CodecRow RowOf(string container, MediaTrack track) =>
        (
            track.Kind switch
            {
                MediaTrackKind.Video => Pictures,
                MediaTrackKind.Audio => Sounds,
                _ => Subtitles,
            }
        ).First(row => row.Covers(container, track));

    /// <summary>Whether a list of names holds one.</summary>
    internal static bool Names(string list, string name) =>
        list == name
        || list.Split(' ')
            .Any(entry =>
                entry.EndsWith('*') ? name.StartsWith(entry[..^1], StringComparison.Ordinal)
                : entry.StartsWith('*') ? name.EndsWith(entry[1..], StringComparison.Ordinal)
                : entry == name
            );

    internal static bool IsNotEightBit420(MediaTrack track) => track.PixelFormat is not ("yuv420p" or "yuvj420p" or "");

    static bool IsBaseline(MediaTrack track) => track.Profile.Contains("Baseline", StringComparison.Ordinal);

    static bool SpellsItsLayoutOut(MediaTrack track) => track.SpellsLayoutOut;

    // Whoever says hvc1 has the parameter sets in the sample entry only.
    static bool IsHvc1(MediaTrack track) => track.Tag == "hvc1";
}
