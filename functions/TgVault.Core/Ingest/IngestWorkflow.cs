using System.Collections.Immutable;

namespace TgVault.Core.Ingest;

/// <summary>How a run of the workflow ended.</summary>
public sealed record IngestOutcome(StepResult Result, string Reason);

/// <summary>
/// One upload's way from staging to ready: claim it, then the steps of <see cref="IngestOrder"/>. One definition for every engine: Durable
/// Functions replays it from history, the runner of one machine calls it. So it awaits nothing but its engine, and has no clock, random
/// number, thread or environment of its own.
/// </summary>
public static class IngestWorkflow
{
    public static Task<IngestOutcome> RunAsync(IngestRequest request, IIngestEngine engine) => RunAsync(request, engine, IngestOrder.Steps);

    internal static async Task<IngestOutcome> RunAsync(IngestRequest request, IIngestEngine engine, ImmutableArray<StepRow> steps)
    {
        var claim = await engine.ClaimAsync(request);
        if (claim.Run is not { } run)
            return new IngestOutcome(StepResult.Abandoned, claim.Reason);

        if (claim.Committed)
            steps = [.. steps.SkipWhile(step => step.Step != IngestStep.CleanUp)];
        var outcome = await RunAsync(steps, run, engine);
        if (outcome.Result == StepResult.Failed)
            await engine.FailAsync(run, outcome.Reason);
        return new IngestOutcome(outcome.Result, outcome.Reason);
    }

    static async Task<StepOutcome> RunAsync(ImmutableArray<StepRow> steps, IngestRun run, IIngestEngine engine)
    {
        ChunkCut? cut = null;
        foreach (var step in steps)
        {
            var outcome =
                step.Scope == StepScope.Chunk
                    ? await ForEachChunk(step, run, cut ?? throw new InvalidOperationException("bug: no plan came before"), engine)
                    : await UntilItEnds(step, run, 0, engine);
            if (outcome.Result != StepResult.Done)
                return outcome;
            cut = outcome.Cut ?? cut;
        }

        return StepOutcome.Done;
    }

    /// <summary>
    /// Runs one step for every chunk, at most <see cref="ChunkCut.Parallelism"/> at a time, and stops starting new ones at the first that
    /// does not work.
    /// </summary>
    static async Task<StepOutcome> ForEachChunk(StepRow step, IngestRun run, ChunkCut cut, IIngestEngine engine)
    {
        await engine.ReportAsync(run, step.Stage, 0);
        var reportEvery = Math.Max(1, cut.Chunks / 100);
        var underWay = new List<Task<StepOutcome>>();
        var ended = StepOutcome.Done;
        var next = 0;
        var done = 0;
        try
        {
            while (true)
            {
                while (ended.Result == StepResult.Done && next < cut.Chunks && underWay.Count < cut.Parallelism)
                    underWay.Add(UntilItEnds(step, run, next++, engine));

                if (underWay.Count == 0)
                    return ended;
                var finished = await Task.WhenAny(underWay);
                underWay.Remove(finished);
                var outcome = await finished;
                if (outcome.Result != StepResult.Done)
                {
                    if (ended.Result == StepResult.Done)
                        ended = outcome;
                    continue;
                }

                done++;
                if (done % reportEvery == 0 || done == cut.Chunks)
                    await engine.ReportAsync(run, step.Stage, done);
            }
        }
        finally
        {
            // Where something broke: a run that is over leaves no chunk under way, or the next run would send it as well.
            while (underWay.Count > 0)
                underWay.Remove(await Task.WhenAny(underWay));
        }
    }

    /// <summary>
    /// Asks a step again that says "wait", after its delay. So a flood limit of an hour costs the hour and nothing else.
    /// </summary>
    static async Task<StepOutcome> UntilItEnds(StepRow step, IngestRun run, int ordinal, IIngestEngine engine)
    {
        while (true)
        {
            var outcome = await engine.RunAsync(step, run, ordinal);
            if (outcome.Result != StepResult.Wait)
                return outcome;
            await engine.DelayAsync(outcome.Delay);
        }
    }
}
