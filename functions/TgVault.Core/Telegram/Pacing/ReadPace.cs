namespace TgVault.Core.Telegram.Pacing;

/// <summary>
/// How often one bot is asked for files: a bucket of so many calls, which fills again by the second, at what Telegram's FAQ says of a bot's
/// calls over all. So many chunks as a film has go at once, for viewers; a run through a whole library is kept to the rate. Of this process
/// alone: no row is asked before a viewer gets a byte.
/// </summary>
sealed class ReadPace(TimeProvider time)
{
    /// <summary>Calls that go at once.</summary>
    public const int Burst = 300;

    /// <summary>Calls a second after that.</summary>
    public const int PerSecond = 30;

    static readonly TimeSpan Spacing = TimeSpan.FromSeconds(1.0 / PerSecond);

    readonly Lock _lock = new();
    DateTimeOffset _full;
    DateTimeOffset _pausedUntil;

    /// <summary>What is left of a wait that Telegram asked for.</summary>
    public TimeSpan Paused
    {
        get
        {
            lock (_lock)
                return Left(_pausedUntil, time.GetUtcNow());
        }
    }

    /// <summary>Takes a call; how long to wait before making it.</summary>
    public TimeSpan Take()
    {
        lock (_lock)
        {
            var now = time.GetUtcNow();
            // A clock that was set back must not hold anybody; nobody is ever so far behind by calls.
            if (_full < now || _full - now > TimeSpan.FromHours(1))
                _full = now;
            var wait = Left(_full - ((Burst - 1) * Spacing), now);
            _full += Spacing;
            return wait;
        }
    }

    /// <summary>Nothing is asked for so long: Telegram said so.</summary>
    public void Pause(TimeSpan wait)
    {
        lock (_lock)
        {
            if (time.GetUtcNow() + wait > _pausedUntil)
                _pausedUntil = time.GetUtcNow() + wait;
        }
    }

    static TimeSpan Left(DateTimeOffset at, DateTimeOffset now) => at > now ? at - now : TimeSpan.Zero;
}
