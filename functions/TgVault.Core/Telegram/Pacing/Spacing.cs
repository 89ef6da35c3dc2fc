namespace TgVault.Core.Telegram.Pacing;

/// <summary>The message that took longest of late, and when it was.</summary>
readonly record struct Slowest(TimeSpan Took, DateTimeOffset At)
{
    static readonly TimeSpan Remembered = TimeSpan.FromMinutes(1);

    public bool IsFresh(DateTimeOffset now) => now - At < Remembered;
}

/// <summary>
/// How far apart messages are begun, so that Telegram counts no more than so many within any minute. It counts a message at some moment
/// between its first byte and its answer. One that was slow and a quick one a minute later come closer together than they were begun: so
/// the minute is longer by what messages take, three times, for what is begun before that is known everywhere. A pace below what Telegram
/// is seen to allow has room for that already.
/// </summary>
sealed class Spacing(int messagesPerMinute)
{
    // Larger ones are not of the pace: a call that hangs, or a line so slow that the pace does not matter.
    static readonly TimeSpan MostTaken = TimeSpan.FromSeconds(10);

    /// <summary>Messages a minute of one bot in one channel that Telegram is seen to allow (its FAQ names groups).</summary>
    const int Allowed = 20;

    const int Margin = 3;

    static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    Slowest? _slowest;

    public void Took(TimeSpan duration, DateTimeOffset now)
    {
        var took = duration < MostTaken ? duration : MostTaken;
        if (SlowestAt(now) is not { } slowest || took >= slowest.Took)
            _slowest = new Slowest(took, now);
    }

    /// <summary>Null where nothing was posted for a minute.</summary>
    public Slowest? SlowestAt(DateTimeOffset now) => _slowest is { } slowest && slowest.IsFresh(now) ? slowest : null;

    public TimeSpan Of(Slowest? slowest) => Of(messagesPerMinute, slowest);

    /// <summary>In whole milliseconds, which every store of rows keeps exactly.</summary>
    public static TimeSpan Of(int messagesPerMinute, Slowest? slowest) =>
        messagesPerMinute == 0
            ? TimeSpan.Zero
            : TimeSpan.FromMilliseconds(
                Math.Ceiling(
                    Math.Max(
                        Minute.TotalMilliseconds / messagesPerMinute,
                        (Minute + (Margin * (slowest?.Took ?? TimeSpan.Zero))).TotalMilliseconds / Math.Max(messagesPerMinute, Allowed)
                    )
                )
            );
}
