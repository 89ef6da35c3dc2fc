using System.Collections.Immutable;
using System.Globalization;
using TgVault.Core.Videos;

namespace TgVault.Core.Ffmpeg;

/// <summary>What writing a file may take: in proportion to what it is written from.</summary>
/// <param name="MaxBytes">Writing ends there.</param>
/// <param name="Time">How long it may take.</param>
/// <param name="Seconds">How long it plays.</param>
readonly record struct RemuxLimits(long MaxBytes, TimeSpan Time, double Seconds)
{
    /// <summary>From how many seconds on a jump of the clock is passed over; null: as ffmpeg does.</summary>
    public double? JumpSeconds { get; init; }
}

/// <summary>
/// Writes a new MP4 with moov first from any container, each track by its treatment: copied, or transcoded to H.264 and AAC; subtitles
/// become mov_text.
/// </summary>
sealed class Remux(FfmpegTools tools)
{
    /// <summary>
    /// How much of the tracks that go on is kept in memory while another has given nothing yet, in bytes: half a minute of what cameras
    /// record, minutes of a film.
    /// </summary>
    const int MaxQueue = 256 << 20;

    const int BitRatePerChannel = 96_000;

    // How far ffmpeg looks for the first picture and sound of every track, in microseconds and bytes, before it begins: of pictures that
    // begin later it does not know how they are ordered, and their times come out wrong.
    const int LookedAhead = 60_000_000;
    const int MaxLookedAhead = 64 << 20;

    // Firefox reads how long nothing is shown before late pictures in ticks of their track instead of the movie's (ISO/IEC 14496-12 8.6.6):
    // so both are one. A multiple of the usual rates of pictures, of 1001sts too, and of milliseconds.
    const int LateTimescale = 120_000;

    const string Failure = "ffmpeg could not write a playable MP4 from this file.";

    /// <summary>Writes <paramref name="output"/>.</summary>
    /// <param name="input">A local file.</param>
    /// <param name="output">The MP4 to write.</param>
    /// <param name="tracks">The tracks with their treatments: one video track at most is not left out.</param>
    /// <param name="limits">What it may take.</param>
    /// <param name="cancellationToken">Stops ffmpeg.</param>
    /// <exception cref="FfmpegException">ffmpeg failed, is missing, or took too long. The output may be there in part.</exception>
    internal async Task<FfmpegComplaints> RunAsync(
        string input,
        string output,
        ImmutableArray<MediaTrack> tracks,
        RemuxLimits limits,
        CancellationToken cancellationToken
    )
    {
        var run = From(input, limits).Add("-map_metadata", 0, "-dn");
        var written = Written(tracks);
        var sounds = 0;
        foreach (var track in written)
        {
            run.Add("-map", $"0:{track.Index}");
            if (track.Kind == MediaTrackKind.Video)
                AddVideo(run, track);
            if (track.Kind == MediaTrackKind.Audio)
                AddSound(run, track, sounds++);
        }

        return await Finish(run, output, limits, written).RunAsync(tools, Failure, cancellationToken, limits.Time);
    }

    /// <summary>
    /// The same by two runs, the first of which writes the sound that is transcoded: however late that begins, nothing waits for it.
    /// Silence is put before it.
    /// </summary>
    internal async Task<FfmpegComplaints> RunWithSoundApartAsync(
        string input,
        string output,
        ImmutableArray<MediaTrack> tracks,
        RemuxLimits limits,
        CancellationToken cancellationToken
    )
    {
        using var sound = TemporaryFile.Create(tools.TemporaryFolder, ".mp4");
        var written = Written(tracks);
        var apart = written
            .Where(track => track is { Kind: MediaTrackKind.Audio, Treatment.Action: TrackAction.Transcode })
            .ToImmutableArray();
        var first = From(input, limits).Add("-map_metadata", 0, "-vn", "-sn", "-dn");
        for (var i = 0; i < apart.Length; i++)
            AddSound(first.Add("-map", $"0:{apart[i].Index}"), apart[i], i);
        await Finish(first, sound.Path, limits, apart).RunAsync(tools, Failure, cancellationToken, limits.Time);

        var run = From(input, limits).And(sound.Path).Add("-map_metadata", 0, "-dn");
        var sounds = 0;
        foreach (var track in written)
        {
            run.Add("-map", apart.IndexOf(track) is >= 0 and var place ? $"1:{place}" : $"0:{track.Index}");
            if (track.Kind == MediaTrackKind.Video)
                AddVideo(run, track);
            if (track.Kind == MediaTrackKind.Audio)
                run.Add($"-c:a:{sounds++}", "copy");
        }

        return await Finish(run, output, limits, written).RunAsync(tools, Failure, cancellationToken, limits.Time);
    }

    static FfmpegRun From(string input, RemuxLimits limits)
    {
        string[] jumps = limits.JumpSeconds is { } jump ? ["-dts_delta_threshold", Number(jump)] : [];
        return FfmpegRun.From(input, ["-analyzeduration", Number(LookedAhead), "-probesize", Number(MaxLookedAhead), .. jumps]);

        static string Number(IFormattable number) => number.ToString(null, CultureInfo.InvariantCulture);
    }

    /// <summary>What is written, in the order in which it is.</summary>
    internal static ImmutableArray<MediaTrack> Written(ImmutableArray<MediaTrack> tracks) =>
        [
            .. tracks
                .Where(track => track.Treatment is { Action: not TrackAction.LeaveOut } && track.Kind != MediaTrackKind.Other)
                .OrderBy(track => track.Kind),
        ];

    /// <summary>How many bits a second transcoded sound takes at the most.</summary>
    internal static long BitRate(MediaTrack track) =>
        BitRatePerChannel
        * track.Treatment?.Layout switch
        {
            "mono" => 1,
            "stereo" => 2,
            "3.0" => 3,
            "4.0" => 4,
            "5.0" => 5,
            null => Math.Clamp(track.Channels, 1, 6),
            _ => 6,
        };

    // The earliest of what is written begins the film.
    static bool PicturesAreLate(ImmutableArray<MediaTrack> written) =>
        written.FirstOrDefault(track => track.Kind == MediaTrackKind.Video) is { StartSeconds: { } pictures, Treatment.FillsStart: false }
        && written.Any(track => track.StartSeconds < pictures);

    static FfmpegRun Finish(FfmpegRun run, string output, RemuxLimits limits, ImmutableArray<MediaTrack> written)
    {
        if (PicturesAreLate(written))
            run.Add("-movie_timescale", LateTimescale, "-video_track_timescale", LateTimescale);
        // Edit lists say in ticks of the movie where sound ends: in its own samples it ends where it did.
        else if (written.FirstOrDefault(track => track is { Kind: MediaTrackKind.Audio, SampleRate: > 0 }) is { } sound)
            run.Add("-movie_timescale", sound.SampleRate);
        // ffmpeg passes over an MP4's tags of BCP 47, which it has no place for either: of those the language itself is kept.
        for (var i = 0; i < written.Length; i++)
        {
            if (LanguageTag.From(written[i].Language) is { } language && written[i].Language.Length != 3)
                run.Add($"-metadata:s:{i}", $"language={LanguageTag.ToThreeLetters(language)}");
        }

        run.Add("-c:s", "mov_text", "-muxing_queue_data_threshold", MaxQueue);
        run.Add("-fs", limits.MaxBytes).AtMost(limits.MaxBytes).Lasting(limits.Seconds);
        // FLAC in MP4 counts as experimental in older ffmpeg. Browsers have played it for years.
        return run.Add("-strict", -2, "-movflags", "+faststart", "-f", "mp4").To(output);
    }

    static void AddVideo(FfmpegRun run, MediaTrack video)
    {
        // The first picture is shown when the film begins, and decoded as long before as it was.
        if (video.Treatment!.FillsStart)
            run.Add("-bsf:v", @"setts=pts=if(eq(N\,0)\,0\,PTS):dts=if(eq(N\,0)\,DTS-PTS\,DTS)");
        if (video.Treatment.Action != TrackAction.Transcode)
        {
            run.Add("-c:v", "copy");
            if (video.Codec == "hevc")
                run.Add("-tag:v", "hvc1");
            return;
        }

        run.Encoding(video);
        // Every picture at its own time: otherwise ffmpeg evens times out, which doubles pictures and leaves some out.
        run.Add("-fps_mode", "vfr", "-enc_time_base", -1);
        run.Add("-c:v", "libx264", "-preset", "veryfast", "-crf", 21, "-pix_fmt", "yuv420p");
        // 4:2:0 needs even sides.
        const string evenSides = "scale=trunc(iw/2)*2:trunc(ih/2)*2";
        var scale = IsRgb(video) ? $"{evenSides}:out_color_matrix=bt709" : evenSides;
        run.Add("-vf", video.Treatment.Deinterlaces ? $"{Deinterlacing(video)},{scale}" : scale);
        if (IsRgb(video))
            run.Add("-colorspace", "bt709");
    }

    /// <summary>
    /// The filter that makes two fields a whole picture: as many pictures as there were frames. Those of most codecs say of themselves
    /// whether they were ever two fields; of some only the container tells, of all alike.
    /// </summary>
    internal static string Deinterlacing(MediaTrack video) =>
        "bwdif=mode=send_frame:deint="
        + (video.Codec is "utvideo" or "huffyuv" or "ffvhuff" or "rawvideo" or "cfhd" ? "all" : "interlaced");

    static void AddSound(FfmpegRun run, MediaTrack track, int number)
    {
        if (track.Treatment!.Action != TrackAction.Transcode)
        {
            run.Add($"-c:a:{number}", "copy");
            return;
        }

        run.Add($"-c:a:{number}", "aac", $"-b:a:{number}", BitRate(track), $"-filter:a:{number}", SoundFilter(track));
    }

    // Silence before the beginning, in gaps and after the end, so that sound stays with its pictures: encoders count samples and know no
    // times. Then the layout, whatever the decoder turns out to give, now or midway.
    static string SoundFilter(MediaTrack track)
    {
        var filter = $"aresample=async=1:first_pts=0,aformat=channel_layouts={track.Treatment!.Layout ?? "stereo"}";
        if (track.Treatment.FillsUntilSeconds is { } end)
            filter = string.Create(CultureInfo.InvariantCulture, $"{filter},apad=whole_dur={end:0.###}");
        return track.ChannelLayout is null ? $"{LayOut(track.Channels)}{filter}" : filter;
    }

    // ffmpeg guesses how channels are laid out where nothing tells, but of three it takes one for a subwoofer, and of more than eight it
    // knows nothing. Who those are for is not known: every other one to the left, the rest to the right, all of them heard.
    static string LayOut(int channels)
    {
        const int mostGuessed = 8,
            mostMixed = 64;
        return channels switch
        {
            // ffmpeg 5's pan gives silence for this layout.
            3 => "channelmap=map=0-FL|1-FR|2-FC:channel_layout=3.0,",
            > mostGuessed => $"pan=stereo|FL<{Sum(0)}|FR<{Sum(1)},",
            _ => "",
        };

        string Sum(int first) =>
            string.Join('+', Enumerable.Range(0, Math.Min(channels, mostMixed)).Where(i => i % 2 == first).Select(i => $"c{i}"));
    }

    // Other pictures keep their matrix and what is said of it. RGB has none: ffmpeg would take BT.601's and say nothing, and players
    // would then take that of the primaries or of the size.
    static bool IsRgb(MediaTrack video) =>
        ((string[])["rgb", "bgr", "gbr", "pal8"]).Any(name => video.PixelFormat.Contains(name, StringComparison.Ordinal));
}
