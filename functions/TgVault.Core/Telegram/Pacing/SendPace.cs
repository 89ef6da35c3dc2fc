namespace TgVault.Core.Telegram;

/// <summary>
/// When one bot may post the next message in one channel: evenly spaced at so many a minute, and not before a wait that Telegram asked for
/// is over. Shared by everything in the process that posts.
/// </summary>
sealed class SendPace(int messagesPerMinute, TimeProvider time)
{
    readonly Lock _lock = new();
    readonly TimeSpan _spacing = messagesPerMinute > 0 ? TimeSpan.FromMinutes(1) / messagesPerMinute : TimeSpan.Zero;
    DateTimeOffset _next;
    DateTimeOffset _pausedUntil;

    public TimeProvider Time => time;

    /// <summary>Whether a wait that Telegram asked for is not over.</summary>
    public bool IsPaused => Paused > TimeSpan.Zero;

    /// <summary>What is left of a wait that Telegram asked for.</summary>
    public TimeSpan Paused
    {
        get
        {
            lock (_lock)
            {
                var left = _pausedUntil - time.GetUtcNow();
                return left > TimeSpan.Zero ? left : TimeSpan.Zero;
            }
        }
    }

    /// <summary>How long a message asked for now would wait.</summary>
    public TimeSpan Wait
    {
        get
        {
            lock (_lock)
                return Left(time.GetUtcNow());
        }
    }

    /// <summary>Takes the next place if it is at most <paramref name="longest"/> away; otherwise takes none and returns null.</summary>
    /// <returns>How long to wait before posting.</returns>
    public TimeSpan? TryTake(TimeSpan longest)
    {
        lock (_lock)
        {
            var now = time.GetUtcNow();
            var wait = Left(now);
            if (wait > longest)
                return null;
            _next = now + wait + _spacing;
            return wait;
        }
    }

    /// <summary>Nothing is posted for this long: Telegram said so.</summary>
    public void Pause(TimeSpan wait)
    {
        lock (_lock)
        {
            var until = time.GetUtcNow() + wait;
            if (until > _next)
                _next = until;
            if (until > _pausedUntil)
                _pausedUntil = until;
        }
    }

    TimeSpan Left(DateTimeOffset now) => _next > now ? _next - now : TimeSpan.Zero;
}
