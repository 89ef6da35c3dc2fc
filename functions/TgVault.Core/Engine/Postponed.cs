namespace TgVault.Core.Engine;

/// <summary>Work whose last try failed or has to wait, and when it is due again.</summary>
sealed class Postponed(TimeProvider time)
{
    readonly Dictionary<string, DateTimeOffset> _notBefore = new(StringComparer.Ordinal);
    readonly HashSet<string> _trying = new(StringComparer.Ordinal);
    readonly Lock _lock = new();

    public bool IsDue(string name)
    {
        lock (_lock)
            return !_notBefore.TryGetValue(name, out var notBefore) || notBefore <= time.GetUtcNow();
    }

    /// <summary>Runs one try. It says how long until the work is due again; null where it need not be postponed.</summary>
    public async Task TryAsync(string name, Func<Task<TimeSpan?>> work)
    {
        lock (_lock)
            _trying.Add(name);
        TimeSpan? wait = null;
        try
        {
            wait = await work();
        }
        finally
        {
            lock (_lock)
            {
                _notBefore.Remove(name);
                if (_trying.Remove(name) && wait is { } longer)
                    _notBefore[name] = time.GetUtcNow() + longer;
            }
        }
    }

    /// <summary>
    /// Makes it due at once. A try that is under way may have missed the wish, so that try does not postpone the work either.
    /// </summary>
    public void MakeDue(string name)
    {
        lock (_lock)
        {
            _trying.Remove(name);
            _notBefore.Remove(name);
        }
    }
}
