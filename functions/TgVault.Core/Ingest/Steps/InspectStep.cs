using System.Collections.Immutable;
using TgVault.Core.Ffmpeg;
using TgVault.Core.Ingest.Decision;
using TgVault.Core.Ingest.Prepare;
using TgVault.Core.Library;
using TgVault.Core.Mp4.Boxes;
using TgVault.Core.Mp4.Movie;
using TgVault.Core.Mp4.Relocation;
using TgVault.Core.Settings;
using TgVault.Core.Staging;
using TgVault.Core.Videos;

namespace TgVault.Core.Ingest.Steps;

/// <summary>Looks into an upload and records what will be done with it and why. Whatever the file is, some decision comes out: nothing uploaded is refused for its content.</summary>
sealed class InspectStep(
    ILibrary library,
    IStaging staging,
    MediaProbe probe,
    FfmpegTools tools,
    IngestSettings settings,
    TimeProvider time
) : IIngestStep
{
    public IngestStep Kind => IngestStep.Inspect;

    public async Task<StepOutcome> RunAsync(IngestRun run, int ordinal, CancellationToken cancellationToken)
    {
        var video = await library.ReadAsync(run, cancellationToken);
        if (video.Inspection.Decision is not null)
            return StepOutcome.Done;
        var source = video.Upload.Source!;
        if (source.LengthBytes == 0)
            return StepOutcome.Failed("The upload is empty (0 bytes). Upload the file again.");
        if (video.Upload.SizeBytes > 0 && video.Upload.SizeBytes != source.LengthBytes)
            return StepOutcome.Failed(
                $"The upload has {source.LengthBytes} bytes but {video.Upload.SizeBytes} were announced: it was cut short or changed on the way. Upload the file again."
            );

        var (layout, damage) = await ReadLayoutAsync(source, cancellationToken);
        var media = await ProbeAsync(source, layout, cancellationToken);
        var decision = await CheckAsync(Decide(video, media, layout, damage), source, media, layout, cancellationToken);
        if (media is not null)
            media = media with { MoovOffset = layout?.Moov.Offset };
        await library.ChangeAsync(
            run,
            time,
            current => VideoLife.Inspected(current, new VideoInspection { Decision = decision, Media = media }, source.LengthBytes),
            cancellationToken
        );
        return StepOutcome.Done;
    }

    MediaDecision Decide(Video video, MediaSummary? media, Mp4Layout? layout, string damage)
    {
        // Boxes that do not fit may be junk at the end or a file cut short: ffmpeg tells, and what it writes is compared with what the file promised.
        if (media is not null)
        {
            var decision = MediaPlan.Decide(media, MoovOf(layout), settings);
            return layout is null && MediaPlan.IsMp4(media) && decision.Action == MediaAction.Remux
                ? decision with
                {
                    Reason = $"{damage} {decision.Reason}",
                }
                : decision;
        }

        var named = Path.GetExtension(video.Details.Name).ToLowerInvariant() is ".mp4" or ".m4v" or ".mov" or ".mkv" or ".webm" or ".avi";
        var notMp4 = damage.StartsWith("This is not an MP4", StringComparison.Ordinal);
        return new MediaDecision(
            MediaAction.KeepAsFile,
            !notMp4 ? $"{damage} It does not play; stored as a file."
                : named
                    ? $"This is not a video, although it is named {Path.GetExtension(video.Details.Name)}: no media was found in it. Stored as a file."
                : "This is not a video: no media was found in it. Stored as a file."
        );
    }

    // What the boxes say inside moov may forbid moving it: then ffmpeg writes the file anew, which is tried before it is given up for playing.
    async Task<MediaDecision> CheckAsync(
        MediaDecision decision,
        StagedBlob source,
        MediaSummary? media,
        Mp4Layout? layout,
        CancellationToken cancellationToken
    )
    {
        if (decision.Action != MediaAction.Relocate || media is null || layout is null)
            return decision;
        try
        {
            await MoovRelocation.PlanAsync(layout, Reader(source), cancellationToken);
            return decision;
        }
        catch (MediaException exception)
        {
            var other = MediaPlan.Decide(media, Moov.Unread, settings);
            return other with { Reason = $"{exception.Message} {other.Reason}" };
        }
    }

    static Moov MoovOf(Mp4Layout? layout) =>
        layout is null ? Moov.Unread
        : layout.IsFragmented ? Moov.InFragments
        : layout.IsFaststart ? Moov.First
        : Moov.Last;

    async Task<(Mp4Layout? Layout, string Damage)> ReadLayoutAsync(StagedBlob source, CancellationToken cancellationToken)
    {
        try
        {
            return (await Mp4Layout.ReadAsync(Reader(source), source.LengthBytes, cancellationToken), "");
        }
        catch (MediaException exception)
        {
            return (null, exception.Message);
        }
    }

    async Task<MediaSummary?> ProbeAsync(StagedBlob source, Mp4Layout? layout, CancellationToken cancellationToken)
    {
        using var copy = TemporaryFile.Create(tools.TemporaryFolder, ".sample");
        ImmutableArray<SourceRange> wanted =
            layout is { Moov: var moov } && moov.LengthBytes <= MoovRelocation.MaxMoovBytes
                ? [new SourceRange(moov.Offset, moov.LengthBytes)]
                : [];
        await SparseCopy.WriteAsync(staging, source, wanted, copy.Path, cancellationToken);
        return await probe.ProbeAsync(copy.Path, cancellationToken);
    }

    ReadRange Reader(StagedBlob source) =>
        (offset, destination, cancellation) => staging.ReadAsync(source, offset, destination, cancellation);
}
