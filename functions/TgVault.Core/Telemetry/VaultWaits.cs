using System.Diagnostics;

namespace TgVault.Core.Telemetry;

/// <summary>Why something waits.</summary>
enum WaitReason
{
    /// <summary>Its turn to post, at the pace that is set.</summary>
    Pace,

    /// <summary>Telegram named a time, short enough to wait in place.</summary>
    Flood,

    /// <summary>A call failed and is tried again.</summary>
    Retry,

    /// <summary>A viewer, while the chunk store cannot be read.</summary>
    Hold,

    /// <summary>A viewer, by a link for which much more was fetched than its viewers got.</summary>
    Budget,

    /// <summary>A step of ingest, by timer.</summary>
    Workflow,
}

/// <summary>Waits as they begin: in the measurements, and on the span that waits.</summary>
static class VaultWaits
{
    static readonly KeyValuePair<string, object?>[] Reasons =
    [
        .. Enum.GetValues<WaitReason>()
            .Select(reason => new KeyValuePair<string, object?>(VaultTags.Reason, reason.ToString().ToLowerInvariant())),
    ];

    public static void Record(WaitReason reason, TimeSpan wait)
    {
        VaultMeter.Waits.Record(wait.TotalSeconds, Reasons[(int)reason]);
        if (Activity.Current is { IsAllDataRequested: true } activity && activity.Source == VaultTrace.Source)
            activity.AddEvent(new ActivityEvent("wait", tags: [Reasons[(int)reason], new("tgvault.wait.seconds", wait.TotalSeconds)]));
    }
}
