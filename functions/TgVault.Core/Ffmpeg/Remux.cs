using System.Collections.Immutable;
using TgVault.Core.Videos;

namespace TgVault.Core.Ffmpeg;

/// <summary>A track that is written, and whether by encoding it anew.</summary>
readonly record struct RemuxTrack(MediaTrack Track, bool Transcode);

/// <summary>
/// Writes a new MP4 with moov first from any container. Tracks are copied or transcoded to H.264 and AAC; subtitles become mov_text.
/// </summary>
sealed class Remux(FfmpegTools tools)
{
    /// <summary>Writes <paramref name="output"/>.</summary>
    /// <param name="input">A local file.</param>
    /// <param name="output">The MP4 to write.</param>
    /// <param name="tracks">What is written, in this order within each kind: one video track at most.</param>
    /// <param name="cancellationToken">Stops ffmpeg.</param>
    /// <exception cref="FfmpegException">ffmpeg failed, is missing, or took too long. The output may be there in part.</exception>
    internal Task RunAsync(string input, string output, ImmutableArray<RemuxTrack> tracks, CancellationToken cancellationToken)
    {
        var run = FfmpegRun.From(input).Add("-map_metadata", 0, "-dn");
        foreach (var (track, transcode) in tracks.Where(track => track.Track.Kind == MediaTrackKind.Video))
            AddVideo(run, track, transcode);
        var number = 0;
        foreach (var (track, transcode) in tracks.Where(track => track.Track.Kind == MediaTrackKind.Audio))
            AddSound(run, track, transcode, number++);
        foreach (var (track, _) in tracks.Where(track => track.Track.Kind == MediaTrackKind.Subtitle))
            run.Add("-map", $"0:{track.Index}");
        run.Add("-c:s", "mov_text");
        // FLAC in MP4 counts as experimental in older ffmpeg. Browsers have played it for years.
        return run.Add("-strict", -2, "-movflags", "+faststart", "-f", "mp4")
            .To(output)
            .RunAsync(tools, "ffmpeg could not write a playable MP4 from this file.", cancellationToken);
    }

    static void AddVideo(FfmpegRun run, MediaTrack video, bool transcode)
    {
        run.Add("-map", $"0:{video.Index}");
        if (!transcode)
        {
            run.Add("-c:v", "copy");
            if (video.Codec == "hevc")
                run.Add("-tag:v", "hvc1");
            return;
        }

        // Every picture at its own time: otherwise ffmpeg evens times out, which doubles pictures and leaves some out.
        run.Add("-fps_mode", "vfr", "-enc_time_base", -1);
        run.Add("-c:v", "libx264", "-preset", "veryfast", "-crf", 21, "-pix_fmt", "yuv420p");
        // 4:2:0 needs even sides.
        const string evenSides = "scale=trunc(iw/2)*2:trunc(ih/2)*2";
        if (IsRgb(video))
            run.Add("-vf", $"{evenSides}:out_color_matrix=bt709", "-colorspace", "bt709");
        else
            run.Add("-vf", evenSides);
    }

    static void AddSound(FfmpegRun run, MediaTrack track, bool transcode, int number)
    {
        run.Add("-map", $"0:{track.Index}");
        if (transcode)
            run.Add($"-c:a:{number}", "aac", $"-b:a:{number}", $"{Math.Clamp(track.Channels, 1, 6) * 96}k");
        else
            run.Add($"-c:a:{number}", "copy");
    }

    // Other pictures keep their matrix and what is said of it. RGB has none: ffmpeg would take BT.601's and say nothing, and players
    // would then take that of the primaries or of the size.
    static bool IsRgb(MediaTrack video) =>
        ((string[])["rgb", "bgr", "gbr", "pal8"]).Any(name => video.PixelFormat.Contains(name, StringComparison.Ordinal));
}
