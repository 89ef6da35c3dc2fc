namespace TgVault.Functions.Tests.Durable;

/// <summary>The clock of hub and app: runs as the real one does, and jumps ahead over waits that nobody wants to sit through.</summary>
sealed class JumpingTime : TimeProvider
{
    long _aheadTicks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow().AddTicks(Interlocked.Read(ref _aheadTicks));

    public override long GetTimestamp() => System.GetElapsedTime(0, System.GetTimestamp()).Ticks + Interlocked.Read(ref _aheadTicks);

    public void JumpTo(DateTime moment) => Interlocked.Add(ref _aheadTicks, Math.Max(0, (moment - GetUtcNow().UtcDateTime).Ticks));
}
