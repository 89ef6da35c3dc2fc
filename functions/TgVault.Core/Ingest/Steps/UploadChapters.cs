using System.Collections.Immutable;
using TgVault.Core.Ffmpeg.Chapters;
using TgVault.Core.Ingest.Decision;
using TgVault.Core.Mp4.Boxes;
using TgVault.Core.Mp4.Text;
using TgVault.Core.Videos;

namespace TgVault.Core.Ingest.Steps;

/// <summary>
/// Finds the chapters of an upload, from when the video begins. There being none, or none that can be read, keeps nothing from it.
/// </summary>
static class UploadChapters
{
    /// <param name="probe">Asks ffprobe, where the upload is no MP4.</param>
    /// <param name="sample">What ffprobe looks at.</param>
    /// <param name="evidence">What the boxes say.</param>
    /// <param name="read">Reads the upload.</param>
    /// <param name="media">What it holds.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    public static async Task<ImmutableArray<Chapter>?> FindAsync(
        ChapterProbe probe,
        string sample,
        UploadEvidence evidence,
        ReadRange read,
        MediaSummary media,
        CancellationToken cancellationToken
    )
    {
        if (MediaPlan.IsMp4(media))
            return evidence.Head is { } head
                ? Chapter.InOrder(await ChapterTexts.ReadAsync(head, read, cancellationToken), media.DurationSeconds)
                : null;
        var found = await probe.ReadAsync(sample, cancellationToken);
        // Clocks of containers begin anywhere, and ffmpeg begins at 0.
        var start = MediaPlan.Played(media).Min(track => track.StartSeconds) ?? 0;
        return Chapter.InOrder(
            found.Select(chapter => chapter with { StartSeconds = chapter.StartSeconds - start, EndSeconds = chapter.EndSeconds - start }),
            media.DurationSeconds
        );
    }
}
