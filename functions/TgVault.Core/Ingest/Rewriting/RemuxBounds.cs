using TgVault.Core.Ffmpeg;
using TgVault.Core.Ffmpeg.Caging;
using TgVault.Core.Videos;

namespace TgVault.Core.Ingest.Rewriting;

/// <summary>
/// What writing an upload anew may take, from its size and what it says of its length: an index may name the same bytes again and again,
/// in other containers than MP4 too.
/// </summary>
static class RemuxBounds
{
    // What tables and padding take of a small file.
    const long Headroom = 1 << 20;

    // A copy is hardly longer than its source. Pictures that are encoded anew may be, where the source's codec was a better one.
    const int CopiedTimes = 2;
    const int EncodedTimes = 4;

    public static RemuxLimits Of(long sourceBytes, MediaSummary media)
    {
        var transcoded = media.Tracks.Where(track => track.Treatment?.Action == TrackAction.Transcode).ToList();
        var video = transcoded.Exists(track => track.Kind == MediaTrackKind.Video);
        var seconds = RunBounds.CredibleSeconds(sourceBytes, media.DurationSeconds);
        var sound = transcoded.Where(track => track.Kind == MediaTrackKind.Audio).Sum(Remux.BitRate) / 8.0 * seconds;
        return new RemuxLimits(
            Headroom + ((video ? EncodedTimes : CopiedTimes) * sourceBytes) + (long)(1.5 * sound),
            RunBounds.TimeFor(sourceBytes, seconds, video),
            seconds
        );
    }

    /// <exception cref="MediaException">Writing ended at its limit.</exception>
    public static void Check(string output, RemuxLimits limits)
    {
        if (new FileInfo(output) is { Exists: true, Length: var length } && length >= limits.MaxBytes)
            throw TooLong(limits, null);
    }

    public static MediaException TooLong(RemuxLimits limits, Exception? exception) =>
        new($"What ffmpeg made of the file is larger than {limits.MaxBytes >> 20} MiB, more than it can hold.", exception);
}
