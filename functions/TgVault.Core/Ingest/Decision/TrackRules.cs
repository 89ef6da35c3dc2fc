using System.Globalization;
using TgVault.Core.Videos;

namespace TgVault.Core.Ingest.Decision;

/// <summary>
/// What tracks need because of the others in the file, or because of how they are stored, rather than because of their codec.
/// </summary>
static class TrackRules
{
    /// <summary>
    /// Players by Media Source Extensions jump over the pictures before sound that begins this much later: dash.js from 0.1 s on.
    /// </summary>
    public const double LatestSoundSeconds = 0.08;

    /// <summary>
    /// Players of HLS begin with the pictures, and leave the sound before them out. What encoders hold back to put two or three pictures
    /// in order is less than this.
    /// </summary>
    public const double LatestPicturesSeconds = 0.1;

    /// <summary>They stand still behind sound that ends this much before the pictures.</summary>
    public const double EarliestEndSeconds = 1;

    // A film in a codec for stills exists (cameras wrote Motion JPEG), a film beside one does not.
    const string StillCodecs = "mjpeg mjpegb png apng bmp gif webp tiff jpeg2000 jpegls targa";

    /// <summary>
    /// The moving picture that is played: the first video track that is no cover, and rather one that moves than a still or one without
    /// any picture.
    /// </summary>
    public static MediaTrack? MainVideo(MediaSummary media) =>
        media
            .Tracks.Where(track => track is { Kind: MediaTrackKind.Video, AttachedPicture: false, SampleCount: not 0 })
            .OrderBy(track =>
                track.SampleCount == 1 ? 2
                : MediaTable.Names(StillCodecs, track.Codec) || track.PixelFormat.Length == 0 ? 1
                : 0
            )
            .FirstOrDefault();

    /// <summary>
    /// Whether players would take another track of the file for its video: one without pictures, or a still before the film.
    /// </summary>
    public static bool HasVideoInTheWay(MediaSummary media) =>
        MainVideo(media) is { } main
        && media.Tracks.Any(track =>
            track is { Kind: MediaTrackKind.Video, AttachedPicture: false } && (track.SampleCount == 0 || track.Index < main.Index)
        );

    /// <summary>By how many seconds sound begins too late for players; null where it does not.</summary>
    public static double? LateBy(MediaSummary media, MediaTrack sound) =>
        MainVideo(media)?.StartSeconds is { } pictures && sound.StartSeconds - pictures is { } late && late > LatestSoundSeconds
            ? late
            : null;

    /// <summary>By how many seconds the pictures begin too late for players, behind the first sound; null where they do not.</summary>
    public static double? PicturesLateBy(MediaSummary media) =>
        MainVideo(media)?.StartSeconds - media.Tracks.Where(track => track.Kind == MediaTrackKind.Audio).Min(track => track.StartSeconds)
            is > LatestPicturesSeconds
                and var late
            ? late
            : null;

    /// <summary>What is said of pictures that begin so late, behind what they are called.</summary>
    public static string ShownFromTheStart(double late) =>
        string.Create(CultureInfo.InvariantCulture, $"begins {late:0.##} s late, so that its first picture is shown from the start");

    /// <summary>By how many seconds sound ends too early for players; null where it does not.</summary>
    /// <param name="pictures">Where the pictures end, in seconds.</param>
    /// <param name="sound">Where the sound ends, in seconds of the same clock.</param>
    public static double? EarlyBy(double? pictures, double? sound) =>
        pictures - sound is { } early && early > EarliestEndSeconds ? early : null;

    /// <summary>Where a track ends, in seconds of the container's clock; null where that is not told.</summary>
    public static double? EndOf(MediaTrack? track) => track is null ? null : (track.StartSeconds ?? 0) + track.DurationSeconds;

    /// <summary>Whether nothing that is known here decodes it: ffprobe has no name for it.</summary>
    public static bool IsUnknown(MediaTrack track) => track.Codec.Length == 0;

    // Their pictures say of themselves whether they are made of fields, and files mix both, as broadcasts do.
    const string CodecsWithFields = "mpeg2video h264 vc1 dvvideo dnxhd prores ffv1";

    /// <summary>Whether transcoded pictures are made of fields, or may be.</summary>
    public static bool HasFields(MediaTrack track) => track.FieldOrder is not null || MediaTable.Names(CodecsWithFields, track.Codec);

    /// <summary>Whether it has transparency, which neither H.264 nor an MP4 keeps.</summary>
    public static bool IsTransparent(MediaTrack track) =>
        track.HasAlpha
        || ((string[])["yuva", "gbrap", "rgba", "bgra", "argb", "abgr", "ya8", "ya16"]).Any(name =>
            track.PixelFormat.StartsWith(name, StringComparison.Ordinal)
        );

    /// <summary>What a person calls the codec: its name, the container's four letters, or that it has none.</summary>
    public static string NameOf(MediaTrack track) =>
        track.Codec.Length > 0 ? track.Codec
        : track.Tag.Length > 0 ? track.Tag
        : "unknown";
}
