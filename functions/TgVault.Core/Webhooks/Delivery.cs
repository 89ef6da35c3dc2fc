namespace TgVault.Core.Webhooks;

/// <summary>Where a delivery stands.</summary>
public enum DeliveryState
{
    /// <summary>It will be tried, or tried again.</summary>
    Waiting,

    /// <summary>It was taken.</summary>
    Delivered,

    /// <summary>It was given up.</summary>
    Failed,
}

/// <summary>One message to one webhook, and how far it is.</summary>
/// <param name="Message">The message's id, which every try sends as webhook-id.</param>
/// <param name="Type">Of the event.</param>
/// <param name="Video">The video that it is about; null for a test.</param>
/// <param name="Time">When what it tells of happened.</param>
public sealed record Delivery(string Message, string Type, VideoId? Video, DateTimeOffset Time)
{
    public DeliveryState State { get; init; }

    /// <summary>Tries that were made.</summary>
    public int Tries { get; init; }

    /// <summary>When the next is due; null where none will be.</summary>
    public DateTimeOffset? NextTry { get; init; }

    /// <summary>When the last one was; null before the first.</summary>
    public DateTimeOffset? LastTry { get; init; }

    /// <summary>What the last one was answered with; null where there was no answer.</summary>
    public int? Status { get; init; }

    /// <summary>How long the last one took.</summary>
    public int? Milliseconds { get; init; }

    /// <summary>Why the last one was not taken, for a person; null where it was.</summary>
    public string? Problem { get; init; }
}

/// <summary>When a message is tried again that was not taken.</summary>
static class RetryTimes
{
    // Nine tries within about a day, as the specification advises.
    static readonly TimeSpan[] Waits =
    [
        TimeSpan.FromSeconds(5),
        TimeSpan.FromMinutes(1),
        TimeSpan.FromMinutes(5),
        TimeSpan.FromMinutes(30),
        TimeSpan.FromHours(2),
        TimeSpan.FromHours(5),
        TimeSpan.FromHours(8),
        TimeSpan.FromHours(8),
    ];

    /// <summary>The wait after so many tries; null where it is to be given up.</summary>
    /// <param name="tries">From 1.</param>
    /// <param name="atLeast">What the address asked for; not more than the longest wait.</param>
    public static TimeSpan? After(int tries, TimeSpan? atLeast)
    {
        if (tries > Waits.Length)
            return null;
        // A tenth more by chance: what failed at the same time must not come back at the same time.
        var wait = Waits[tries - 1] * (1 + (Random.Shared.NextDouble() / 10));
        return atLeast > wait ? (atLeast < Waits[^1] ? atLeast : Waits[^1]) : wait;
    }
}
