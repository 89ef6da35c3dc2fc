using TgVault.Core.Ffmpeg;
using TgVault.Core.Ingest.Decision;
using TgVault.Core.Videos;

namespace TgVault.Core.Ingest.Rewriting;

/// <summary>
/// Tells an upload that lacks its end from one that only promises more than there is: containers name durations of tracks that are not
/// written, of clocks that begin later, or simply wrong ones. It is cut short where ffmpeg met the file's end within something.
/// </summary>
static class CutShort
{
    // What lacks less is played rather than kept as a file.
    const double LeastKept = 0.9;

    /// <exception cref="MediaException">The end is missing.</exception>
    public static void Check(FfmpegComplaints complaints, MediaSummary media, MediaSummary made)
    {
        if (!complaints.EndsEarly)
            return;
        var written = Remux.Written(media.Tracks);
        if (written.Length != made.Tracks.Length)
            return;
        var main = MediaPlan.MainVideo(media) ?? written.First();
        foreach (var (track, result) in written.Zip(made.Tracks).Where(pair => pair.First.Kind != MediaTrackKind.Subtitle))
        {
            // The container's own duration is that of its longest track, which nobody but the main one is measured by.
            if ((track.DurationSeconds ?? (track.Index == main.Index ? media.DurationSeconds : null)) is not { } end)
                continue;
            // Ends count from the container's clock, or from the track's start: the less of both.
            var promised = end - Math.Max(0, track.StartSeconds ?? 0);
            var kept = result.DurationSeconds ?? made.DurationSeconds;
            if (kept < promised * LeastKept)
                throw new MediaException($"The file is cut short or damaged: of {promised:0.#} s only {kept:0.#} s could be read.");
        }
    }
}
