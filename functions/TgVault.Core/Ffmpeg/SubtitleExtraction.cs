using System.Collections.Immutable;
using System.Globalization;
using FFMpegCore;
using TgVault.Core.Videos;

namespace TgVault.Core.Ffmpeg;

/// <summary>
/// Writes text subtitle tracks as WebVTT files, by one pass over the input. Their times begin where those of <see cref="Remux"/> begin: ffmpeg moves all
/// tracks of an input by its start time, whichever are written.
/// </summary>
sealed class SubtitleExtraction(FfmpegTools tools)
{
    /// <summary>Writes each track into its file. What WebVTT sources hold is copied; of others, texts keep italics, bold and underlining, and nothing is escaped.</summary>
    /// <param name="input">A local file.</param>
    /// <param name="tracks">Text tracks of the input, with the file of each.</param>
    /// <param name="maxBytes">A file that grows beyond this is ended there.</param>
    /// <exception cref="FfmpegException">ffmpeg failed, is missing, or took longer than the settings allow. The files may be there in part.</exception>
    public async Task RunAsync(
        string input,
        ImmutableArray<(MediaTrack Track, string Output)> tracks,
        int maxBytes,
        CancellationToken cancellationToken
    )
    {
        var run = FFMpegArguments
            .FromFileInput(input, true, options => options.WithCustomArgument($"-nostdin {FfmpegTools.Confinement}"))
            .OutputToMany(outputs =>
            {
                foreach (var (track, output) in tracks)
                    outputs.OutputToFile(output, true, options => options.WithCustomArgument(Arguments(track, maxBytes)));
            });
        await tools.RunAsync(run, "ffmpeg could not read the subtitles.", cancellationToken);
    }

    /// <summary>Whether the track's texts are in the file as they were, markup included.</summary>
    public static bool IsCopied(MediaTrack track) => track.Codec == "webvtt";

    static string Arguments(MediaTrack track, int maxBytes) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"-map 0:{track.Index} -c:s {(IsCopied(track) ? "copy" : "webvtt")} -fs {maxBytes + 1} -f webvtt"
        );
}
