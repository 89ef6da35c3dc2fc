using System.Collections.Concurrent;
using TgVault.Core.Chunks;
using TgVault.Core.Ingest;
using TgVault.Core.Library;
using TgVault.Core.Videos;
using TgVault.Testing;

namespace TgVault.Core.Tests.Engine;

/// <summary>What a step does in a test.</summary>
delegate Task<StepOutcome> StepScript(IngestRun run, int ordinal, CancellationToken cancellationToken);

/// <summary>A step that does what is written down for it, and knows where it was begun.</summary>
sealed class ScriptedStep(IngestStep kind, StepScript usual, Signal changes) : IIngestStep
{
    readonly ConcurrentQueue<(VideoId Video, int Ordinal)> _begun = new();

    public IngestStep Kind => kind;

    /// <summary>What it does instead of the usual for this video.</summary>
    public ConcurrentDictionary<VideoId, StepScript> Scripts { get; } = new();

    public StepScript Usual => usual;

    /// <summary>How often it was asked for this video.</summary>
    public int CountOf(VideoId video) => _begun.Count(call => call.Video == video);

    public async Task<StepOutcome> RunAsync(IngestRun run, int ordinal, CancellationToken cancellationToken)
    {
        _begun.Enqueue((run.Video, ordinal));
        changes.Raise();
        return await Scripts.GetValueOrDefault(run.Video, usual)(run, ordinal, cancellationToken);
    }
}

/// <summary>What steps do here where the vault's own need ffmpeg or the catalogue's table: the transitions alone.</summary>
sealed class PlainSteps(ILibrary library, TimeProvider time)
{
    static readonly ChunkReceipt Manifest = new(1, 2, 3, "manifest", "manifest", 100);

    public async Task<StepOutcome> InspectAsync(IngestRun run, int ordinal, CancellationToken cancellationToken)
    {
        var inspection = new VideoInspection { Decision = new MediaDecision(MediaAction.KeepAsFile, "It is kept.") };
        await library.ChangeAsync(
            run,
            time,
            video => VideoLife.Inspected(video, inspection, video.Upload.Source!.LengthBytes),
            cancellationToken
        );
        return StepOutcome.Done;
    }

    public async Task<StepOutcome> PrepareAsync(IngestRun run, int ordinal, CancellationToken cancellationToken)
    {
        await library.ChangeAsync(
            run,
            time,
            video => video with { Files = video.Files with { Prepared = Whole(video.Upload.Source!) } },
            cancellationToken
        );
        return StepOutcome.Done;
    }

    public async Task<StepOutcome> CommitAsync(IngestRun run, int ordinal, CancellationToken cancellationToken)
    {
        await library.ChangeAsync(run, time, video => VideoLife.Committing(video, Manifest), cancellationToken);
        await library.ChangeAsync(run, time, video => VideoLife.Stored(video, video.Files), cancellationToken);
        return StepOutcome.Done;
    }

    public static PreparedFile Whole(StagedBlob blob) =>
        new()
        {
            Extents = [new Extent(blob, 0, blob.LengthBytes)],
            LengthBytes = blob.LengthBytes,
            ContentType = VideoUpload.UnknownType,
        };
}
