using System.Collections.Immutable;
using TgVault.Core.Videos;

namespace TgVault.Core.Ingest;

/// <summary>The steps of ingest. The names go through Durable Functions' history, so they stay as they are.</summary>
public enum IngestStep
{
    /// <summary>Looks into the file and records what will be done with it and why.</summary>
    Inspect,

    /// <summary>Makes the prepared file and what is stored beside it, and records where their bytes lie.</summary>
    Prepare,

    /// <summary>Cuts the files, makes their data keys and records all of it.</summary>
    Plan,

    /// <summary>Seals one chunk, posts it and records the receipt; a recorded chunk is not posted again.</summary>
    Send,

    /// <summary>Reads one chunk back from the store and opens it.</summary>
    Verify,

    /// <summary>Checks that the receipts tile the files, posts the manifest, adds it to the catalogue; then the video is ready.</summary>
    Commit,

    /// <summary>Removes staged and prepared blobs of a ready video.</summary>
    CleanUp,
}

/// <summary>All that is said of a step; its class in <c>Ingest/Steps</c> does it.</summary>
/// <param name="Step">The step.</param>
/// <param name="Name">What spans (<c>ingest inspect</c>) and metrics call it. Dashboards ask for it.</param>
/// <param name="Stage">What the video's row says meanwhile.</param>
/// <param name="Scope">How often it runs.</param>
/// <param name="IsLong">
/// It may run for hours, so it is ended when its attempt is over: the video was removed, or another attempt took over.
/// </param>
public sealed record StepRow(IngestStep Step, string Name, IngestStage Stage, StepScope Scope = StepScope.Video, bool IsLong = false);

/// <summary>What one run of a step is about.</summary>
public enum StepScope
{
    Video,
    Chunk,
}

/// <summary>The order of ingest. A new step is a value above, a row here and a class that does it.</summary>
public static class IngestOrder
{
    public static ImmutableArray<StepRow> Steps { get; } =
    [
        new(IngestStep.Inspect, "inspect", IngestStage.Inspecting, IsLong: true),
        new(IngestStep.Prepare, "prepare", IngestStage.Preparing, IsLong: true),
        new(IngestStep.Plan, "plan", IngestStage.Preparing),
        new(IngestStep.Send, "send", IngestStage.Sending, StepScope.Chunk),
        // Nothing is taken on trust: the source goes only after every chunk came back and opened.
        new(IngestStep.Verify, "verify", IngestStage.Verifying, StepScope.Chunk),
        new(IngestStep.Commit, "commit", IngestStage.Committing),
        new(IngestStep.CleanUp, "cleanup", IngestStage.CleaningUp),
    ];

    /// <summary>What is said of this step.</summary>
    public static StepRow RowOf(IngestStep step) => Steps.First(row => row.Step == step);
}

/// <summary>Does one step. Safe to repeat: what was done is found in the records and not done again.</summary>
interface IIngestStep
{
    IngestStep Kind { get; }

    /// <param name="run">The attempt.</param>
    /// <param name="ordinal">Which chunk, counted over the chunks of all its files; 0 for a step of the whole video.</param>
    /// <param name="cancellationToken">Stops the step; it will be asked again.</param>
    /// <exception cref="VaultException">The step failed; the exception says whether asking again may help.</exception>
    Task<StepOutcome> RunAsync(IngestRun run, int ordinal, CancellationToken cancellationToken);
}
