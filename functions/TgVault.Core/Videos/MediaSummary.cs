using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace TgVault.Core.Videos;

/// <summary>What a track is. Names are stored: they may be added to, not changed.</summary>
public enum MediaTrackKind
{
    Video,
    Audio,
    Subtitle,
    Other,
}

/// <summary>One stream of a file, as ffprobe tells it. Codec names are ffmpeg's (h264, hevc, aac, opus, ...).</summary>
public sealed record MediaTrack
{
    public required int Index { get; init; }

    public required MediaTrackKind Kind { get; init; }

    /// <summary>The number that the container itself gives it (an MP4's track id); null where it has none.</summary>
    public long? ContainerId { get; init; }

    public required string Codec { get; init; }

    /// <summary>The sample entry's four letters (avc1, hev1, mp4a), or empty where the container has none.</summary>
    public string Tag { get; init; } = "";

    public string Profile { get; init; } = "";

    public string PixelFormat { get; init; } = "";

    public string Language { get; init; } = "";

    public string Title { get; init; } = "";

    public int Width { get; init; }

    public int Height { get; init; }

    public double FrameRate { get; init; }

    /// <summary>Degrees the picture is turned by when shown: 0, 90, 180 or 270.</summary>
    public int Rotation { get; init; }

    public int Channels { get; init; }

    public int SampleRate { get; init; }

    /// <summary>A cover picture rather than moving video.</summary>
    public bool AttachedPicture { get; init; }

    /// <summary>Whether pictures beside it say how transparent it is, as in WebM; what pixel formats say is not repeated here.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool HasAlpha { get; init; }

    /// <summary>
    /// Whether the settings of its codec spell out which channel is for which speaker, instead of naming one of the layouts that players
    /// know: AAC with a program config element, Opus with a mapping of its own.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool SpellsLayoutOut { get; init; }

    /// <summary>
    /// What colours a video's values stand for, in ffmpeg's words: matrix/primaries/transfer, for example
    /// <c>bt2020nc/bt2020/smpte2084</c>. Null where nothing is told, as in rows from before it was asked for.
    /// </summary>
    public string? Colour { get; init; }

    /// <summary>How sound is laid out over speakers, in ffmpeg's words (5.1(side)); null where it is not told.</summary>
    public string? ChannelLayout { get; init; }

    /// <summary>How the fields of interlaced video lie (tt, bb, tb, bt); null where it is progressive or not told.</summary>
    public string? FieldOrder { get; init; }

    /// <summary>When its first sample is shown, in seconds of the container's clock; null where it is not told.</summary>
    public double? StartSeconds { get; init; }

    /// <summary>How long it lasts by itself, in seconds; null where only the container as a whole tells.</summary>
    public double? DurationSeconds { get; init; }

    /// <summary>How many samples it has; null where the container does not tell.</summary>
    public long? SampleCount { get; init; }

    /// <summary>
    /// What ingest does with it; null where nothing is done with any (the upload is stored as a file), and in what describes a prepared
    /// file.
    /// </summary>
    public TrackTreatment? Treatment { get; init; }
}

/// <summary>A picture that a file has of itself, such as the front of an album.</summary>
/// <param name="StreamIndex">ffmpeg's number of the stream in the upload.</param>
/// <param name="Codec">ffmpeg's name of what it is coded in (mjpeg, png, bmp, webp, gif, tiff).</param>
/// <param name="Width">In pixels; 0 where it is not told.</param>
/// <param name="Height">In pixels; 0 where it is not told.</param>
sealed record CoverArt(int StreamIndex, string Codec, int Width, int Height);

/// <summary>What a file holds, by the names that ffprobe gives; small enough to keep in the video's row.</summary>
public sealed record MediaSummary
{
    /// <summary>ffmpeg's name of the container, for example <c>mov,mp4,m4a,3gp,3g2,mj2</c>.</summary>
    public required string Container { get; init; }

    public double DurationSeconds { get; init; }

    public ImmutableArray<MediaTrack> Tracks { get; init; } = [];

    /// <summary>
    /// The embedded cover: of several the largest, and of equal ones the first. Null where there is none. It is among
    /// <see cref="Tracks"/> too.
    /// </summary>
    internal CoverArt? Cover =>
        Tracks
            .Where(track => track is { Kind: MediaTrackKind.Video, AttachedPicture: true, Codec.Length: > 0 })
            .OrderByDescending(track => (long)track.Width * track.Height)
            .Select(track => new CoverArt(track.Index, track.Codec, track.Width, track.Height))
            .FirstOrDefault();

    /// <summary>The chapters of an upload, in their order; null where it has none, and in what describes a prepared file.</summary>
    public ImmutableArray<Chapter>? Chapters { get; init; }

    /// <summary>Where the moov box begins, in bytes; null where the file is no MP4 or has none.</summary>
    public long? MoovOffset { get; init; }
}

/// <summary>What ingest does with a file before it is cut into chunks.</summary>
public enum MediaAction
{
    /// <summary>It plays as it is: stored byte for byte.</summary>
    Take,

    /// <summary>Only moov moves to the front, by arithmetic; media bytes stay the same.</summary>
    Relocate,

    /// <summary>ffmpeg writes a new MP4 with moov first; some streams may be transcoded, as the reason says.</summary>
    Remux,

    /// <summary>Not playable in a browser: stored byte for byte, as a download.</summary>
    KeepAsFile,
}

/// <summary>The decision of inspecting, with the reason in one sentence for a person.</summary>
public sealed record MediaDecision(MediaAction Action, string Reason)
{
    /// <summary>Why it could not be stored as it is, although its streams could; null otherwise. The reason begins with it.</summary>
    public string? Refusal { get; init; }
}
