namespace TgVault.BotApi;

/// <summary>The stand-in's idea of the time, which tests move forward: links die after an hour, messages can be deleted for two days.</summary>
public sealed class BotApiClock(TimeProvider inner) : TimeProvider
{
    long _aheadTicks;

    public void Advance(TimeSpan by) => Interlocked.Add(ref _aheadTicks, by.Ticks);

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => inner.GetUtcNow() + new TimeSpan(Interlocked.Read(ref _aheadTicks));

    internal long UnixSeconds => GetUtcNow().ToUnixTimeSeconds();
}
