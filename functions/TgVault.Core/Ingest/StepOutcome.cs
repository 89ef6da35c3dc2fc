using TgVault.Core.Videos;

namespace TgVault.Core.Ingest;

/// <summary>How a step ended.</summary>
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
/// <param name="Result">Whether and how to go on.</param>
/// <param name="Reason">One sentence for a person, where it is not done.</param>
/// <param name="Delay">How long to wait before asking again.</param>
/// <param name="Cut">What planning found; null from other steps.</param>
public sealed record StepOutcome(StepResult Result, string Reason = "", TimeSpan Delay = default, ChunkCut? Cut = null)
{
    /// <summary>What is waited for, where it is asked again later.</summary>
    public WaitCause Cause { get; init; }

    public static StepOutcome Done { get; } = new(StepResult.Done);

    public static StepOutcome Abandoned { get; } = new(StepResult.Abandoned, "The video was removed or taken over.");

    public static StepOutcome Planned(int chunks, int parallelism) => new(StepResult.Done, Cut: new ChunkCut(chunks, parallelism));

    public static StepOutcome Failed(string reason) => new(StepResult.Failed, reason);

    public static StepOutcome Wait(TimeSpan delay, string reason, WaitCause cause = WaitCause.Other) =>
        new(StepResult.Wait, reason, delay) { Cause = cause };
}

/// <summary>The cut of a planned attempt.</summary>
/// <param name="Chunks">How many chunks all its files have.</param>
/// <param name="Parallelism">How many of them may be under way at once.</param>
public sealed record ChunkCut(int Chunks, int Parallelism);
