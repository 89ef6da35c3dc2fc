using System.Collections.Immutable;
using System.Globalization;
using FFMpegCore;
using TgVault.Core.Ffmpeg.Caging;
using TgVault.Core.Videos;

namespace TgVault.Core.Ffmpeg;

/// <summary>
/// Asks ffprobe what a file holds: only for what is used, since a file may say more about itself than memory holds.
/// </summary>
sealed class MediaProbe(FfmpegTools tools)
{
    // Raw formats are guessed from a few bytes: ffmpeg gives such guesses a quarter of its full score of 100 or less (AVPROBE_SCORE_RETRY).
    const double LeastTrustedScore = 26;

    const string Entries =
        "format=format_name,nb_streams,duration,probe_score"
        + ":stream=index,id,codec_type,codec_name,codec_tag_string,profile,width,height,pix_fmt,avg_frame_rate,field_order"
        + ",color_space,color_primaries,color_transfer,sample_rate,channels,channel_layout,start_time,duration,nb_frames,extradata"
        + ":stream_disposition=attached_pic:stream_side_data=side_data_type,rotation"
        // Of Matroska's statistics. Older programs put the language behind the names.
        + ":stream_tags=language,title,rotate,alpha_mode,DURATION,DURATION-eng,NUMBER_OF_FRAMES,NUMBER_OF_FRAMES-eng";

    /// <summary>What <paramref name="path"/> holds; null where ffprobe finds no media in it.</summary>
    /// <exception cref="FfmpegException">
    /// ffprobe is missing, took longer than the settings allow, or gave no answer that can be read.
    /// </exception>
    /// <exception cref="MediaException">The file says more about its tracks than is read.</exception>
    internal async Task<MediaSummary?> ProbeAsync(string path, CancellationToken cancellationToken)
    {
        ImmutableArray<string> arguments =
        [
            "-loglevel",
            "error",
            "-print_format",
            "json",
            // For extradata.
            "-show_data",
            "-show_entries",
            Entries,
            .. FfmpegTools.Confinement,
            "-i",
            path,
        ];
        ReadOnlyMemory<byte> output = default;
        var ended = await FfmpegProcess.RunAsync(
            tools,
            "ffprobe",
            arguments,
            Cage.OfProbe(path, tools.InspectTimeout),
            cancellationToken,
            async (printed, cancellation) => output = await ProbeOutput.ReadAsync(printed, cancellation)
        );
        if (ended.ExitCode != 0)
            return null;
        var answer = ProbeAnswer.Read(output.Span);
        return answer.Format is not { } format || format.ProbeScore < LeastTrustedScore || format.NbStreams <= 0
            ? null
            : Summarise(format, answer.Streams);
    }

    static MediaSummary Summarise(FFProbeFormat format, IReadOnlyList<ProbeStream> streams)
    {
        var container = format.FormatName ?? "";
        // What is not counted has no samples where others are: the table of sizes is empty. Fragments are never counted.
        var counted = container.StartsWith("mov,", StringComparison.Ordinal) && streams.Any(stream => Number(stream.FrameCount) > 0);
        return new MediaSummary
        {
            Container = container,
            DurationSeconds = Longest(format, streams),
            Tracks =
            [
                .. streams
                    .Select(stream => TrackOf(stream, counted))
                    .OfType<MediaTrack>()
                    .OrderBy(track => track.Index)
                    .DistinctBy(track => track.Index),
            ],
        };
    }

    // Fonts and data streams are left out.
    static MediaTrack? TrackOf(ProbeStream stream, bool counted)
    {
        MediaTrackKind? kind = stream.Model.CodecType switch
        {
            "video" => MediaTrackKind.Video,
            "audio" => MediaTrackKind.Audio,
            "subtitle" => MediaTrackKind.Subtitle,
            _ => null,
        };
        if (kind is null)
            return null;
        var track = new MediaTrack
        {
            Index = Counted(stream.Model.Index),
            Kind = kind.Value,
            Codec = Known(stream.Model.CodecName) ?? "",
            ContainerId = IdOf(stream.Id),
            Tag = stream.Model.CodecTagString is { Length: 4 } tag ? tag : "",
            Language = Bounded(stream.Tag("language") ?? ""),
            Title = Bounded(stream.Tag("title") ?? ""),
            StartSeconds = Told(stream.Model.StartTime, signed: true),
            DurationSeconds = Told(stream.Model.Duration, signed: false) ?? TagSeconds(stream),
            SampleCount = CountOf(stream) ?? (counted ? 0 : null),
        };
        return kind switch
        {
            MediaTrackKind.Video => track with
            {
                Profile = Known(stream.Model.Profile) ?? "",
                PixelFormat = Known(stream.Model.PixelFormat) ?? "",
                Width = Counted(stream.Model.Width),
                Height = Counted(stream.Model.Height),
                FrameRate = Ratio(stream.Model.AvgFrameRate),
                Rotation = (((int)Number(stream.Rotation, signed: true) % 360) + 360) % 360,
                Colour = ColourOf(stream),
                FieldOrder = stream.Model.FieldOrder is "tt" or "bb" or "tb" or "bt" ? stream.Model.FieldOrder : null,
                HasAlpha = Number(stream.Tag("alpha_mode")) > 0,
                AttachedPicture = stream.Model.Disposition?.GetValueOrDefault("attached_pic") > 0,
            },
            MediaTrackKind.Audio => track with
            {
                Profile = Known(stream.Model.Profile) ?? "",
                Channels = Counted(stream.Model.Channels),
                SampleRate = (int)Number(stream.Model.SampleRate),
                ChannelLayout = Known(stream.Model.ChannelLayout),
                SpellsLayoutOut = SpellsLayoutOut(track.Codec, Dumped(stream.Settings ?? "")),
            },
            _ => track,
        };
    }

    // ffprobe writes it in hexadecimal.
    static long? IdOf(string? id) =>
        id is ['0', 'x', .. var digits]
        && long.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;

    // A container may be silent about its length while its tracks are not.
    static double Longest(FFProbeFormat format, IReadOnlyList<ProbeStream> streams)
    {
        return Math.Max(Seconds(format.Duration), Math.Max(OfFirst("video"), OfFirst("audio")));

        double OfFirst(string type) => Seconds(streams.FirstOrDefault(stream => stream.Model.CodecType == type)?.Model.Duration);
    }

    // To the millisecond: what lies behind is rounding.
    static double Seconds(string? text) => (double)(decimal.Truncate((decimal)Math.Min(Number(text), 1e12) * 1000) / 1000);

    static long? CountOf(ProbeStream stream)
    {
        foreach (var text in (string?[])[stream.FrameCount, stream.Tag("NUMBER_OF_FRAMES"), stream.Tag("NUMBER_OF_FRAMES-eng")])
        {
            if (Number(text) is > 0 and < long.MaxValue / 2 and var count)
                return (long)count;
        }

        return null;
    }

    // Hours:minutes:seconds, to the nanosecond.
    static double? TagSeconds(ProbeStream stream)
    {
        var text = stream.Tag("DURATION") ?? stream.Tag("DURATION-eng") ?? "";
        return
            text.Split(':') is [var hours, var minutes, var seconds]
            && Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds) is > 0 and var total
            ? Math.Round(total, 6)
            : null;
    }

    static bool SpellsLayoutOut(string codec, ReadOnlySpan<byte> settings)
    {
        const int explicitRate = 15,
            escapedType = 31,
            mappingAt = 18;
        // Of an OpusHead, the mapping family (RFC 7845 §5.1.1): 0 and 1 name layouts.
        if (codec == "opus")
            return settings.Length > mappingAt && settings[mappingAt] > 1;
        // Of an AudioSpecificConfig (ISO 14496-3 §1.6.2.1): five bits of object type, four of the rate, four that number the layout. 0
        // stands for one that a program config element spells out.
        if (codec != "aac" || settings.Length < 2)
            return false;
        var bits = (settings[0] << 8) | settings[1];
        return bits >> 11 != escapedType && ((bits >> 7) & 15) != explicitRate && ((bits >> 3) & 15) == 0;
    }

    // ffprobe dumps bytes in lines of "00000010: 1208 56e5 00   ..V..".
    static byte[] Dumped(string dump)
    {
        const int most = 64;
        var bytes = new List<byte>();
        foreach (var line in dump.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Split(": ", 2) is not [_, var rest])
                continue;
            foreach (var word in rest.Split("  ")[0].Split(' '))
            {
                if (word.Length is not (2 or 4) || bytes.Count >= most || !word.All(char.IsAsciiHexDigit))
                    break;
                bytes.AddRange(Convert.FromHexString(word));
            }
        }

        return [.. bytes];
    }

    // ffprobe leaves out what it does not know, or calls it unknown.
    static string? ColourOf(ProbeStream stream)
    {
        ImmutableArray<string?> parts =
        [
            Known(stream.Model.ColorSpace),
            Known(stream.Model.ColorPrimaries),
            Known(stream.Model.ColorTransfer),
        ];
        return parts.All(part => part is null) ? null : string.Join('/', parts.Select(part => part ?? "-"));
    }

    static double Ratio(string? text) =>
        text?.Split('/') is [var over, var under] && Number(under) is > 0 and var divisor ? Number(over) / divisor : 0;

    static double? Told(string? text, bool signed) => Known(text) is { } known && known != "N/A" ? Number(known, signed) : null;

    static string? Known(string? text) => text is { Length: > 0 } and not ("unknown" or "none") ? Bounded(text) : null;

    static int Counted(int? number) => Math.Max(0, number ?? 0);

    // What is not told, or is no number of its kind, is 0.
    static double Number(string? text, bool signed = false) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
        && double.IsFinite(value)
        && (signed || value > 0)
            ? value
            : 0;

    // Titles come from the file. The row has room for a person's words, not for a novel.
    static string Bounded(string text) => text.Length <= 200 ? text : text[..200];
}
