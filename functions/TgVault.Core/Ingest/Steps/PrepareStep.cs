using Microsoft.Extensions.Logging;
using TgVault.Core.Ffmpeg;
using TgVault.Core.Ingest.Decision;
using TgVault.Core.Ingest.Prepare;
using TgVault.Core.Library;
using TgVault.Core.Mp4.Boxes;
using TgVault.Core.Mp4.Movie;
using TgVault.Core.Staging;
using TgVault.Core.Videos;

namespace TgVault.Core.Ingest.Steps;

/// <summary>
/// Makes the prepared file as the decision says, records it as extents over blobs, and the upload's hash with it; then has its companions
/// made. Where it cannot be made, the upload is kept unchanged and the reason says so.
/// </summary>
sealed class PrepareStep(
    ILibrary library,
    IStaging staging,
    RemuxedFile remuxed,
    IEnumerable<ICompanionMaker> makers,
    FfmpegPlaces places,
    TimeProvider time,
    ILogger<PrepareStep> logger
) : IIngestStep
{
    public IngestStep Kind => IngestStep.Prepare;

    public async Task<StepOutcome> RunAsync(IngestRun run, int ordinal, CancellationToken cancellationToken)
    {
        var video = await library.ReadAsync(run, cancellationToken);
        // With chunks planned nothing may be added any more.
        if (video.Files.Plan is not null)
            return StepOutcome.Done;
        var needsFfmpeg = NeedsFfmpeg(video);
        using var place = needsFfmpeg ? places.TryTake() : null;
        if (needsFfmpeg && place is null)
            return StepOutcome.Wait(FfmpegPlaces.AskAgainAfter, "As many ffmpegs run as may run at once.");
        using var work = video.Files.Prepared is { } prepared
            ? WorkOn(run, video, new PreparedUpload(prepared))
            : await BeginAsync(run, video, cancellationToken);
        foreach (var maker in makers)
            await maker.MakeAsync(work, cancellationToken);
        return StepOutcome.Done;
    }

    bool NeedsFfmpeg(Video video) =>
        video is { Files.Prepared: null, Inspection.Decision.Action: MediaAction.Remux } || makers.Any(maker => maker.NeedsFfmpeg(video));

    async Task<CompanionWork> BeginAsync(IngestRun run, Video video, CancellationToken cancellationToken)
    {
        using var hash = new UploadHash();
        var (made, decision) = await MakeAsync(run, video, hash, cancellationToken);
        try
        {
            var sha256 = await hash.FinishAsync(staging, video.Upload.Source!, cancellationToken);
            video = await library.ChangeAsync(
                run,
                time,
                current =>
                    current.Files.Prepared is not null
                        ? null
                        : current with
                        {
                            Upload = current.Upload with { Sha256 = sha256 },
                            Files = current.Files with { Prepared = made.File },
                            Inspection = MediaPlan.Treated(
                                current.Inspection with
                                {
                                    Decision = decision,
                                    Media = made.Treated ?? current.Inspection.Media,
                                }
                            ),
                        },
                cancellationToken
            );
        }
        catch
        {
            made.UploadCopy?.Dispose();
            throw;
        }

        // Of two that prepare at once, one is recorded. The other goes on with that one's file.
        var recorded = video.Files.Prepared!;
        return WorkOn(
            run,
            video,
            recorded.Extents.SequenceEqual(made.File.Extents) ? made : new PreparedUpload(recorded, null, made.UploadCopy)
        );
    }

    async Task<(PreparedUpload Made, MediaDecision Decision)> MakeAsync(
        IngestRun run,
        Video video,
        UploadHash hash,
        CancellationToken cancellationToken
    )
    {
        var (source, media, decision) = (video.Upload.Source!, MediaPlan.Treated(video.Inspection).Media, video.Inspection.Decision!);
        try
        {
            var made = decision.Action switch
            {
                MediaAction.Remux => await remuxed.PrepareAsync(run, source, media!, hash, cancellationToken),
                MediaAction.Relocate => await RelocatedFile.PrepareAsync(staging, run, source, media!, cancellationToken),
                MediaAction.Take => Whole(source, MediaPlan.ContentType(media!), media),
                _ => Whole(source, video.Upload.ContentType, media),
            };
            if (!made.Changes.IsDefaultOrEmpty)
                decision = decision with { Reason = $"{decision.Reason} {string.Join(' ', made.Changes)}" };
            return decision.Action == MediaAction.Remux ? await TryAsync(made, decision, cancellationToken) : (made, decision);
        }
        catch (Exception exception) when (exception is FfmpegException or MediaException)
        {
            logger.PreparingFailed(run.Video, exception);
            return (
                Whole(source, video.Upload.ContentType, media),
                new MediaDecision(MediaAction.KeepAsFile, $"{decision.Refusal} {exception.Message} Stored unchanged as a file.".TrimStart())
            );
        }
    }

    // What is stored as it was uploaded was tried while it was inspected.
    async Task<(PreparedUpload Made, MediaDecision Decision)> TryAsync(
        PreparedUpload made,
        MediaDecision decision,
        CancellationToken cancellationToken
    )
    {
        try
        {
            ReadRange read = (offset, destination, cancellation) => staging.ReadAsync(made.File.Extents, offset, destination, cancellation);
            var head = made.Head ?? await Mp4Head.ReadAsync(read, made.File.LengthBytes, cancellationToken);
            return (made with { Index = await IndexTrial.RunAsync(head, read, made.File.Media!, cancellationToken) }, decision);
        }
        catch (MediaException exception)
        {
            return (made, decision with { Reason = Judgement.WithoutSegments(decision.Reason, exception) });
        }
    }

    CompanionWork WorkOn(IngestRun run, Video video, PreparedUpload prepared) => new(library, staging, time, run, video, prepared);

    static PreparedUpload Whole(StagedBlob source, string contentType, MediaSummary? media) =>
        new(
            new PreparedFile
            {
                Extents = [Extent.Whole(source)],
                LengthBytes = source.LengthBytes,
                ContentType = contentType,
                Media = media is null ? null : MediaPlan.Untreated(media),
            }
        );
}
