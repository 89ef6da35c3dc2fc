using TgVault.Core.Ingest;

namespace TgVault.Core.Upkeep;

/// <summary>Brings what is stored of a ready video up to its row.</summary>
public interface IAmendments
{
    /// <summary>One try to bring what is stored up to the row. It ends with an outcome, whatever happens, and is safe to repeat.</summary>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    Task<StepOutcome> RunAsync(VideoId id, CancellationToken cancellationToken);
}
