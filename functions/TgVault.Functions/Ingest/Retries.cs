using Microsoft.DurableTask;

namespace TgVault.Functions.Ingest;

/// <summary>
/// How often an activity that broke is asked again. What a step finds comes back as an outcome. An exception means that the activity
/// itself was stopped: the instance went away, or storage did not answer while a row was read.
/// </summary>
static class Retries
{
    /// <summary>Steps that move bytes: 5 tries, after 5, 10, 20 and 40 s.</summary>
    public static readonly TaskOptions Step = TaskOptions.FromRetryPolicy(
        new RetryPolicy(5, TimeSpan.FromSeconds(5), backoffCoefficient: 2)
    );

    /// <summary>Small writes to the row: 8 tries, after 2 s, doubling to at most a minute; about three minutes in all.</summary>
    public static readonly TaskOptions Record = TaskOptions.FromRetryPolicy(
        new RetryPolicy(8, TimeSpan.FromSeconds(2), backoffCoefficient: 2, maxRetryInterval: TimeSpan.FromMinutes(1))
    );

    /// <summary>
    /// Removing, which Telegram may slow down: 10 tries in about three hours. The first wait is 30 s; it doubles to at most half an hour.
    /// </summary>
    public static readonly TaskOptions Removal = TaskOptions.FromRetryPolicy(
        new RetryPolicy(10, TimeSpan.FromSeconds(30), backoffCoefficient: 2, maxRetryInterval: TimeSpan.FromMinutes(30))
    );
}
