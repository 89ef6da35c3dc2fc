using TgVault.Core.Ingest;

namespace TgVault.Core.Upkeep;

/// <summary>Carries out what the rows of ready videos ask for; see <see cref="ICompanionWishes"/>.</summary>
public interface IAmendments
{
    /// <summary>One try to bring what is stored up to the row. It ends with an outcome, whatever happens, and is safe to repeat.</summary>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    Task<StepOutcome> RunAsync(VideoId id, CancellationToken cancellationToken);
}
