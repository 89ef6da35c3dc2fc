using System.Globalization;
using TgVault.Core.Settings;
using TgVault.Core.Videos;

namespace TgVault.Core.Ingest.Decision;

/// <summary>Reads the ingest plan (<see cref="MediaTable"/>) for one file.</summary>
static class MediaPlan
{
    public static bool IsMp4(MediaSummary media) => media.Container == MediaTable.Mp4;

    /// <summary>Decides what happens to a file that ffprobe could read.</summary>
    /// <param name="media">What ffprobe found.</param>
    /// <param name="moov">What the box walk found.</param>
    /// <param name="settings">Whether video may be transcoded.</param>
    public static MediaDecision Decide(MediaSummary media, Moov moov, IngestSettings settings)
    {
        var row = RowOf(media, moov);
        if (row.Action == MediaAction.Remux && WithoutDecoder(media) is { } unknown)
            return new MediaDecision(MediaAction.KeepAsFile, unknown);
        if (row is { Action: MediaAction.Remux, Contents: Contents.Video } && NeedOf(media) == Need.Picture && !settings.TranscodeVideo)
        {
            var video = MainVideo(media)!;
            return new MediaDecision(
                MediaAction.KeepAsFile,
                $"Its {Describe(video)} video {MediaTable.RowOf(media.Container, video).Why}; stored as a download. "
                    + "Set TgVault__Ingest__TranscodeVideo=true and retry to have it made playable."
            );
        }

        return new MediaDecision(row.Action, Fill(row.Reason, media));
    }

    /// <summary>Whether it is a film whose pictures have to be encoded anew, and can be.</summary>
    public static bool PlaysTranscoded(MediaSummary media) =>
        ContentsOf(media) == Contents.Video && NeedOf(media) == Need.Picture && WithoutDecoder(media) is null;

    // A film without its pictures is none, nor is sound of which nothing is left.
    static string? WithoutDecoder(MediaSummary media)
    {
        if (MainVideo(media) is { } video)
            return TrackRules.IsUnknown(video) ? Sentence(video) : null;
        var sounds = Played(media).ToList();
        return sounds.Count > 0 && sounds.All(TrackRules.IsUnknown) ? Sentence(sounds[0]) : null;

        static string Sentence(MediaTrack track) =>
            $"Its {NameOf(track.Kind)} is {Describe(track)}, which no decoder here knows; stored as a download.";
    }

    static string NameOf(MediaTrackKind kind) =>
        kind switch
        {
            MediaTrackKind.Video => "video",
            MediaTrackKind.Audio => "sound",
            _ => "subtitles",
        };

    /// <summary>The row of the table that a file falls under.</summary>
    public static FileRow RowOf(MediaSummary media, Moov moov)
    {
        var (contents, need) = (ContentsOf(media), NeedOf(media));
        return MediaTable.Files.First(row =>
            MediaTable.Names(row.Container, media.Container)
            && (row.Contents == Contents.Any || row.Contents == contents)
            && (row.Moov == Moov.Any || row.Moov == moov)
            && need <= row.AtMost
            && Played(media).All(track => MediaTable.Names(row.Only, track.HasAlpha ? track.Codec + MediaTable.WithAlpha : track.Codec))
        );
    }

    /// <summary>The type that a file taken byte for byte is served under.</summary>
    public static string ContentType(MediaSummary media)
    {
        var isVideo = MainVideo(media) is not null;
        if (IsMp4(media))
            return isVideo ? "video/mp4" : SoundType;
        if (media.Container == MediaTable.Matroska)
            return isVideo ? "video/webm" : "audio/webm";
        return MediaTable.SoundTypes.FirstOrDefault(type => type.Container == media.Container).ContentType ?? "application/octet-stream";
    }

    /// <summary>What sound is served as that lies in an MP4.</summary>
    public const string SoundType = "audio/mp4";

    /// <summary>Whether a file that is taken as it is needs an MP4 beside it for HLS and DASH: sound in another container.</summary>
    public static bool NeedsSoundBeside(MediaSummary media) => !IsMp4(media) && ContentsOf(media) == Contents.Sound;

    /// <summary>What is done with its tracks where they are written to that MP4.</summary>
    public static MediaSummary SoundBeside(MediaSummary media) =>
        // Some codecs play in the container that they are in, and not in another.
        Treat(media with { Container = "" }, MediaAction.Remux) with
        {
            Container = media.Container,
        };

    /// <summary>What is done with tracks that have their treatments, for a sentence.</summary>
    public static string ChangesOf(MediaSummary treated) => string.Join("; ", Changes(treated).DefaultIfEmpty("every stream copied"));

    /// <summary>The moving picture that is played.</summary>
    public static MediaTrack? MainVideo(MediaSummary media) => TrackRules.MainVideo(media);

    /// <summary>What a file holds, with what is done with every track where this is done with the file.</summary>
    public static MediaSummary Treat(MediaSummary media, MediaAction action) =>
        media with
        {
            Tracks = [.. media.Tracks.Select(track => track with { Treatment = TreatmentOf(media, track, action) })],
        };

    /// <summary>
    /// The inspection with its decision's treatments: none where the upload is kept as a file; what was recorded otherwise. Rows from
    /// before treatments were recorded get them here.
    /// </summary>
    public static VideoInspection Treated(VideoInspection inspection) =>
        inspection is { Decision: { } decision, Media: { } media }
        && (decision.Action == MediaAction.KeepAsFile || media.Tracks.All(track => track.Treatment is null))
            ? inspection with
            {
                Media = Treat(media, decision.Action),
            }
            : inspection;

    /// <summary>What a file holds, as something that nothing more is done with.</summary>
    public static MediaSummary Untreated(MediaSummary media) =>
        media with
        {
            Tracks = [.. media.Tracks.Select(track => track with { Treatment = null })],
            Chapters = null,
        };

    static TrackTreatment? TreatmentOf(MediaSummary media, MediaTrack track, MediaAction action) =>
        action switch
        {
            MediaAction.KeepAsFile => null,
            MediaAction.Remux => TreatmentOf(media, track),
            MediaAction.Relocate when ActionOf(media, track) == TrackAction.Retag => TreatmentOf(media, track) with { FillsStart = false },
            _ => new TrackTreatment(TrackAction.Copy),
        };

    // Of a file that is written anew.
    static TrackTreatment TreatmentOf(MediaSummary media, MediaTrack track)
    {
        if (track.Kind == MediaTrackKind.Video && track != MainVideo(media))
            return new TrackTreatment(
                TrackAction.LeaveOut,
                track.AttachedPicture ? "is a cover picture"
                    : track.SampleCount == 0 ? "has no pictures"
                    : "is not the video that is played"
            );
        if (track.Kind == MediaTrackKind.Audio)
            return SoundTreatment(media, track);
        var row = MediaTable.RowOf(media.Container, track);
        if (track.Kind == MediaTrackKind.Video)
            return PictureTreatment(media, track, row);
        return row.Action switch
        {
            TrackAction.Copy => new TrackTreatment(TrackAction.Copy),
            _ => new TrackTreatment(row.Action, row.Why),
        };
    }

    static TrackTreatment PictureTreatment(MediaSummary media, MediaTrack pictures, CodecRow row)
    {
        var late = TrackRules.PicturesLateBy(media);
        var why =
            row.Action != TrackAction.Copy ? row.Why
            : late is null ? ""
            : TrackRules.ShownFromTheStart(late.Value);
        return new TrackTreatment(row.Action, why)
        {
            Deinterlaces = row.Action == TrackAction.Transcode && TrackRules.HasFields(pictures),
            FillsStart = late is not null,
        };
    }

    static TrackTreatment SoundTreatment(MediaSummary media, MediaTrack sound)
    {
        if (TrackRules.IsUnknown(sound))
            return new TrackTreatment(TrackAction.LeaveOut, "is of a kind that nothing here decodes");
        var row = MediaTable.RowOf(media.Container, sound);
        var late = TrackRules.LateBy(media, sound);
        if (row.Action != TrackAction.Transcode && late is null)
            return new TrackTreatment(row.Action, row.Action == TrackAction.Copy ? "" : row.Why);
        return new TrackTreatment(
            TrackAction.Transcode,
            row.Action == TrackAction.Transcode ? row.Why : string.Create(CultureInfo.InvariantCulture, $"begins {late:0.##} s late")
        )
        {
            Layout = AacLayout.Of(sound),
            FillsStart = late is not null,
        };
    }

    /// <summary>Whether subtitles are text, which captions can be made of.</summary>
    public static bool IsText(MediaTrack subtitles) => MediaTable.RowOf("", subtitles).Action == TrackAction.Copy;

    static TrackAction ActionOf(MediaSummary media, MediaTrack track) => TreatmentOf(media, track).Action;

    static Contents ContentsOf(MediaSummary media) =>
        MainVideo(media) is not null ? Contents.Video
        : media.Tracks.Any(track => track.Kind == MediaTrackKind.Audio) ? Contents.Sound
        : Contents.Nothing;

    static Need NeedOf(MediaSummary media) =>
        Played(media)
            .Select(track =>
                (ActionOf(media, track), track.Kind) switch
                {
                    (TrackAction.Transcode, MediaTrackKind.Video) => Need.Picture,
                    (TrackAction.Transcode or TrackAction.LeaveOut, _) => Need.Sound,
                    (TrackAction.Retag, _) => Need.Tag,
                    _ => Need.Nothing,
                }
            )
            .Append(TrackRules.HasVideoInTheWay(media) ? Need.Sound : Need.Nothing)
            .Max();

    /// <summary>What is played: the main video and all sound.</summary>
    public static IEnumerable<MediaTrack> Played(MediaSummary media)
    {
        if (MainVideo(media) is { } video)
            yield return video;
        foreach (var track in media.Tracks.Where(track => track.Kind == MediaTrackKind.Audio))
            yield return track;
    }

    static string Fill(string reason, MediaSummary media) =>
        reason
            .Replace("{codecs}", string.Join(" and ", Played(media).Select(Describe).Distinct()), StringComparison.Ordinal)
            .Replace("{container}", NameOf(media), StringComparison.Ordinal)
            .Replace("{changes}", ChangesOf(Treat(media, MediaAction.Remux)), StringComparison.Ordinal);

    static string NameOf(MediaSummary media) => IsMp4(media) ? "an MP4" : media.Container.Split(',')[0];

    // Of tracks that are treated alike, one sentence tells.
    static IEnumerable<string> Changes(MediaSummary treated) =>
        treated
            .Tracks.Select(track =>
                (track.Treatment!.Action, track.Kind) switch
                {
                    (TrackAction.Transcode, MediaTrackKind.Video) => $"{Describe(track)} video transcoded to H.264"
                        + (track.FieldOrder is null ? "" : ", its fields made into whole pictures")
                        + (TrackRules.IsTransparent(track) ? ", its transparency lost" : "")
                        + (track.Treatment.FillsStart ? ", its first picture shown from the start" : ""),
                    (TrackAction.Transcode, _) => $"{track.Codec} sound transcoded to AAC"
                        + (track.Treatment.FillsStart ? ", with silence before it" : ""),
                    (TrackAction.Copy, MediaTrackKind.Video) when TrackRules.IsTransparent(track) =>
                        $"transparency of the {track.Codec} video lost",
                    (TrackAction.Retag, _) => "HEVC tagged hvc1"
                        + (track.Treatment.FillsStart ? ", its first picture shown from the start" : ""),
                    (TrackAction.Copy, MediaTrackKind.Video) when track.Treatment.FillsStart =>
                        $"the first picture of the {track.Codec} video shown from the start",
                    (TrackAction.LeaveOut, MediaTrackKind.Subtitle) => $"{track.Codec} subtitles, which are pictures, left out",
                    (TrackAction.LeaveOut, MediaTrackKind.Audio) =>
                        $"{TrackRules.NameOf(track)} sound left out, since it {track.Treatment.Why}",
                    (TrackAction.LeaveOut, _) when !track.AttachedPicture => $"another {TrackRules.NameOf(track)} video left out",
                    _ => "",
                }
            )
            .Where(change => change.Length > 0)
            .Distinct();

    // What has no name is called as the file calls it.
    static string Describe(MediaTrack track) =>
        TrackRules.IsUnknown(track) ? (track.Tag.Length > 0 ? $"'{track.Tag}'" : "unnamed")
        : track is { Codec: "h264", Kind: MediaTrackKind.Video } && MediaTable.IsNotEightBit420(track) ? $"{track.PixelFormat} h264"
        : track.Codec;
}
