using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using TgVault.Core.Ffmpeg;
using TgVault.Core.Ingest.Decision;
using TgVault.Core.Ingest.Prepare;
using TgVault.Core.Library;
using TgVault.Core.Mp4.Boxes;
using TgVault.Core.Mp4.Movie;
using TgVault.Core.Mp4.Relocation;
using TgVault.Core.Staging;
using TgVault.Core.Videos;

namespace TgVault.Core.Ingest.Steps;

/// <summary>Makes the prepared file as the decision says, and what is stored beside it, and records both as extents over blobs. Where that fails, the upload is kept unchanged and the reason says so.</summary>
sealed class PrepareStep(
    ILibrary library,
    IStaging staging,
    MediaProbe probe,
    Remux remux,
    IndexMaker indexing,
    CaptionMaker captions,
    RenditionMaker renditions,
    FfmpegTools tools,
    TimeProvider time,
    ILogger<PrepareStep> logger
) : IIngestStep
{
    // A remux that lost a tenth of what the container promised lost part of the film.
    const double LeastKeptDuration = 0.9;

    public IngestStep Kind => IngestStep.Prepare;

    public async Task<StepOutcome> RunAsync(IngestRun run, int ordinal, CancellationToken cancellationToken)
    {
        var video = await library.ReadAsync(run, cancellationToken);
        // With chunks planned nothing may be added any more.
        if (video.Files.Plan is not null)
            return StepOutcome.Done;
        if (video.Files.Prepared is null)
            video = await MakeAsync(run, video, cancellationToken);
        await renditions.MakeAsync(run, video, companions => AddAsync(run, companions, cancellationToken), cancellationToken);
        return StepOutcome.Done;
    }

    async Task<Video> MakeAsync(IngestRun run, Video video, CancellationToken cancellationToken)
    {
        var source = video.Upload.Source!;
        var decision = video.Inspection.Decision!;
        PreparedFile prepared;
        ImmutableArray<Companion> companions = [];
        try
        {
            if (decision.Action == MediaAction.Remux)
            {
                (prepared, companions) = await RemuxAsync(run, source, video.Inspection.Media!, cancellationToken);
            }
            else
            {
                prepared = decision.Action switch
                {
                    MediaAction.Relocate => await RelocateAsync(run, source, video.Inspection.Media!, cancellationToken),
                    MediaAction.Take => Whole(source, MediaPlan.ContentType(video.Inspection.Media!), video.Inspection.Media),
                    _ => Whole(source, video.Upload.ContentType, video.Inspection.Media),
                };
                if (decision.Action != MediaAction.KeepAsFile)
                    companions = await captions.FromUploadAsync(run, source, video.Inspection.Media!, cancellationToken);
            }
        }
        catch (Exception exception) when (exception is FfmpegException or MediaException)
        {
            Log.PreparingFailed(logger, run.Video, exception);
            decision = new MediaDecision(MediaAction.KeepAsFile, $"{exception.Message} Stored unchanged as a file.");
            prepared = Whole(source, video.Upload.ContentType, video.Inspection.Media);
        }

        if (IsIndexed(prepared, decision))
            companions = companions.Insert(0, await indexing.IndexAsync(run, 0, 0, prepared.Extents, cancellationToken));
        companions = [.. companions.Select((companion, index) => companion with { Number = index + 1 })];
        return await library.ChangeAsync(
            run,
            time,
            current =>
                current.Files.Prepared is not null
                    ? null
                    : current with
                    {
                        Files = current.Files with { Prepared = prepared, Companions = companions, LastCompanion = companions.Length },
                        Inspection = current.Inspection with { Decision = decision },
                    },
            cancellationToken
        );
    }

    Task<Video> AddAsync(IngestRun run, ImmutableArray<Companion> companions, CancellationToken cancellationToken) =>
        library.ChangeAsync(
            run,
            time,
            // Of two that prepare at once, one adds.
            current =>
                current.Files.Plan is not null || current.Files.LastCompanion >= companions[0].Number
                    ? null
                    : current with
                    {
                        Files = current.Files with
                        {
                            Companions = current.Files.Companions.AddRange(companions),
                            LastCompanion = companions[^1].Number,
                        },
                    },
            cancellationToken
        );

    static bool IsIndexed(PreparedFile prepared, MediaDecision decision) =>
        decision.Action != MediaAction.KeepAsFile && prepared.Media is { } media && MediaPlan.IsMp4(media);

    static PreparedFile Whole(StagedBlob source, string contentType, MediaSummary? media) =>
        new()
        {
            Extents = [new Extent(source, 0, source.LengthBytes)],
            LengthBytes = source.LengthBytes,
            ContentType = contentType,
            Media = media,
        };

    async Task<PreparedFile> RelocateAsync(IngestRun run, StagedBlob source, MediaSummary media, CancellationToken cancellationToken)
    {
        ReadRange read = (offset, destination, cancellation) => staging.ReadAsync(source, offset, destination, cancellation);
        var layout = await Mp4Layout.ReadAsync(read, source.LengthBytes, cancellationToken);
        var relocation = await MoovRelocation.PlanAsync(layout, read, cancellationToken);
        using var head = new MemoryStream(relocation.Head.ToArray(), writable: false);
        var blob = await staging.SavePreparedAsync(PreparedName.Of(run, "head"), head, cancellationToken);
        return new PreparedFile
        {
            Extents =
            [
                new Extent(blob, 0, blob.LengthBytes),
                .. relocation.Media.Select(range => new Extent(source, range.Offset, range.LengthBytes)),
            ],
            LengthBytes = relocation.LengthBytes,
            ContentType = MediaPlan.ContentType(media),
            // Moving moov calls HEVC hvc1.
            Media = media with
            {
                MoovOffset = layout.FileType?.LengthBytes ?? 0,
                Tracks = [.. media.Tracks.Select(track => track.Codec == "hevc" ? track with { Tag = "hvc1" } : track)],
            },
        };
    }

    async Task<(PreparedFile Prepared, ImmutableArray<Companion> Companions)> RemuxAsync(
        IngestRun run,
        StagedBlob source,
        MediaSummary media,
        CancellationToken cancellationToken
    )
    {
        CheckRoom(source);
        using var input = TemporaryFile.Create(tools.TemporaryFolder, ".input");
        using var output = TemporaryFile.Create(tools.TemporaryFolder, ".mp4");
        await SparseCopy.WriteAllAsync(staging, source, input.Path, cancellationToken);
        await remux.RunAsync(input.Path, output.Path, media, progress: null, cancellationToken);
        var written = await CheckAsync(output.Path, media, cancellationToken);
        await using var content = new FileStream(
            output.Path,
            FileMode.Open,
            FileAccess.Read,
            FileShare.Read,
            bufferSize: 0,
            FileOptions.Asynchronous | FileOptions.SequentialScan
        );
        var blob = await staging.SavePreparedAsync(PreparedName.Of(run, "video.mp4"), content, cancellationToken);
        var prepared = new PreparedFile
        {
            Extents = [new Extent(blob, 0, blob.LengthBytes)],
            LengthBytes = blob.LengthBytes,
            ContentType = MediaPlan.ContentType(written),
            Media = written,
        };
        return (prepared, await captions.FromCopyAsync(run, input.Path, media, cancellationToken));
    }

    /// <summary>ffmpeg's exit code is no playability check: what it wrote is inspected like an upload.</summary>
    async Task<MediaSummary> CheckAsync(string path, MediaSummary promised, CancellationToken cancellationToken)
    {
        var written = await probe.ProbeAsync(path, cancellationToken);
        if (written is null || (MediaPlan.MainVideo(promised) is not null && MediaPlan.MainVideo(written) is null))
            throw new MediaException("FFmpeg wrote no playable video from this file.");
        // Only these containers state their duration; others are estimates.
        var states = MediaPlan.IsMp4(promised) || promised.Container.StartsWith("matroska", StringComparison.Ordinal);
        if (states && written.DurationSeconds < promised.DurationSeconds * LeastKeptDuration)
            throw new MediaException(
                $"The file is cut short or damaged: of {promised.DurationSeconds:0.#} s only {written.DurationSeconds:0.#} s could be read."
            );

        await using var file = new FileStream(
            path,
            FileMode.Open,
            FileAccess.Read,
            FileShare.Read,
            bufferSize: 0,
            FileOptions.Asynchronous
        );
        var layout = await Mp4Layout.ReadAsync(
            async (offset, destination, cancellation) =>
            {
                file.Position = offset;
                await file.ReadExactlyAsync(destination, cancellation);
            },
            file.Length,
            cancellationToken
        );
        return layout.IsFaststart
            ? written with
            {
                MoovOffset = layout.Moov.Offset,
            }
            : throw new MediaException("FFmpeg wrote a file whose index is not at its front.");
    }

    void CheckRoom(StagedBlob source)
    {
        var free = tools.FreeBytes;
        // The copy and what ffmpeg makes of it.
        if (free < source.LengthBytes * 2)
            throw new TemporarySpaceException(
                $"Preparing this file needs {source.LengthBytes * 2 >> 20} MiB of temporary space and {free >> 20} MiB are free. Make room, or set TgVault__Ffmpeg__TemporaryFolder, and retry."
            );
    }
}

/// <summary>There is no room for temporary files. The upload is fine: making room and retrying works.</summary>
sealed class TemporarySpaceException : VaultException
{
    public TemporarySpaceException() { }

    public TemporarySpaceException(string message)
        : base(message) { }

    public TemporarySpaceException(string message, Exception? inner)
        : base(message, inner) { }
}
