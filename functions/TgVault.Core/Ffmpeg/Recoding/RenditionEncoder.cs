using System.Globalization;
using TgVault.Core.Videos;

namespace TgVault.Core.Ffmpeg.Recoding;

/// <summary>
/// Encodes the pictures of a prepared MP4 at a smaller size in H.264: every picture at its original's time, and a keyframe exactly where
/// each segment of the original begins.
/// </summary>
sealed class RenditionEncoder(FfmpegTools tools)
{
    /// <summary>Linux takes 128 KiB in one argument; 9,000 segments, 15 hours, stay below.</summary>
    const int MaxKeyframeList = 120_000;

    /// <summary>
    /// A keyframe is forced at the first picture from its time on. Pictures are further apart than this, and times are rounded to less.
    /// </summary>
    const double Early = 100e-6;

    // What tables take, and a rate that holds only over seconds.
    const long Overhead = 16 << 20;
    const double Overshoot = 1.5;

    // Of the last one only the beginning is known here, where the track does not tell how long it is.
    const double LongestSegment = 60;

    /// <summary>
    /// The most bits per second that are asked for at a height: 2.8 Mbit/s at 720p, the others by the power 1.5 of the height.
    /// </summary>
    internal static long MaxBitRate(int height) => (long)(2_800_000 * Math.Pow(height / 720.0, 1.5));

    /// <summary>Writes <paramref name="output"/>.</summary>
    /// <param name="input">The prepared file.</param>
    /// <param name="output">The MP4 to write.</param>
    /// <param name="video">Its track.</param>
    /// <param name="timescale">That track's, in ticks per second; the rendition's too.</param>
    /// <param name="keyframeSeconds">When there must be keyframes, in seconds from the first picture on.</param>
    /// <param name="height">In lines.</param>
    /// <param name="hidesPictures">Whether the file's edit list hides pictures before the first; they are left out then.</param>
    /// <param name="tones">Makes its pictures ordinary ones; null where they are.</param>
    /// <param name="cancellationToken">Stops ffmpeg.</param>
    /// <exception cref="FfmpegException">ffmpeg failed, is missing, or took longer than the settings allow.</exception>
    /// <exception cref="MediaException">The video has more keyframes than can be told to ffmpeg.</exception>
    internal Task RunAsync(
        string input,
        string output,
        MediaTrack video,
        uint timescale,
        IEnumerable<double> keyframeSeconds,
        int height,
        bool hidesPictures,
        ToneMap? tones,
        CancellationToken cancellationToken
    )
    {
        var starts = keyframeSeconds.ToList();
        var keyframes = string.Join(
            ',',
            starts.Select(seconds => Math.Max(0, seconds - Early).ToString("F6", CultureInfo.InvariantCulture))
        );
        if (keyframes.Length > MaxKeyframeList)
            throw new MediaException("The video is too long to be encoded with its keyframes in place.");
        var rate = MaxBitRate(height);
        var seconds = Math.Max(video.DurationSeconds ?? 0, starts.DefaultIfEmpty().Max() + LongestSegment);
        // Scaled as they are, lines of two moments become one that is neither.
        var fields = video.FieldOrder is null ? "" : $"{Remux.Deinterlacing(video)},";
        // Behind the scaling, where there are fewer pixels to be mapped.
        var mapped = tones is null ? "" : $"{tones.Filters},";
        return FfmpegRun
            .From(input, hidesPictures ? [] : ["-ignore_editlist", "1"])
            .Add("-map", $"0:{video.Index}", "-an", "-sn", "-dn", "-map_metadata", -1, "-map_chapters", -1)
            // Times count from the first picture. What the file's edit list hides or delays, the index puts back.
            // Pixels become square, and the width the nearest even one: else players show 180 lines as 181, so that the shape is exact.
            .Add("-vf", $"{fields}setpts=PTS-STARTPTS,scale=w=2*round({height}*dar/2):h={height},{mapped}setsar=1")
            .Add("-fps_mode", "passthrough", "-enc_time_base", -1, "-video_track_timescale", timescale)
            .Add("-c:v", "libx264", "-preset", "veryfast", "-profile:v", "high", "-pix_fmt", "yuv420p")
            .Add("-crf", 23, "-maxrate", rate, "-bufsize", 2 * rate)
            // Without B-pictures decoding needs no lead over showing, which the original's timeline may not have.
            .Add("-bf", 0, "-x264-params", "keyint=infinite:scenecut=0", "-forced-idr", 1, "-force_key_frames", keyframes)
            .Add("-movflags", "+faststart", "-f", "mp4")
            .Reading(tones?.TablePath)
            .Lasting(seconds)
            .Encoding(video)
            .AtMost((long)(rate / 8.0 * seconds * Overshoot) + Overhead)
            .To(output)
            .RunAsync(tools, $"ffmpeg could not encode the video at {height} lines.", cancellationToken);
    }
}
