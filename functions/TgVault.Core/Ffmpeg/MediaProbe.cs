using System.Collections.Immutable;
using FFMpegCore;
using FFMpegCore.Exceptions;
using TgVault.Core.Videos;

namespace TgVault.Core.Ffmpeg;

/// <summary>Asks ffprobe what a file holds.</summary>
sealed class MediaProbe(FfmpegTools tools)
{
    // Raw formats are guessed from a few bytes: ffmpeg gives such guesses a quarter of its full score of 100 or less (AVPROBE_SCORE_RETRY).
    const double LeastTrustedScore = 26;

    /// <summary>What <paramref name="path"/> holds; null where ffprobe finds no media in it.</summary>
    /// <exception cref="FfmpegException">ffprobe is missing, or took longer than the settings allow.</exception>
    public async Task<MediaSummary?> ProbeAsync(string path, CancellationToken cancellationToken)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limited.CancelAfter(tools.InspectTimeout);
        try
        {
            var analysis = await FFProbe.AnalyseAsync(path, tools.Options, FfmpegTools.Confinement, limited.Token);
            return analysis.Format.ProbeScore < LeastTrustedScore || analysis.Format.StreamCount == 0 ? null : Summarise(analysis);
        }
        catch (Exception exception) when (exception is FFProbeProcessException or FormatNullException)
        {
            return null;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new FfmpegException($"ffprobe did not finish within {tools.InspectTimeout.TotalSeconds:0} s.", -1, "");
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // What ffprobe says of a file is handled above; what is left is that the program is not there or may not run.
            throw new FfmpegException(
                "ffprobe could not be started: install FFmpeg, or set TgVault__Ffmpeg__Folder to where it is.",
                -1,
                "",
                exception
            );
        }
    }

    static MediaSummary Summarise(IMediaAnalysis analysis)
    {
        var tracks = ImmutableArray.CreateBuilder<MediaTrack>();
        tracks.AddRange(
            analysis.VideoStreams.Select(stream => new MediaTrack
            {
                Index = stream.Index,
                Kind = MediaTrackKind.Video,
                Codec = stream.CodecName ?? "",
                Tag = Tag(stream),
                Profile = stream.Profile ?? "",
                PixelFormat = stream.PixelFormat ?? "",
                Language = Language(stream),
                Title = Title(stream),
                Width = stream.Width ?? 0,
                Height = stream.Height ?? 0,
                FrameRate = Finite(stream.AverageFrameRate),
                Rotation = ((stream.Rotation % 360) + 360) % 360,
                AttachedPicture = Has(stream, "attached_pic"),
            })
        );
        tracks.AddRange(
            analysis.AudioStreams.Select(stream => new MediaTrack
            {
                Index = stream.Index,
                Kind = MediaTrackKind.Audio,
                Codec = stream.CodecName ?? "",
                Tag = Tag(stream),
                Profile = stream.Profile ?? "",
                Language = Language(stream),
                Title = Title(stream),
                Channels = stream.Channels ?? 0,
                SampleRate = stream.SampleRateHz ?? 0,
            })
        );
        tracks.AddRange(
            analysis.SubtitleStreams.Select(stream => new MediaTrack
            {
                Index = stream.Index,
                Kind = MediaTrackKind.Subtitle,
                Codec = stream.CodecName ?? "",
                Tag = Tag(stream),
                Language = Language(stream),
                Title = Title(stream),
            })
        );
        tracks.Sort((left, right) => left.Index.CompareTo(right.Index));
        return new MediaSummary
        {
            Container = analysis.Format.FormatName ?? "",
            DurationSeconds = Finite(analysis.Duration.TotalSeconds),
            Tracks = tracks.ToImmutable(),
        };
    }

    static string Tag(FFMpegCore.MediaStream stream) => stream.CodecTagString is { Length: 4 } tag ? tag : "";

    static string Language(FFMpegCore.MediaStream stream) => Bounded(stream.Language);

    static string Title(FFMpegCore.MediaStream stream) => Bounded(stream.Tags?.GetValueOrDefault("title"));

    static bool Has(FFMpegCore.MediaStream stream, string disposition) => stream.Disposition?.GetValueOrDefault(disposition) ?? false;

    static double Finite(double value) => double.IsFinite(value) && value > 0 ? value : 0;

    // Titles come from the file; the row has room for a person's words, not for a novel.
    static string Bounded(string? text) =>
        text is null ? ""
        : text.Length <= 200 ? text
        : text[..200];
}
