using TgVault.Core.Ffmpeg;
using TgVault.Core.Videos;

namespace TgVault.Core.Ingest.Rewriting;

/// <summary>
/// What writing an upload anew may take, from its size and what it says of its length: an index may name the same bytes again and again,
/// in other containers than MP4 too.
/// </summary>
static class RemuxBounds
{
    const long Headroom = 64 << 20;

    static readonly TimeSpan LeastTime = TimeSpan.FromMinutes(10);

    // Of the slowest disk and processor that are worth waiting for.
    const double CopiedBytesPerSecond = 200_000;
    const double PictureSecondsPerSecond = 30;

    public static RemuxLimits Of(long sourceBytes, MediaSummary media)
    {
        var transcoded = media.Tracks.Where(track => track.Treatment?.Action == TrackAction.Transcode).ToList();
        var video = transcoded.Exists(track => track.Kind == MediaTrackKind.Video);
        // Days by what the file says are bounded by the settings.
        var seconds = Math.Min(media.DurationSeconds, TimeSpan.FromDays(2).TotalSeconds);
        if (transcoded.Count > 0 && seconds <= 0)
            return default;
        var sound = transcoded.Where(track => track.Kind == MediaTrackKind.Audio).Sum(Remux.BitRate) / 8.0 * seconds;
        return new RemuxLimits(
            video ? null : Headroom + (2 * sourceBytes) + (long)(2 * sound),
            LeastTime + TimeSpan.FromSeconds((sourceBytes / CopiedBytesPerSecond) + (seconds * (video ? PictureSecondsPerSecond : 1)))
        );
    }

    /// <exception cref="MediaException">Writing ended at its limit.</exception>
    public static void Check(string output, RemuxLimits limits)
    {
        if (limits.MaxBytes is { } most && new FileInfo(output) is { Exists: true, Length: var length } && length >= most)
            throw new MediaException($"What ffmpeg made of the file is larger than {most >> 20} MiB, more than it can hold.");
    }
}
