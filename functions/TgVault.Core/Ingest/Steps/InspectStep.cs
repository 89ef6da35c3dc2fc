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

/// <summary>
/// Looks into an upload and records what will be done with it and why. Whatever the file is, some decision comes out: nothing uploaded is
/// refused for its content.
/// </summary>
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
                $"The upload has {source.LengthBytes} bytes but {video.Upload.SizeBytes} were announced: "
                    + "it was cut short or changed on the way. Upload the file again."
            );

        var boxes = await ReadBoxesAsync(source, cancellationToken);
        var (media, refusal) = await ProbeAsync(source, boxes.Head, cancellationToken);
        var decision =
            refusal is not null ? new MediaDecision(MediaAction.KeepAsFile, $"{refusal} Stored as a file.")
            : media is null ? DecideWithoutMedia(video, boxes)
            : Check(Decide(media, boxes), media, boxes);
        if (media is not null)
            media = MediaPlan.Treat(media with { MoovOffset = boxes.Layout?.Moov.Offset }, decision.Action);
        await library.ChangeAsync(
            run,
            time,
            current => VideoLife.Inspected(current, new VideoInspection { Decision = decision, Media = media }, source.LengthBytes),
            cancellationToken
        );
        return StepOutcome.Done;
    }

    /// <summary>What the box walk found, as far as it came, and the sentence that says why it came no further.</summary>
    sealed record Boxes(Mp4Layout? Layout, Mp4Head? Head, string Damage);

    async Task<Boxes> ReadBoxesAsync(StagedBlob source, CancellationToken cancellationToken)
    {
        ReadRange read = (offset, destination, cancellation) => staging.ReadAsync(source, offset, destination, cancellation);
        Mp4Layout? layout = null;
        try
        {
            layout = await Mp4Layout.ReadAsync(read, source.LengthBytes, cancellationToken);
            return new Boxes(layout, await Mp4Head.ReadAsync(layout, read, cancellationToken), "");
        }
        catch (MediaException exception)
        {
            return new Boxes(layout, null, exception.Message);
        }
    }

    // What claims more than any tool should be given is refused before one sees it; the sentence says why.
    async Task<(MediaSummary? Media, string? Refusal)> ProbeAsync(StagedBlob source, Mp4Head? head, CancellationToken cancellationToken)
    {
        try
        {
            if (head is not null)
                SampleClaims.Check(head.MoovPayload, source.LengthBytes);
            using var copy = TemporaryFile.Create(tools.TemporaryFolder, ".sample");
            await LocalCopy.WriteSampleAsync(staging, source, head, copy.Path, cancellationToken);
            return (await probe.ProbeAsync(copy.Path, cancellationToken), null);
        }
        catch (MediaException exception)
        {
            return (null, exception.Message);
        }
    }

    // Boxes that do not fit may be junk at the end or a file cut short: ffmpeg tells, and what it writes is compared with what the file
    // promised.
    MediaDecision Decide(MediaSummary media, Boxes boxes)
    {
        var decision = MediaPlan.Decide(media, MoovOf(boxes.Layout), settings);
        return boxes.Layout is null && MediaPlan.IsMp4(media) && decision.Action == MediaAction.Remux
            ? decision with
            {
                Reason = $"{boxes.Damage} {decision.Reason}",
            }
            : decision;
    }

    // What the boxes say inside moov may forbid moving it: then ffmpeg writes the file anew, which is tried before it is given up for
    // playing.
    MediaDecision Check(MediaDecision decision, MediaSummary media, Boxes boxes)
    {
        if (decision.Action != MediaAction.Relocate)
            return decision;
        try
        {
            MoovRelocation.Plan(boxes.Head ?? throw new MediaException(boxes.Damage));
            return decision;
        }
        catch (MediaException exception)
        {
            var other = MediaPlan.Decide(media, Moov.Unread, settings);
            return other with { Reason = $"{exception.Message} {other.Reason}" };
        }
    }

    static MediaDecision DecideWithoutMedia(Video video, Boxes boxes)
    {
        var extension = Path.GetExtension(video.Details.Name);
        var named = extension.ToLowerInvariant() is ".mp4" or ".m4v" or ".mov" or ".mkv" or ".webm" or ".avi";
        var notMp4 = boxes.Damage.StartsWith("This is not an MP4", StringComparison.Ordinal);
        return new MediaDecision(
            MediaAction.KeepAsFile,
            !notMp4 ? $"{(boxes.Layout is null ? boxes.Damage : "")} It does not play; stored as a file.".TrimStart()
                : named ? $"This is not a video, although it is named {extension}: no media was found in it. Stored as a file."
                : "This is not a video: no media was found in it. Stored as a file."
        );
    }

    static Moov MoovOf(Mp4Layout? layout) =>
        layout is null ? Moov.Unread
        : layout.IsFragmented ? Moov.InFragments
        : layout.IsFaststart ? Moov.First
        : Moov.Last;
}
