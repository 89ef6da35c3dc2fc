namespace TgVault.BotApi;

/// <summary>So many messages in any sixty seconds for each bot in each channel, on the stand-in's clock.</summary>
sealed class SendLimit(int messagesPerMinute, BotApiClock clock)
{
    readonly Lock _lock = new();
    readonly Dictionary<(long Bot, long Chat), Queue<DateTimeOffset>> _sent = [];

    /// <summary>Counts a message; or, where there were too many, returns the seconds to wait and counts nothing.</summary>
    public int? Count(long botId, long chatId)
    {
        if (messagesPerMinute == 0) return null;
        lock (_lock)
        {
            if (!_sent.TryGetValue((botId, chatId), out var sent)) _sent[(botId, chatId)] = sent = new Queue<DateTimeOffset>();
            var now = clock.GetUtcNow();
            while (sent.TryPeek(out var oldest) && now - oldest >= TimeSpan.FromMinutes(1)) sent.Dequeue();
            if (sent.Count >= messagesPerMinute) return Math.Max(1, (int)Math.Ceiling((sent.Peek() + TimeSpan.FromMinutes(1) - now).TotalSeconds));
            sent.Enqueue(now);
            return null;
        }
    }
}
