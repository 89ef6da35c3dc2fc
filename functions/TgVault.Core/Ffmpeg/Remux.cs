using System.Globalization;
using FFMpegCore;
using TgVault.Core.Ingest.Decision;
using TgVault.Core.Videos;

namespace TgVault.Core.Ffmpeg;

/// <summary>Writes a new MP4 with moov first from any container, copying what browsers play and transcoding what they do not (<see cref="MediaPlan"/>).</summary>
sealed class Remux(FfmpegTools tools)
{
    /// <summary>Writes <paramref name="output"/>; <paramref name="progress"/> is told how far into the video ffmpeg is.</summary>
    /// <exception cref="FfmpegException">ffmpeg failed, is missing, or took longer than the settings allow. The output may be there in part.</exception>
    public async Task RunAsync(
        string input,
        string output,
        MediaSummary media,
        IProgress<TimeSpan>? progress,
        CancellationToken cancellationToken
    )
    {
        var run = FFMpegArguments
            .FromFileInput(input, true, options => options.WithCustomArgument($"-nostdin {FfmpegTools.Confinement}"))
            .OutputToFile(output, true, options => options.WithCustomArgument(OutputArguments(media)));
        if (progress is not null)
            run = run.NotifyOnProgress(progress);
        await tools.RunAsync(run, "ffmpeg could not write a playable MP4 from this file.", cancellationToken);
    }

    static string OutputArguments(MediaSummary media)
    {
        var arguments = new List<string> { "-map_metadata 0", "-dn" };
        var video = MediaPlan.MainVideo(media);
        if (video is not null)
            arguments.AddRange(VideoArguments(media, video));

        var audio = 0;
        foreach (var track in media.Tracks.Where(track => track.Kind == MediaTrackKind.Audio))
        {
            arguments.Add($"-map 0:{Number(track.Index)}");
            arguments.Add(
                MediaPlan.ActionOf(media, track) == TrackAction.Copy
                    ? $"-c:a:{Number(audio)} copy"
                    : $"-c:a:{Number(audio)} aac -b:a:{Number(audio)} {AudioRate(track)}k"
            );
            audio++;
        }

        foreach (
            var track in media.Tracks.Where(track =>
                track.Kind == MediaTrackKind.Subtitle && MediaPlan.SubtitleAction(track) == TrackAction.Copy
            )
        )
            arguments.Add($"-map 0:{Number(track.Index)}");
        arguments.Add("-c:s mov_text");

        // FLAC in MP4 counts as experimental in older ffmpeg; browsers have played it for years.
        arguments.Add("-strict -2 -movflags +faststart -f mp4");
        return string.Join(' ', arguments);
    }

    static IEnumerable<string> VideoArguments(MediaSummary media, MediaTrack video)
    {
        yield return $"-map 0:{Number(video.Index)}";
        if (MediaPlan.ActionOf(media, video) != TrackAction.Transcode)
        {
            yield return "-c:v copy";
            if (video.Codec == "hevc")
                yield return "-tag:v hvc1";
        }
        else
        {
            // 4:2:0 needs even sides. Every picture at its own time: otherwise ffmpeg evens times out, doubling pictures and leaving some out.
            var (matrix, tag) = IsRgb(video) ? (":out_color_matrix=bt709", " -colorspace bt709") : ("", "");
            yield return $"-fps_mode vfr -enc_time_base -1 -c:v libx264 -preset veryfast -crf 21 -pix_fmt yuv420p -vf scale=trunc(iw/2)*2:trunc(ih/2)*2{matrix}{tag}";
        }
    }

    // Other pictures keep their matrix and what is said of it. RGB has none, and ffmpeg would take BT.601's and say nothing, for which players take that of the primaries or the size.
    static bool IsRgb(MediaTrack video) =>
        ((string[])["rgb", "bgr", "gbr", "pal8"]).Any(name => video.PixelFormat.Contains(name, StringComparison.Ordinal));

    static int AudioRate(MediaTrack track) => Math.Clamp(track.Channels, 1, 6) * 96;

    static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
