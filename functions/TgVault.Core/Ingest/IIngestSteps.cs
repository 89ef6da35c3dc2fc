using TgVault.Core.Videos;

namespace TgVault.Core.Ingest;

/// <summary>The steps of ingest as calls that end with an outcome, whatever happens, and what is recorded around them.</summary>
public interface IIngestSteps
{
    /// <inheritdoc cref="IIngestEngine.ClaimAsync"/>
    Task<ClaimOutcome> ClaimAsync(IngestRequest request, CancellationToken cancellationToken);

    /// <summary>Runs one step. What goes wrong is part of the outcome. Safe to repeat.</summary>
    /// <param name="row">The step.</param>
    /// <param name="run">The video and its attempt.</param>
    /// <param name="ordinal">The chunk's ordinal for steps that run once per chunk, otherwise 0.</param>
    /// <param name="cancellationToken">Stops the step.</param>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    Task<StepOutcome> RunAsync(StepRow row, IngestRun run, int ordinal, CancellationToken cancellationToken);

    /// <summary>Records the failure. A video that became ready, was removed or taken over stays as it is.</summary>
    Task FailAsync(IngestRun run, string reason, CancellationToken cancellationToken);

    /// <inheritdoc cref="IIngestEngine.ReportAsync"/>
    Task ReportAsync(IngestRun run, IngestStage stage, int chunksDone, CancellationToken cancellationToken);
}
