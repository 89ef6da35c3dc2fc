using System.Diagnostics;
using TgVault.Core.Telemetry;

namespace TgVault.Core.Ingest;

/// <summary>Steps of ingest as spans and durations, whichever engine drives them.</summary>
static class StepTrace
{
    /// <summary>One upload's way through the workflow, for an engine that runs it in one go.</summary>
    public static Activity? StartIngest()
    {
        // Not below whatever happened to be current when the runner was started.
        Activity.Current = null;
        return VaultTrace.Source.StartActivity("ingest");
    }

    /// <param name="caller">The method of <see cref="IngestSteps"/>: its name is the step's.</param>
    /// <param name="run">The attempt.</param>
    /// <param name="step">Ends with an outcome; throws only when it is stopped.</param>
    public static async Task<StepOutcome> RunAsync(string caller, IngestRun run, Func<Task<StepOutcome>> step)
    {
        if (!VaultMeter.IngestStepDuration.Enabled && !VaultMeter.Waits.Enabled && !VaultTrace.Source.HasListeners())
            return await step();
        var name = caller.Replace("Async", "", StringComparison.Ordinal).ToLowerInvariant();
        var activity = VaultTrace.Source.StartActivity($"ingest {name}");
        activity?.SetTag(VaultTags.Step, name).SetTag(VaultTags.Video, run.Video.ToString()).SetTag(VaultTags.Attempt, run.Attempt);
        var began = Stopwatch.GetTimestamp();
        var result = "cancelled";
        try
        {
            var outcome = await step();
            result = outcome.Result.ToString().ToLowerInvariant();
            if (outcome.Result == StepResult.Wait)
                VaultWaits.Record(WaitReason.Workflow, outcome.Delay);
            return outcome;
        }
        finally
        {
            VaultMeter.IngestStepDuration.Record(
                Stopwatch.GetElapsedTime(began).TotalSeconds,
                new KeyValuePair<string, object?>(VaultTags.Step, name),
                new KeyValuePair<string, object?>(VaultTags.Outcome, result)
            );
            activity.End(result, isError: result == "failed");
        }
    }
}
