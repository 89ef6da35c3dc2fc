using System.Collections.Immutable;
using TgVault.Core.Catalogue;
using TgVault.Core.Ffmpeg;
using TgVault.Core.Mp4;
using TgVault.Core.Staging;

namespace TgVault.Core.Ingest;

/// <summary>Looks into an upload and records what will be done with it and why. Whatever the file is, some decision comes out: nothing uploaded is refused for its content.</summary>
public sealed class Inspecting(ICatalogue catalogue, IStaging staging, MediaProbe probe, FfmpegTools tools, IngestSettings settings, TimeProvider time)
{
    public async Task<StepOutcome> InspectAsync(IngestRun run, CancellationToken cancellationToken)
    {
        var video = await catalogue.ReadAsync(run, cancellationToken);
        if (video.Decision is not null) return StepOutcome.Done;
        var source = video.Source!;
        if (source.LengthBytes == 0) return StepOutcome.Failed("The upload is empty (0 bytes). Upload the file again.");
        if (video.SizeBytes > 0 && video.SizeBytes != source.LengthBytes)
            return StepOutcome.Failed($"The upload has {source.LengthBytes} bytes but {video.SizeBytes} were announced: it was cut short or changed on the way. Upload the file again.");

        var (layout, damage) = await ReadLayoutAsync(source, cancellationToken);
        var media = await ProbeAsync(source, layout, cancellationToken);
        var decision = Decide(video, media, layout, damage);
        if (media is not null) media = media with { MoovOffset = layout?.Moov.Offset };
        await catalogue.ChangeAsync(
            run, time, current => current with { Inspected = media, Decision = decision, SizeBytes = source.LengthBytes, Stage = IngestStage.Preparing }, cancellationToken);
        return StepOutcome.Done;
    }

    MediaDecision Decide(Video video, MediaSummary? media, Mp4Layout? layout, string damage)
    {
        if (media is not null && (layout is not null || !MediaPlan.IsMp4(media)))
            return MediaPlan.Decide(media, layout is null ? null : new Mp4Facts(layout.IsFaststart, layout.IsFragmented, Relocatable: true), settings);

        // Boxes that do not fit may be junk at the end or a file cut short: ffmpeg tells, and what it writes is compared with what the file promised.
        if (media is not null) return MediaPlan.Decide(media, null, settings) is { Action: MediaAction.Remux } remux ? remux with { Reason = $"{damage} {remux.Reason}" } : MediaPlan.Decide(media, null, settings);

        var named = Path.GetExtension(video.Name).ToLowerInvariant() is ".mp4" or ".m4v" or ".mov" or ".mkv" or ".webm" or ".avi";
        var notMp4 = damage.StartsWith("This is not an MP4", StringComparison.Ordinal);
        return new MediaDecision(
            MediaAction.KeepAsFile,
            !notMp4 ? $"{damage} It does not play; stored as a file."
            : named ? $"This is not a video, although it is named {Path.GetExtension(video.Name)}: no media was found in it. Stored as a file."
            : "This is not a video: no media was found in it. Stored as a file.");
    }

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
        ImmutableArray<SourceRange> wanted = layout is { Moov: var moov } && moov.LengthBytes <= MoovRelocation.MaxMoovBytes ? [new SourceRange(moov.Offset, moov.LengthBytes)] : [];
        await SparseCopy.WriteAsync(staging, source, wanted, copy.Path, cancellationToken);
        return await probe.ProbeAsync(copy.Path, cancellationToken);
    }

    ReadRange Reader(StagedBlob source) => (offset, destination, cancellation) => staging.ReadAsync(source, offset, destination, cancellation);
}
