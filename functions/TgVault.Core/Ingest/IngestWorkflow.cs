using TgVault.Core.Videos;

namespace TgVault.Core.Ingest;

/// <summary>How a run of the workflow ended.</summary>
public sealed record IngestOutcome(StepResult Result, string Reason);

/// <summary>
/// The order of ingest: claim, inspect, prepare, plan, send, verify, commit, clean up. One definition for every engine: Durable
/// Functions replays it from history, `tgvault serve` calls it. So it awaits nothing but its steps, and has no clock, random number,
/// thread or environment of its own.
/// </summary>
public static class IngestWorkflow
{
    public static async Task<IngestOutcome> RunAsync(IngestRequest request, IIngestSteps steps)
    {
        var claim = await steps.ClaimAsync(request);
        if (claim.Run is not { } run)
            return new IngestOutcome(StepResult.Abandoned, claim.Reason);

        var outcome = claim.Committed ? await UntilItEnds(steps, () => steps.CleanUpAsync(run)) : await RunAsync(run, steps);
        if (outcome.Result == StepResult.Failed)
            await steps.FailAsync(run, outcome.Reason);
        return new IngestOutcome(outcome.Result, outcome.Reason);
    }

    static async Task<StepOutcome> RunAsync(IngestRun run, IIngestSteps steps)
    {
        var inspected = await UntilItEnds(steps, () => steps.InspectAsync(run));
        if (inspected.Result != StepResult.Done)
            return inspected;

        var prepared = await UntilItEnds(steps, () => steps.PrepareAsync(run));
        if (prepared.Result != StepResult.Done)
            return prepared;

        var plan = await steps.PlanAsync(run);
        if (plan.Outcome.Result != StepResult.Done)
            return plan.Outcome;

        var sent = await ForEachChunk(steps, run, plan, IngestStage.Sending, steps.SendAsync);
        if (sent.Result != StepResult.Done)
            return sent;

        // Nothing is taken on trust: the source goes only after every chunk came back and opened.
        var verified = await ForEachChunk(steps, run, plan, IngestStage.Verifying, steps.VerifyAsync);
        if (verified.Result != StepResult.Done)
            return verified;

        var committed = await UntilItEnds(steps, () => steps.CommitAsync(run));
        if (committed.Result != StepResult.Done)
            return committed;

        return await UntilItEnds(steps, () => steps.CleanUpAsync(run));
    }

    /// <summary>Runs one step for every chunk, at most <see cref="PlanOutcome.Parallelism"/> at a time, and stops starting new ones at the first that does not work.</summary>
    static async Task<StepOutcome> ForEachChunk(
        IIngestSteps steps,
        IngestRun run,
        PlanOutcome plan,
        IngestStage stage,
        Func<IngestRun, int, Task<StepOutcome>> step
    )
    {
        await steps.ReportAsync(run, stage, 0);
        var reportEvery = Math.Max(1, plan.Chunks / 100);
        var underWay = new List<Task<StepOutcome>>();
        var ended = StepOutcome.Done;
        var next = 0;
        var done = 0;
        while (true)
        {
            while (ended.Result == StepResult.Done && next < plan.Chunks && underWay.Count < plan.Parallelism)
            {
                var chunk = next++;
                underWay.Add(UntilItEnds(steps, () => step(run, chunk)));
            }

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
            if (done % reportEvery == 0 || done == plan.Chunks)
                await steps.ReportAsync(run, stage, done);
        }
    }

    /// <summary>A step that says "wait" is asked again after its delay. That is how a flood limit of an hour costs nothing but the hour.</summary>
    static async Task<StepOutcome> UntilItEnds(IIngestSteps steps, Func<Task<StepOutcome>> step)
    {
        while (true)
        {
            var outcome = await step();
            if (outcome.Result != StepResult.Wait)
                return outcome;
            await steps.DelayAsync(outcome.Delay);
        }
    }
}
