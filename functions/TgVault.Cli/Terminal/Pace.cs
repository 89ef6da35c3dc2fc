namespace TgVault.Cli.Terminal;

/// <summary>How fast something has been growing of late. Never negative; none until it has grown for a moment.</summary>
sealed class Pace(TimeProvider time)
{
    static readonly TimeSpan Window = TimeSpan.FromSeconds(15);
    static readonly TimeSpan Least = TimeSpan.FromSeconds(1);
    static readonly TimeSpan BetweenSamples = TimeSpan.FromMilliseconds(200);

    readonly Queue<(long At, long Bytes)> _samples = new();
    (long At, long Bytes)? _newest;

    /// <summary>So much there is now; never less than before.</summary>
    public void Add(long bytes)
    {
        var now = time.GetTimestamp();
        if (_newest is { } newest && time.GetElapsedTime(newest.At, now) < BetweenSamples)
            return;
        _newest = (now, bytes);
        _samples.Enqueue((now, bytes));
        while (_samples.Count > 1 && time.GetElapsedTime(_samples.Peek().At, now) > Window)
            _samples.Dequeue();
    }

    /// <summary>Bytes a second over the last seconds, up to now: it falls where nothing comes any more. Null where too little is
    /// known.</summary>
    public double? BytesPerSecond
    {
        get
        {
            if (_newest is not { } newest || _samples.Count < 2)
                return null;
            var (at, bytes) = _samples.Peek();
            var elapsed = time.GetElapsedTime(at, time.GetTimestamp());
            return elapsed < Least ? null : Math.Max(0, newest.Bytes - bytes) / elapsed.TotalSeconds;
        }
    }
}
