namespace TgVault.BotApi;

/// <summary>The time that dates messages, ages them for deletion and ends links; tests move it forward.</summary>
public sealed class BotApiClock(TimeProvider time)
{
    long _offsetTicks;

    /// <summary>Now, as this server sees it.</summary>
    public DateTimeOffset Now => time.GetUtcNow() + TimeSpan.FromTicks(Interlocked.Read(ref _offsetTicks));

    /// <summary>Moves the clock forward.</summary>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        Interlocked.Add(ref _offsetTicks, by.Ticks);
    }
}
