using Microsoft.Extensions.Time.Testing;
using TgVault.Testing;

namespace TgVault.Core.Tests.Engine;

/// <summary>A clock that stands still until a test moves it, and knows the waits that began on it.</summary>
sealed class WatchedTime(Signal changes) : FakeTimeProvider(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero))
{
    readonly Dictionary<TimeSpan, int> _waits = [];
    readonly Lock _lock = new();

    /// <summary>How many waits of exactly this length began so far.</summary>
    public int WaitsOf(TimeSpan length)
    {
        lock (_lock)
            return _waits.GetValueOrDefault(length);
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        lock (_lock)
            _waits[dueTime] = _waits.GetValueOrDefault(dueTime) + 1;
        changes.Raise();
        return timer;
    }
}
