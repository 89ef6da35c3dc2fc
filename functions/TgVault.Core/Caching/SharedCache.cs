using System.Diagnostics.CodeAnalysis;

namespace TgVault.Core.Caching;

/// <summary>
/// Values by key. Each is made once, however many ask for it meanwhile. What nobody waits for any more is given up; what failed is told
/// to those who wait and not kept. Kept values weigh at most so many bytes: those used longest ago go first. For any number of threads.
/// </summary>
/// <param name="maxBytes">The bound; what was made last is kept whatever it weighs.</param>
/// <param name="bytesOf">What a value weighs, roughly.</param>
public sealed class SharedCache<TKey, TValue>(long maxBytes, Func<TValue, long> bytesOf) : IDisposable
    where TKey : notnull
{
    readonly Lock _gate = new();
    readonly Dictionary<TKey, Entry> _entries = [];
    readonly LinkedList<Entry> _oldestFirst = [];
    long _keptBytes;
    bool _disposed;

    /// <summary>How long a value is given out, from when its making began; null for ever.</summary>
    public TimeSpan? Lifetime { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Whether a making goes on when nobody waits any more, because it does something that must be remembered.</summary>
    public bool FinishesAlone { get; init; }

    /// <summary>Called once with each value that leaves the cache, under its lock.</summary>
    public Action<TValue> Dropped { get; init; } = static _ => { };

    /// <summary>What the kept values weigh.</summary>
    internal long KeptBytes
    {
        get
        {
            lock (_gate)
                return _keptBytes;
        }
    }

    /// <summary>The value of this key: kept, being made, or made now.</summary>
    /// <param name="make">Is called where nobody makes it yet. Its token ends it when all have left.</param>
    /// <param name="cancellationToken">Ends the waiting of this caller only.</param>
    public async ValueTask<TValue> GetAsync(TKey key, Func<CancellationToken, Task<TValue>> make, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Entry? entry;
        bool isFirst;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (TryFindKept(key, out entry))
                return entry.Value!;
            isFirst = !_entries.TryGetValue(key, out entry);
            if (isFirst)
                _entries[key] = entry = new Entry(key, Time.GetTimestamp());
            entry!.Waiters++;
        }

        if (isFirst)
            _ = MakeAsync(entry, make);
        try
        {
            return await entry.Made.Task.WaitAsync(cancellationToken);
        }
        finally
        {
            Leave(entry);
        }
    }

    /// <summary>A kept value.</summary>
    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        lock (_gate)
        {
            var isKept = TryFindKept(key, out var entry);
            value = isKept ? entry!.Value : default;
            return isKept;
        }
    }

    /// <summary>Forgets a value that turned out to be no good; another one of the same key stays.</summary>
    public void Remove(TKey key, TValue value)
    {
        lock (_gate)
        {
            if (TryFindKept(key, out var entry) && EqualityComparer<TValue>.Default.Equals(entry.Value, value))
                Remove(entry);
        }
    }

    /// <summary>Forgets the kept values that this is true of.</summary>
    public void RemoveWhere(Func<TKey, TValue, bool> isNoGood)
    {
        lock (_gate)
        {
            foreach (var entry in _oldestFirst.Where(entry => isNoGood(entry.Key, entry.Value!)).ToList())
                Remove(entry);
        }
    }

    public void Dispose()
    {
        List<Entry> all;
        lock (_gate)
        {
            _disposed = true;
            all = [.. _entries.Values];
            all.ForEach(Remove);
        }

        all.ForEach(entry => entry.Abandoned.Cancel());
    }

    // Never throws: what goes wrong is told to those who wait.
    async Task MakeAsync(Entry entry, Func<CancellationToken, Task<TValue>> make)
    {
        try
        {
            var value = await make(entry.Abandoned.Token);
            Keep(entry, value, bytesOf(value));
            entry.Made.TrySetResult(value);
        }
#pragma warning disable CA1031 // Whatever it is, the waiting ones get it.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            lock (_gate)
                Remove(entry);
            entry.Made.TrySetException(exception);
            _ = entry.Made.Task.Exception;
        }
    }

    void Keep(Entry entry, TValue value, long bytes)
    {
        lock (_gate)
        {
            if (!IsCurrent(entry))
            {
                Dropped(value);
                return;
            }

            (entry.Value, entry.Bytes) = (value, bytes);
            entry.Age = _oldestFirst.AddLast(entry);
            _keptBytes += bytes;
            while (_keptBytes > maxBytes && _oldestFirst.First is { } oldest && oldest != entry.Age)
                Remove(oldest.Value);
        }
    }

    void Leave(Entry entry)
    {
        lock (_gate)
        {
            if (--entry.Waiters > 0 || FinishesAlone || entry.Age is not null || entry.Made.Task.IsCompleted)
                return;
            Remove(entry);
        }

        entry.Abandoned.Cancel();
    }

    // The rest runs under the lock.

    bool TryFindKept(TKey key, [NotNullWhen(true)] out Entry? entry)
    {
        if (!_entries.TryGetValue(key, out entry) || entry.Age is not { } age)
            return false;
        if (Lifetime is { } lifetime && Time.GetElapsedTime(entry.Began) >= lifetime)
        {
            Remove(entry);
            return false;
        }

        _oldestFirst.Remove(age);
        _oldestFirst.AddLast(age);
        return true;
    }

    bool IsCurrent(Entry entry) => _entries.TryGetValue(entry.Key, out var current) && current == entry;

    void Remove(Entry entry)
    {
        if (IsCurrent(entry))
            _entries.Remove(entry.Key);
        if (entry.Age is not { } age)
            return;
        _oldestFirst.Remove(age);
        _keptBytes -= entry.Bytes;
        entry.Age = null;
        Dropped(entry.Value!);
    }

    /// <summary>One value that is being made or is kept. All members but <see cref="Made"/> are guarded by the cache's lock.</summary>
    sealed class Entry(TKey key, long began)
    {
        public TKey Key => key;

        /// <summary>A timestamp of the cache's clock.</summary>
        public long Began => began;

        public TaskCompletionSource<TValue> Made { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Cancelled when nobody waits any more. Not disposed: it has no timer and no handle.</summary>
        public CancellationTokenSource Abandoned { get; } = new();

        public int Waiters { get; set; }

        public TValue? Value { get; set; }

        public long Bytes { get; set; }

        /// <summary>Set as long as it is kept.</summary>
        public LinkedListNode<Entry>? Age { get; set; }
    }
}
