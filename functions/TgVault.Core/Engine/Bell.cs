namespace TgVault.Core.Engine;

/// <summary>Ends a wait early when somebody rings; ringing while nobody waits ends the next wait.</summary>
sealed class Bell(TimeProvider time) : IDisposable
{
    readonly SemaphoreSlim _rung = new(0, 1);

    public void Ring()
    {
        try
        {
            _rung.Release();
        }
        catch (SemaphoreFullException)
        {
            // Somebody has rung already.
        }
    }

    /// <summary>Returns when it rings, after the time, or when it is cancelled.</summary>
    public async Task WaitAsync(TimeSpan longest, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(longest, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await _rung.WaitAsync(either.Token);
        }
        catch (OperationCanceledException)
        {
            // The time is over, or the caller stops: it looks itself.
        }
    }

    public void Dispose() => _rung.Dispose();
}
