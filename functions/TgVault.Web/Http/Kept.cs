namespace TgVault.Web.Http;

/// <summary>Something that was found at a time, and until when it is kept.</summary>
internal sealed record Found<T>(T Value, DateTimeOffset At, DateTimeOffset Until);

/// <summary>
/// Something that takes a while to find: found when it is asked for, once for all who ask meanwhile, and kept for twenty times as long as
/// that took. So finding takes a twentieth of the time at most, however often it is asked for and however much there is to look through.
/// </summary>
/// <param name="find">Ends by itself: nobody's leaving ends it.</param>
/// <param name="shortest">How long it is kept at least.</param>
internal sealed class Kept<T>(Func<Task<T>> find, TimeSpan shortest, TimeProvider time)
    where T : class
{
    const int Times = 20;

    readonly Lock _gate = new();
    Task<Found<T>>? _finding;
    Found<T>? _last;

    public Task<Found<T>> GetAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            var isOver =
                _finding is null
                || (_finding.IsCompleted && (!_finding.IsCompletedSuccessfully || _last is null || time.GetUtcNow() >= _last.Until));
            if (isOver)
                _finding = Task.Run(FindAsync, CancellationToken.None);
            return _finding!.WaitAsync(cancellationToken);
        }
    }

    /// <summary>As <see cref="GetAsync"/> where it is there in time; else what was found before, null where nothing was.</summary>
    public async Task<Found<T>?> GetWithinAsync(TimeSpan wait, CancellationToken cancellationToken)
    {
        try
        {
            return await GetAsync(cancellationToken).WaitAsync(wait, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            return _last;
        }
    }

    async Task<Found<T>> FindAsync()
    {
        var (began, at) = (time.GetTimestamp(), time.GetUtcNow());
        var value = await find();
        var kept = time.GetElapsedTime(began) * Times;
        return _last = new Found<T>(value, at, time.GetUtcNow() + (kept > shortest ? kept : shortest));
    }
}
