namespace TgVault.Core.Playback.Budget;

/// <summary>
/// Bytes that may be spent: so many at once, and so many more each second. It can be overdrawn, as far below nothing as it can hold. Not
/// safe for use by several threads; the budget's lock guards it.
/// </summary>
/// <param name="capacity">The most that it holds, in bytes; it begins full.</param>
/// <param name="perSecond">What comes back, in bytes.</param>
/// <param name="time">Its clock.</param>
internal sealed class TokenBucket(double capacity, double perSecond, TimeProvider time)
{
    double _left = capacity;
    long _at = time.GetTimestamp();

    public double Capacity { get; } = capacity;

    /// <summary>What may be spent now; less than 0 where too much was.</summary>
    public double Left => _left;

    public bool IsSpent => _left <= 0;

    /// <summary>Gives what time brought since the last call.</summary>
    /// <param name="isPaused">Where it shall bring nothing.</param>
    public void Refill(bool isPaused = false)
    {
        var passed = time.GetElapsedTime(_at);
        _at = time.GetTimestamp();
        if (!isPaused)
            Add(passed.TotalSeconds * perSecond);
    }

    /// <param name="bytes">Less than 0 to spend.</param>
    public void Add(double bytes) => _left = Math.Clamp(_left + bytes, -Capacity, Capacity);

    /// <summary>How long until there is more than <paramref name="bytes"/>, if nothing is spent meanwhile.</summary>
    public TimeSpan Until(double bytes) => _left > bytes ? TimeSpan.Zero : TimeSpan.FromSeconds((bytes - _left) / perSecond);
}
