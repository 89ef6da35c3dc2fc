using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace TgVault.Core.Telemetry;

/// <summary>
/// The vault's spans. They hold ids, numbers and fixed words. Exceptions are not recorded on them: a library's message may say anything.
/// </summary>
public static class VaultTrace
{
    public const string Name = VaultMeter.Name;

    /// <summary>Listeners ask for it by its name.</summary>
    public static ActivitySource Source { get; } = new(Name);

    /// <summary>Ends a span with how it went.</summary>
    public static void End(this Activity? activity, string outcome, bool isError)
    {
        if (activity is null)
            return;
        activity.SetTag(VaultTags.Outcome, outcome);
        if (isError)
            activity.SetStatus(ActivityStatusCode.Error);
        activity.Dispose();
    }

    /// <summary>Awaits something and records how long it took and how it ended, unless nobody listens.</summary>
    public static Task Timed(this Task task, Histogram<double> duration) =>
        duration.Enabled ? TimeAsync(task, duration, Stopwatch.GetTimestamp()) : task;

    static async Task TimeAsync(Task task, Histogram<double> duration, long since)
    {
        var outcome = "ok";
        try
        {
            await task;
        }
        catch (Exception failure)
        {
            outcome = VaultTags.OutcomeOf(failure);
            throw;
        }
        finally
        {
            duration.Record(Stopwatch.GetElapsedTime(since).TotalSeconds, new KeyValuePair<string, object?>(VaultTags.Outcome, outcome));
        }
    }
}
