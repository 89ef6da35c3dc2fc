using TgVault.Core.Ingest;

namespace TgVault.Core.Upkeep;

/// <summary>When upkeep asks again for what did not work. The same for every engine: Azure's upkeep comes as often.</summary>
static class NextTry
{
    /// <summary>What failed for good may still come right: a channel that was closed is opened again.</summary>
    public static readonly TimeSpan AskAgainAfter = TimeSpan.FromMinutes(5);

    /// <summary>How long until it is worth asking again; null where nothing is left to do.</summary>
    public static TimeSpan? After(StepOutcome outcome) => outcome.Result == StepResult.Wait ? outcome.Delay : After(outcome.Result);

    /// <inheritdoc cref="After(StepOutcome)"/>
    public static TimeSpan? After(StepResult result) => result == StepResult.Failed ? AskAgainAfter : null;
}
