namespace TgVault.Core.Ffmpeg;

/// <summary>What the box walk of an MP4 found; null members of the plan's input mean the file is no MP4.</summary>
/// <param name="MoovFirst">moov stands before the first mdat.</param>
/// <param name="Fragmented">The samples are in movie fragments (moof).</param>
/// <param name="Relocatable">moov can be moved to the front by arithmetic.</param>
public sealed record Mp4Facts(bool MoovFirst, bool Fragmented, bool Relocatable);

/// <summary>What is done with one audio or video codec.</summary>
public enum TrackAction
{
    Copy,
    Transcode,
    Drop,
}

/// <summary>
/// The ingest plan per container and codec, in one place that a reader can check against what browsers play (facts measured with
/// Chromium, and Safari's documented set): a file that plays is taken, one with moov at the end is relocated, one whose streams fit into an
/// MP4 is remuxed, and what no browser plays is transcoded where allowed or kept as a download.
/// </summary>
public static class MediaPlan
{
    const string Mp4Container = "mov,mp4,m4a,3gp,3g2,mj2";
    const string MatroskaContainer = "matroska,webm";

    static readonly string[] TextSubtitles = ["subrip", "srt", "ass", "ssa", "webvtt", "mov_text", "text"];

    /// <summary>Containers with sound only that browsers play as they are, with the type to serve them under.</summary>
    static readonly Dictionary<string, string> PlayableAudioFiles = new(StringComparer.Ordinal)
    {
        ["mp3"] = "audio/mpeg",
        ["wav"] = "audio/wav",
        ["flac"] = "audio/flac",
        ["ogg"] = "audio/ogg",
        ["aac"] = "audio/aac",
    };

    public static bool IsMp4(MediaSummary media) => media.Container == Mp4Container;

    /// <summary>Decides what happens to a file that ffprobe could read.</summary>
    /// <param name="media">What ffprobe found.</param>
    /// <param name="mp4">What the box walk found; null where the file is no MP4 or its boxes are damaged.</param>
    /// <param name="settings">Whether video may be transcoded.</param>
    public static MediaDecision Decide(MediaSummary media, Mp4Facts? mp4, IngestSettings settings)
    {
        var video = MainVideo(media);
        var audio = media.Tracks.Where(track => track.Kind == MediaTrackKind.Audio).ToList();
        if (video is null) return DecideWithoutVideo(media, mp4, audio);

        if (IsPicture(media)) return new MediaDecision(MediaAction.KeepAsFile, $"It is a picture ({video.Codec}), not a video; stored as a file.");
        if (IsWebMToTake(media, video, audio)) return new MediaDecision(MediaAction.Take, $"WebM with {video.Codec}, which browsers play as it is.");

        if (VideoAction(video) == TrackAction.Transcode && !settings.TranscodeVideo)
            return new MediaDecision(MediaAction.KeepAsFile, $"Browsers do not play {Describe(video)} video; stored as a download. Set TgVault__Ingest__TranscodeVideo=true and retry to have it made playable.");

        var changes = Changes(media, video, audio);
        if (IsMp4(media) && mp4 is { Fragmented: false } && changes.Count == 0)
        {
            if (mp4.MoovFirst) return new MediaDecision(MediaAction.Take, $"MP4 with {Codecs(video, audio)}, moov first: it plays as it is.");
            if (mp4.Relocatable) return new MediaDecision(MediaAction.Relocate, $"MP4 with {Codecs(video, audio)}, moov at the end: moov moves to the front, media bytes stay the same.");
        }

        var why = IsMp4(media) ? mp4 is { Fragmented: true } ? "a fragmented MP4" : "an MP4" : $"{media.Container.Split(',')[0]}";
        return new MediaDecision(MediaAction.Remux, $"Remuxed from {why} to MP4 with moov first ({string.Join("; ", changes.DefaultIfEmpty("every stream copied"))}).");
    }

    /// <summary>The type that a file taken byte for byte is served under.</summary>
    public static string ContentType(MediaSummary media)
    {
        var video = MainVideo(media) is not null;
        if (IsMp4(media)) return video ? "video/mp4" : "audio/mp4";
        if (media.Container == MatroskaContainer) return video ? "video/webm" : "audio/webm";
        return PlayableAudioFiles.GetValueOrDefault(media.Container, "application/octet-stream");
    }

    /// <summary>The moving picture that is played: the first video track that is no cover.</summary>
    public static MediaTrack? MainVideo(MediaSummary media) => media.Tracks.FirstOrDefault(track => track is { Kind: MediaTrackKind.Video, AttachedPicture: false });

    public static TrackAction VideoAction(MediaTrack track) => track.Codec switch
    {
        // 10 bit, 4:2:2 and 4:4:4 H.264 is what editors make and no browser decodes.
        "h264" => track.PixelFormat is "yuv420p" or "yuvj420p" or "" ? TrackAction.Copy : TrackAction.Transcode,
        "hevc" or "vp9" or "av1" => TrackAction.Copy,
        _ => TrackAction.Transcode,
    };

    public static TrackAction AudioAction(MediaTrack track) => track.Codec switch
    {
        "aac" or "mp3" or "opus" or "flac" => TrackAction.Copy,
        _ => TrackAction.Transcode,
    };

    /// <summary>Text subtitles travel in the MP4 (mov_text); pictures of text have no place there.</summary>
    public static TrackAction SubtitleAction(MediaTrack track) => TextSubtitles.Contains(track.Codec) ? TrackAction.Copy : TrackAction.Drop;

    static MediaDecision DecideWithoutVideo(MediaSummary media, Mp4Facts? mp4, List<MediaTrack> audio)
    {
        if (audio.Count == 0) return new MediaDecision(MediaAction.KeepAsFile, "It has neither video nor sound; stored as a file.");
        if (PlayableAudioFiles.ContainsKey(media.Container)) return new MediaDecision(MediaAction.Take, $"Sound only ({audio[0].Codec}), which browsers play as it is.");
        if (IsMp4(media) && mp4 is { Fragmented: false } && audio.TrueForAll(track => AudioAction(track) == TrackAction.Copy))
        {
            if (mp4.MoovFirst) return new MediaDecision(MediaAction.Take, $"Sound only ({audio[0].Codec} in MP4), moov first: it plays as it is.");
            if (mp4.Relocatable) return new MediaDecision(MediaAction.Relocate, $"Sound only ({audio[0].Codec} in MP4), moov at the end: moov moves to the front.");
        }

        return new MediaDecision(MediaAction.Remux, $"Sound only ({audio[0].Codec} in {media.Container.Split(',')[0]}): remuxed to MP4.");
    }

    static List<string> Changes(MediaSummary media, MediaTrack video, List<MediaTrack> audio)
    {
        var changes = new List<string>();
        if (VideoAction(video) == TrackAction.Transcode) changes.Add($"{Describe(video)} video transcoded to H.264");
        // Apple players want the parameter sets in the sample entry only, which is what hvc1 says.
        if (video.Codec == "hevc" && video.Tag != "hvc1") changes.Add("HEVC tagged hvc1");
        changes.AddRange(audio.Where(track => AudioAction(track) == TrackAction.Transcode).Select(track => $"{track.Codec} sound transcoded to AAC"));
        if (!IsMp4(media))
        {
            changes.AddRange(media.Tracks.Where(track => track.Kind == MediaTrackKind.Subtitle && SubtitleAction(track) == TrackAction.Drop)
                .Select(track => $"{track.Codec} subtitles, which are pictures, left out"));
        }

        return changes;
    }

    // VP8 has no place in an MP4, and every browser plays it in WebM.
    static bool IsWebMToTake(MediaSummary media, MediaTrack video, List<MediaTrack> audio) =>
        media.Container == MatroskaContainer && video.Codec == "vp8" && audio.TrueForAll(track => track.Codec is "vorbis" or "opus");

    static bool IsPicture(MediaSummary media) => media.Container is "gif" || media.Container.EndsWith("_pipe", StringComparison.Ordinal);

    static string Describe(MediaTrack track) => track.Codec == "h264" ? $"{track.PixelFormat} h264" : track.Codec;

    static string Codecs(MediaTrack video, List<MediaTrack> audio) => string.Join(" and ", audio.Select(track => track.Codec).Distinct().Prepend(video.Codec));
}
