using TgVault.Core.Ffmpeg;
using TgVault.Core.Ffmpeg.Chapters;
using TgVault.Core.Ingest.Decision;
using TgVault.Core.Ingest.Prepare;
using TgVault.Core.Library;
using TgVault.Core.Mp4.Boxes;
using TgVault.Core.Mp4.Movie;
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
    ChapterProbe chapters,
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
        ReadRange read = (offset, destination, cancellation) => staging.ReadAsync(source, offset, destination, cancellation);
        var evidence = await UploadEvidence.ReadAsync(read, source.LengthBytes, cancellationToken);
        var (media, refusal) = await ProbeAsync(source, evidence, cancellationToken);
        var inspection = await Judgement.MakeAsync(evidence, media, refusal, video.Details.Name, settings, cancellationToken);
        await library.ChangeAsync(run, time, current => VideoLife.Inspected(current, inspection, source.LengthBytes), cancellationToken);
        return StepOutcome.Done;
    }

    // What claims more than any tool should be given is refused before one sees it; the sentence says why.
    async Task<(MediaSummary? Media, string? Refusal)> ProbeAsync(
        StagedBlob source,
        UploadEvidence evidence,
        CancellationToken cancellationToken
    )
    {
        try
        {
            if (evidence.Head is { } head)
                SampleClaims.Check(head.MoovPayload, source.LengthBytes);
            var media = await ProbeAsync(source, evidence, LocalCopy.HeadBytes, cancellationToken);
            // Of pictures that it saw none of it does not know what they are made of.
            var hasUnseen = media?.Tracks.Any(track => track is { Kind: MediaTrackKind.Video, PixelFormat: "", Codec.Length: > 0 }) == true;
            if (hasUnseen && evidence.IsNoMp4 && source.LengthBytes > LocalCopy.HeadBytes)
                media = await ProbeAsync(source, evidence, LocalCopy.LargeHeadBytes, cancellationToken);
            return (media, null);
        }
        catch (MediaException exception)
        {
            return (null, exception.Message);
        }
    }

    async Task<MediaSummary?> ProbeAsync(StagedBlob source, UploadEvidence evidence, long headBytes, CancellationToken cancellationToken)
    {
        using var copy = TemporaryFile.Create(tools.TemporaryFolder, ".sample");
        await LocalCopy.WriteSampleAsync(staging, source, evidence, headBytes, copy.Path, cancellationToken);
        if (await probe.ProbeAsync(copy.Path, cancellationToken) is not { } media)
            return null;
        ReadRange read = (offset, destination, cancellation) => staging.ReadAsync(source, offset, destination, cancellation);
        return media with { Chapters = await UploadChapters.FindAsync(chapters, copy.Path, evidence, read, media, cancellationToken) };
    }
}
