using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using FFMpegCore;
using TgVault.Core.Videos;

namespace TgVault.Core.Ffmpeg;

/// <summary>Asks ffprobe what a file holds. FFMpegCore has the form of its answer.</summary>
sealed class MediaProbe(FfmpegTools tools)
{
    // Raw formats are guessed from a few bytes: ffmpeg gives such guesses a quarter of its full score of 100 or less (AVPROBE_SCORE_RETRY).
    const double LeastTrustedScore = 26;

    /// <summary>What <paramref name="path"/> holds; null where ffprobe finds no media in it.</summary>
    /// <exception cref="FfmpegException">
    /// ffprobe is missing, took longer than the settings allow, or gave no answer that can be read.
    /// </exception>
    internal async Task<MediaSummary?> ProbeAsync(string path, CancellationToken cancellationToken)
    {
        ImmutableArray<string> arguments =
        [
            "-loglevel",
            "error",
            "-print_format",
            "json",
            "-show_format",
            "-show_streams",
            .. FfmpegTools.Confinement,
            "-i",
            path,
        ];
        var ended = await FfmpegProcess.RunAsync(tools, "ffprobe", arguments, tools.InspectTimeout, cancellationToken);
        if (ended.ExitCode != 0 || ended.Output is null)
            return null;
        var analysis = Read(ended.Output);
        return analysis?.Format is not { } format || format.ProbeScore < LeastTrustedScore || format.NbStreams == 0
            ? null
            : Summarise(format, analysis.Streams ?? []);
    }

    static FFProbeAnalysis? Read(byte[] output)
    {
        try
        {
            return JsonSerializer.Deserialize<FFProbeAnalysis>(output);
        }
        catch (JsonException exception)
        {
            throw new FfmpegException("ffprobe gave an answer that cannot be read.", 0, "", exception);
        }
    }

    static MediaSummary Summarise(FFProbeFormat format, IReadOnlyList<FFProbeStream> streams) =>
        new()
        {
            Container = format.FormatName ?? "",
            DurationSeconds = Longest(format, streams),
            Tracks = [.. streams.Select(TrackOf).OfType<MediaTrack>().OrderBy(track => track.Index)],
        };

    // Fonts and data streams are left out.
    static MediaTrack? TrackOf(FFProbeStream stream)
    {
        MediaTrackKind? kind = stream.CodecType switch
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
            Index = stream.Index,
            Kind = kind.Value,
            Codec = stream.CodecName ?? "",
            Tag = stream.CodecTagString is { Length: 4 } tag ? tag : "",
            Language = Bounded(stream.Tags?.GetValueOrDefault("language")),
            Title = Bounded(stream.Tags?.GetValueOrDefault("title")),
            StartSeconds = Told(stream.StartTime, signed: true),
            DurationSeconds = Told(stream.Duration, signed: false),
        };
        return kind switch
        {
            MediaTrackKind.Video => track with
            {
                Profile = stream.Profile ?? "",
                PixelFormat = stream.PixelFormat ?? "",
                Width = stream.Width ?? 0,
                Height = stream.Height ?? 0,
                FrameRate = Ratio(stream.AvgFrameRate),
                Rotation = ((Rotation(stream) % 360) + 360) % 360,
                Colour = ColourOf(stream),
                AttachedPicture = stream.Disposition?.GetValueOrDefault("attached_pic") > 0,
            },
            MediaTrackKind.Audio => track with
            {
                Profile = stream.Profile ?? "",
                Channels = stream.Channels ?? 0,
                SampleRate = (int)Number(stream.SampleRate),
                ChannelLayout = stream.ChannelLayout is { Length: > 0 } layout ? Bounded(layout) : null,
            },
            _ => track,
        };
    }

    // A container may be silent about its length while its tracks are not.
    static double Longest(FFProbeFormat format, IReadOnlyList<FFProbeStream> streams)
    {
        return Math.Max(Seconds(format.Duration), Math.Max(OfFirst("video"), OfFirst("audio")));

        double OfFirst(string type) => Seconds(streams.Where(stream => stream.CodecType == type).MinBy(stream => stream.Index)?.Duration);
    }

    // ffprobe leaves out what it does not know.
    static string? ColourOf(FFProbeStream stream)
    {
        ImmutableArray<string?> parts = [stream.ColorSpace, stream.ColorPrimaries, stream.ColorTransfer];
        return parts.All(string.IsNullOrEmpty)
            ? null
            : Bounded(string.Join('/', parts.Select(part => part is { Length: > 0 } ? part : "-")));
    }

    static double? Told(string? text, bool signed) => string.IsNullOrEmpty(text) || text == "N/A" ? null : Number(text, signed);

    // To the millisecond: what lies behind is rounding.
    static double Seconds(string? text) => (double)(decimal.Truncate((decimal)Math.Min(Number(text), 1e12) * 1000) / 1000);

    static int Rotation(FFProbeStream stream)
    {
        var matrix = stream.SideData?.FirstOrDefault(data => data.GetValueOrDefault("side_data_type")?.ToString() == "Display Matrix");
        return (int)Number(matrix?.GetValueOrDefault("rotation")?.ToString() ?? stream.Tags?.GetValueOrDefault("rotate"), signed: true);
    }

    static double Ratio(string? text) =>
        text?.Split('/') is [var over, var under] && Number(under) is > 0 and var divisor ? Number(over) / divisor : 0;

    // What is not told, or is no number of its kind, is 0.
    static double Number(string? text) => Number(text, signed: false);

    static double Number(string? text, bool signed) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
        && double.IsFinite(value)
        && (signed || value > 0)
            ? value
            : 0;

    // Titles come from the file. The row has room for a person's words, not for a novel.
    static string Bounded(string? text) =>
        text is null ? ""
        : text.Length <= 200 ? text
        : text[..200];
}
