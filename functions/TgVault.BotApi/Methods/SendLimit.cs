using TgVault.BotApi.Http;

namespace TgVault.BotApi.Methods;

/// <summary>At most so many messages of one bot in one chat within any minute; 0 = no limit.</summary>
sealed class SendLimit(int perMinute, BotApiClock clock)
{
    static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    readonly Lock _lock = new();
    readonly Dictionary<(long Bot, long Chat), Queue<DateTimeOffset>> _sent = [];

    /// <summary>Counts a message.</summary>
    /// <exception cref="Refusal">429: it would be one too many.</exception>
    public void Count(long bot, long chat)
    {
        if (perMinute == 0)
            return;
        lock (_lock)
        {
            if (!_sent.TryGetValue((bot, chat), out var times))
                _sent[(bot, chat)] = times = new Queue<DateTimeOffset>();
            var now = clock.Now;
            while (times.TryPeek(out var oldest) && now - oldest >= Window)
                times.Dequeue();
            if (times.Count >= perMinute)
                throw Refusal.TooMany((int)Math.Ceiling((Window - (now - times.Peek())).TotalSeconds));
            times.Enqueue(now);
        }
    }
}
