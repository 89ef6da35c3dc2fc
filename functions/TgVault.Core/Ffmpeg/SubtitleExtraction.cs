using System.Collections.Immutable;
using TgVault.Core.Videos;

namespace TgVault.Core.Ffmpeg;

/// <summary>
/// Writes text subtitle tracks as WebVTT files, by one pass over the input. Their times begin where those of <see cref="Remux"/> begin:
/// ffmpeg moves all tracks of an input by its start time, whichever are written.
/// </summary>
sealed class SubtitleExtraction(FfmpegTools tools)
{
    /// <summary>
    /// Writes each track into its file. What WebVTT sources hold is copied. The texts of others keep italics, bold and underlining, and
    /// nothing in them is escaped.
    /// </summary>
    /// <param name="input">A local file.</param>
    /// <param name="tracks">Text tracks of the input, with the file of each.</param>
    /// <param name="maxBytes">A file that grows beyond this is ended there.</param>
    /// <param name="cancellationToken">Stops ffmpeg.</param>
    /// <exception cref="FfmpegException">ffmpeg failed, is missing, or took too long. The files may be there in part.</exception>
    internal Task RunAsync(
        string input,
        ImmutableArray<(MediaTrack Track, string Output)> tracks,
        int maxBytes,
        CancellationToken cancellationToken
    )
    {
        var run = FfmpegRun.From(input).AtMost(maxBytes);
        foreach (var (track, output) in tracks)
            run.Add("-map", $"0:{track.Index}", "-c:s", IsCopied(track) ? "copy" : "webvtt", "-fs", maxBytes + 1, "-f", "webvtt")
                .To(output);
        return run.RunAsync(tools, "ffmpeg could not read the subtitles.", cancellationToken);
    }

    /// <summary>Whether the track's texts are in the file as they were, markup included.</summary>
    internal static bool IsCopied(MediaTrack track) => track.Codec == "webvtt";
}
