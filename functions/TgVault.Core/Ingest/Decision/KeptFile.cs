using TgVault.Core.Settings;
using TgVault.Core.Videos;

namespace TgVault.Core.Ingest.Decision;

/// <summary>What can become of a video that is kept as a file.</summary>
public static class KeptFile
{
    /// <summary>Whether it may be played once its pictures are encoded anew; what was tried and failed counts, too.</summary>
    public static bool PlaysTranscoded(Video video) =>
        video.Inspection is { Decision.Action: MediaAction.KeepAsFile, Media: { } media } && MediaPlan.PlaysTranscoded(media);

    /// <summary>Whether ingesting it anew may make it play, as the vault is set now.</summary>
    public static bool MayPlay(Video video, IngestSettings settings) => settings.TranscodeVideo && PlaysTranscoded(video);
}
