using TgVault.Core.Videos;

namespace TgVault.Core.Ingest;

/// <summary>
/// What the workflow awaits, and nothing else. In Azure these are activities and timers of a durable orchestration; on one machine they are
/// direct calls of <see cref="IngestSteps"/>.
/// </summary>
public interface IIngestEngine
{
    /// <summary>Makes the video's row this upload's, or says why there is nothing to do.</summary>
    Task<ClaimOutcome> ClaimAsync(IngestRequest request);

    /// <summary>Runs one step, as <see cref="IIngestStep.RunAsync"/> says.</summary>
    Task<StepOutcome> RunAsync(StepRow row, IngestRun run, int ordinal);

    /// <summary>Records that the attempt failed; the staged blob stays.</summary>
    Task FailAsync(IngestRun run, string reason);

    /// <summary>Records how far sending or verifying is.</summary>
    Task ReportAsync(IngestRun run, IngestStage stage, int chunksDone);

    /// <summary>Waits, and ends early when the video is removed. Costs nothing but the time: a durable timer in Azure.</summary>
    Task DelayAsync(TimeSpan delay);
}
