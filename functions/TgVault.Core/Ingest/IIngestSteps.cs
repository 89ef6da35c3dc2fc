using TgVault.Core.Videos;

namespace TgVault.Core.Ingest;

/// <summary>What a blob event says: this upload, in this version, has arrived.</summary>
/// <param name="BlobName">The blob in staging.</param>
/// <param name="ETag">Its version, in quotes.</param>
/// <param name="Unfinished">Set where no event but a row that says ingesting is the reason to look: that row is given up if its upload is gone.</param>
public sealed record IngestRequest(string BlobName, string ETag, VideoId? Unfinished = null);

/// <summary>One attempt at one video; what every step is told.</summary>
public sealed record IngestRun(VideoId Video, int Attempt);

/// <summary>What claiming found. <paramref name="Run"/> is null where there is nothing to do, and <paramref name="Reason"/> says why.</summary>
/// <param name="Run">The attempt to go on with.</param>
/// <param name="Reason">One sentence, for the log.</param>
/// <param name="Committed">The video is ready and only cleaning up is left.</param>
public sealed record ClaimOutcome(IngestRun? Run, string Reason, bool Committed = false);

public enum StepResult
{
    Done,

    /// <summary>Not yet: ask again after <see cref="StepOutcome.Delay"/>. Not a failure.</summary>
    Wait,

    /// <summary>It will not work; <see cref="StepOutcome.Reason"/> is for a person.</summary>
    Failed,

    /// <summary>The video was removed or another attempt took over: stop, touch nothing.</summary>
    Abandoned,
}

/// <summary>How a step ended. Outcomes are data: exception types do not survive the way through Durable Functions.</summary>
public sealed record StepOutcome(StepResult Result, string Reason = "", TimeSpan Delay = default)
{
    public static StepOutcome Done { get; } = new(StepResult.Done);

    public static StepOutcome Abandoned { get; } = new(StepResult.Abandoned, "The video was removed or taken over.");

    public static StepOutcome Failed(string reason) => new(StepResult.Failed, reason);

    public static StepOutcome Wait(TimeSpan delay, string reason) => new(StepResult.Wait, reason, delay);
}

/// <summary>The cut of a planned attempt: how many chunks in all its files, and how many may be under way at once.</summary>
public sealed record PlanOutcome(StepOutcome Outcome, int Chunks, int Parallelism);

/// <summary>
/// The steps of ingest, each safe to repeat: what was done is found in the records and not done again. the ingest workflow orders
/// them. In Azure they are activities of a durable orchestration; in `tgvault serve` they are direct calls.
/// </summary>
public interface IIngestSteps
{
    /// <summary>Makes the video's row this upload's, or says why there is nothing to do.</summary>
    Task<ClaimOutcome> ClaimAsync(IngestRequest request);

    /// <summary>Looks into the file and records what will be done with it and why.</summary>
    Task<StepOutcome> InspectAsync(IngestRun run);

    /// <summary>Makes the prepared file and records its extents.</summary>
    Task<StepOutcome> PrepareAsync(IngestRun run);

    /// <summary>Cuts the prepared file and its companions, makes their data keys and records all of it.</summary>
    Task<PlanOutcome> PlanAsync(IngestRun run);

    /// <summary>Seals one chunk, counted over all files, posts it and records the receipt; a recorded chunk is not posted again.</summary>
    Task<StepOutcome> SendAsync(IngestRun run, int chunk);

    /// <summary>Reads one chunk back from the store and opens it.</summary>
    Task<StepOutcome> VerifyAsync(IngestRun run, int chunk);

    /// <summary>Checks that the receipts tile the files, posts the manifest, adds it to the catalogue; then the video is ready.</summary>
    Task<StepOutcome> CommitAsync(IngestRun run);

    /// <summary>Removes staged and prepared blobs of a ready video.</summary>
    Task<StepOutcome> CleanUpAsync(IngestRun run);

    /// <summary>Records that the attempt failed; the staged blob stays.</summary>
    Task FailAsync(IngestRun run, string reason);

    /// <summary>Records how far sending or verifying is.</summary>
    Task ReportAsync(IngestRun run, IngestStage stage, int chunksDone);

    /// <summary>Waits without holding a thread: a durable timer in Azure.</summary>
    Task DelayAsync(TimeSpan delay);
}
