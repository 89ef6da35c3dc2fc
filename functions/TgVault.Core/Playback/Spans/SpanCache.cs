using TgVault.Core.Crypto;
using TgVault.Core.Telemetry;

namespace TgVault.Core.Playback.Spans;

/// <summary>
/// Opened spans in memory, shared by all readers, found by any of their blocks. Bounded in bytes, buffers being filled included. Every
/// block is in one span at most, so one fetch gets it however many ask; it goes on while anyone waits and is cancelled when all have
/// left. A failed fetch is told to those who waited and not kept. A reader that finds no room waits for it; read-ahead takes only room
/// that nobody needs, and at most half of the cache. The more readers there are, the smaller are the spans that each gets, so that what all
/// of them are reading fits: what is pushed out before it was read has to be fetched again.
/// </summary>
sealed class SpanCache
{
    /// <summary>The least capacity that is taken, in bytes: two spans.</summary>
    public const int MinCapacityBytes = 2 * PlaySpan.MaxSealedBytes;

    readonly Lock _gate = new();
    readonly Dictionary<BlockKey, CachedSpan> _blocks = [];
    readonly LinkedList<CachedSpan> _oldestFirst = new();
    readonly LinkedList<(CachedSpan Span, TaskCompletionSource Granted)> _waiting = new();
    readonly SpanBuffers _buffers;
    readonly long _capacityBytes;
    long _wantedBytes;
    int _readers;

    /// <param name="capacityBytes">The bound; less than <see cref="MinCapacityBytes"/> counts as that.</param>
    public SpanCache(long capacityBytes)
    {
        _capacityBytes = Math.Max(capacityBytes, MinCapacityBytes);
        _buffers = new SpanBuffers(_capacityBytes);
    }

    /// <summary>Memory that exists for spans now, in bytes; never above the capacity.</summary>
    public long AllocatedBytes
    {
        get
        {
            lock (_gate)
                return _buffers.AllocatedBytes;
        }
    }

    /// <summary>
    /// How many blocks a reader should ask for at once, from one to <see cref="PlaySpan.MaxBlocks"/>: what all are reading takes three
    /// quarters of the cache at most, and the rest is for what is on its way.
    /// </summary>
    public int SpanBlocks
    {
        get
        {
            var share = _capacityBytes * 3 / 4 / Math.Max(1, Volatile.Read(ref _readers));
            return (int)Math.Clamp(share / SealedChunk.SealedBlockBytes, 1, PlaySpan.MaxBlocks);
        }
    }

    /// <summary>Counts a reader until <see cref="Leave"/>.</summary>
    public void Enter() => Interlocked.Increment(ref _readers);

    public void Leave() => Interlocked.Decrement(ref _readers);

    /// <summary>
    /// The span that holds the first block of <paramref name="wanted"/>: one that is here already, or else as much of
    /// <paramref name="wanted"/> as is in no other span, fetched and opened. What the fetch throws is thrown to all who wait for it.
    /// </summary>
    /// <param name="found">The span that is waited for; its fetch, if it needs one, is under way when this method returns.</param>
    internal ValueTask<SpanLease> LeaseAsync(ISpanSource source, PlaySpan wanted, out PlaySpan found, CancellationToken cancellationToken)
    {
        found = wanted;
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled<SpanLease>(cancellationToken);
        CachedSpan? cached;
        var isNew = false;
        lock (_gate)
        {
            if (!_blocks.TryGetValue(source.KeyOf(wanted), out cached))
            {
                cached = NewSpan(source, wanted);
                Add(cached);
                isNew = true;
            }

            cached.Pins++;
            Touch(cached);
        }

        if (isNew)
            _ = FillAsync(cached, source);
        found = cached.Span;
        return WaitAsync(cached, !isNew, cancellationToken);
    }

    /// <summary>
    /// Asks for a span as <see cref="LeaseAsync"/> gives it to be here soon. Null where it is not here and room for it would have to be
    /// taken from somebody. A fetch that fails is not told: the reader that comes to the span asks again.
    /// </summary>
    internal SpanTicket? TryWant(ISpanSource source, PlaySpan wanted)
    {
        CachedSpan? cached;
        var isNew = false;
        lock (_gate)
        {
            if (!_blocks.TryGetValue(source.KeyOf(wanted), out cached))
            {
                cached = NewSpan(source, wanted);
                if (_waiting.Count > 0 || _wantedBytes + cached.BufferBytes > _capacityBytes / 2 || !TryRent(cached, evictWanted: false))
                    return null;
                Add(cached);
                isNew = true;
            }

            if (cached.Wanted++ == 0)
                _wantedBytes += cached.BufferBytes;
        }

        if (isNew)
            _ = FillAsync(cached, source);
        return new SpanTicket(this, cached);
    }

    /// <summary>Whether this block is in memory or on its way.</summary>
    internal bool Has(BlockKey block)
    {
        lock (_gate)
            return _blocks.ContainsKey(block);
    }

    internal void Unpin(CachedSpan span)
    {
        bool abandoned;
        lock (_gate)
        {
            span.Pins--;
            abandoned = RemoveIfAbandoned(span);
            GrantWaiting();
        }

        if (abandoned)
            span.Abandoned.Cancel();
    }

    internal void Forgo(CachedSpan span)
    {
        bool abandoned;
        lock (_gate)
        {
            if (--span.Wanted == 0)
                _wantedBytes -= span.BufferBytes;
            abandoned = RemoveIfAbandoned(span);
        }

        if (abandoned)
            span.Abandoned.Cancel();
    }

    async ValueTask<SpanLease> WaitAsync(CachedSpan span, bool wasHere, CancellationToken cancellationToken)
    {
        try
        {
            await span.Filled.Task.WaitAsync(cancellationToken);
        }
        catch
        {
            Unpin(span);
            throw;
        }

        return new SpanLease(this, span, wasHere);
    }

    async Task FillAsync(CachedSpan span, ISpanSource source)
    {
        source.Acquire();
        var token = span.Abandoned.Token;
        try
        {
            await RentAsync(span, token);
            await source.FillAsync(span.Span, span.Buffer.AsMemory(0, span.Span.SealedBytes), token).Timed(VaultMeter.FetchDuration);
            lock (_gate)
            {
                span.IsFilled = true;
                if (span.IsRemoved)
                    ReturnBuffer(span);
                else
                    span.Age = _oldestFirst.AddLast(span);
                GrantWaiting();
            }

            span.Filled.TrySetResult();
        }
#pragma warning disable CA1031 // Whatever went wrong is thrown to those who wait; nobody awaits this task.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            lock (_gate)
            {
                Remove(span);
                ReturnBuffer(span);
                GrantWaiting();
            }

            // A cancellation that is not ours (a store's own time limit) must not look to the readers like theirs.
            span.Filled.TrySetException(
                exception is OperationCanceledException && !token.IsCancellationRequested
                    ? new ChunkStoreException(ChunkStoreFailure.Transient, "The chunk store gave up reading.", inner: exception)
                    : exception
            );
            _ = span.Filled.Task.Exception;
        }
        finally
        {
            source.Release();
        }
    }

    async Task RentAsync(CachedSpan span, CancellationToken cancellationToken)
    {
        var granted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        LinkedListNode<(CachedSpan, TaskCompletionSource)> place;
        lock (_gate)
        {
            if (span.Buffer is not null || (_waiting.Count == 0 && TryRent(span, evictWanted: true)))
                return;
            place = _waiting.AddLast((span, granted));
        }

        using var leaving = cancellationToken.Register(() =>
        {
            lock (_gate)
            {
                if (place.List is null)
                    return;
                _waiting.Remove(place);
            }

            granted.TrySetCanceled(cancellationToken);
        });
        await granted.Task;
    }

    // The rest runs under the lock.

    CachedSpan NewSpan(ISpanSource source, PlaySpan wanted)
    {
        var first = source.KeyOf(wanted);
        var blocks = 1;
        while (blocks < wanted.BlockCount && !_blocks.ContainsKey(first with { Block = first.Block + blocks }))
            blocks++;
        return new CachedSpan(first, wanted.Take(blocks));
    }

    void Add(CachedSpan span)
    {
        for (var block = 0; block < span.Span.BlockCount; block++)
            _blocks.Add(span[block], span);
    }

    void GrantWaiting()
    {
        while (_waiting.First is { } first && TryRent(first.Value.Span, evictWanted: true))
        {
            _waiting.RemoveFirst();
            first.Value.Granted.TrySetResult();
        }
    }

    bool TryRent(CachedSpan span, bool evictWanted)
    {
        while (true)
        {
            if (_buffers.TryRent(span.Span.BlockCount) is { } buffer)
            {
                span.Buffer = buffer;
                return true;
            }

            var victim =
                _oldestFirst.FirstOrDefault(old => old.Pins == 0 && old.Wanted == 0)
                ?? (evictWanted ? _oldestFirst.FirstOrDefault(old => old.Pins == 0) : null);
            if (victim is null)
                return false;
            Remove(victim);
            ReturnBuffer(victim);
        }
    }

    bool RemoveIfAbandoned(CachedSpan span)
    {
        if (span.IsFilled || span.IsRemoved || span.Pins > 0 || span.Wanted > 0)
            return false;
        Remove(span);
        return true;
    }

    void Remove(CachedSpan span)
    {
        if (span.IsRemoved)
            return;
        span.IsRemoved = true;
        for (var block = 0; block < span.Span.BlockCount; block++)
            _blocks.Remove(span[block]);
        if (span.Age is not null)
            _oldestFirst.Remove(span.Age);
        span.Age = null;
    }

    void ReturnBuffer(CachedSpan span)
    {
        if (span.Buffer is null)
            return;
        _buffers.Return(span.Buffer);
        span.Buffer = null;
    }

    void Touch(CachedSpan span)
    {
        if (span.Age is null)
            return;
        _oldestFirst.Remove(span.Age);
        _oldestFirst.AddLast(span.Age);
    }
}
