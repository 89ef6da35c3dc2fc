namespace TgVault.Core.Telegram.Pacing;

/// <summary>
/// When one bot may post the next message in one channel: evenly spaced, so many within any minute, and not before a wait that Telegram
/// asked for is over. Shared by everything in the process that posts. Where a row says who posts when, the process takes some seconds of
/// the time for itself, and posts within these; what it does not use lapses with them.
/// </summary>
/// <param name="messagesPerMinute">0 = no limit: then no row is asked either.</param>
/// <param name="time">The clock, where no row is asked.</param>
/// <param name="row">What all instances of the vault share; null where there is one alone.</param>
sealed class SendPace(int messagesPerMinute, TimeProvider time, PaceRow? row = null)
{
    readonly PaceRow? _row = messagesPerMinute > 0 ? row : null;
    readonly Spacing _spacing = new(messagesPerMinute);
    readonly Lock _lock = new();
    DateTimeOffset _next;
    DateTimeOffset _nextAhead;
    DateTimeOffset _pausedUntil;
    TimeSpan _shifted;

    // The time that this process has for itself, how many places it holds, and how many were taken; all time where there is no row.
    DateTimeOffset _until = messagesPerMinute > 0 && row is not null ? DateTimeOffset.MinValue : DateTimeOffset.MaxValue;
    TimeSpan _leasedSpacing;
    int _leased;
    int _taken;

    // From when on nobody had leased the time, as of the last look.
    DateTimeOffset _free;
    Task? _leasing;

    public TimeProvider Time => time;

    /// <summary>Whether a wait that Telegram asked for is not over.</summary>
    public bool IsPaused => Paused > TimeSpan.Zero;

    /// <summary>What is left of a wait that Telegram asked for.</summary>
    public TimeSpan Paused
    {
        get
        {
            lock (_lock)
                return Left(_pausedUntil);
        }
    }

    /// <summary>How long a message asked for now would wait, as far as is known.</summary>
    public TimeSpan Wait
    {
        get
        {
            lock (_lock)
                return HasRoom(out var at) ? Left(at) : Left(Later(_free, _pausedUntil));
        }
    }

    DateTimeOffset Now => _row?.Now ?? time.GetUtcNow();

    /// <summary>Takes the next place if it is at most <paramref name="longest"/> away.</summary>
    public PacePlace TryTake(TimeSpan longest)
    {
        lock (_lock)
        {
            var isOurs = HasRoom(out var at);
            if (!isOurs)
                at = Later(_free, _pausedUntil);
            if (Left(at) > longest)
                return new PacePlace(PlaceState.TooFar, default, default);
            if (!isOurs)
                return new PacePlace(PlaceState.NotLeased, default, default);
            _taken++;
            _next = at + SpacingNow();
            return new PacePlace(PlaceState.Taken, Left(at), _shifted);
        }
    }

    /// <summary>Leases some time where none is left, once however many ask. Where others have it for too long, none is leased.</summary>
    /// <exception cref="Exception">The row could not be read or written.</exception>
    public Task LeaseAsync(TimeSpan longest, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (HasRoom(out _))
                return Task.CompletedTask;
            if (_leasing is null or { IsCompleted: true })
                _leasing = LeaseAsync(longest);
            return _leasing.WaitAsync(cancellationToken);
        }
    }

    /// <summary>
    /// Takes a place for what a viewer waits for, ahead of all messages that wait here, which then wait longer: at most one in each
    /// spacing. Null where it would be more than <paramref name="longest"/> away.
    /// </summary>
    /// <returns>How long to wait before posting.</returns>
    public async Task<TimeSpan?> TryTakeAheadAsync(TimeSpan longest, CancellationToken cancellationToken)
    {
        TimeSpan spacing;
        lock (_lock)
        {
            spacing = SpacingNow();
            var at = Later(_nextAhead, _pausedUntil);
            if (Left(at) > longest)
                return null;
            _nextAhead = Later(at, Now) + spacing;
        }

        AheadPlace? shared = null;
        try
        {
            if (_row is not null)
                shared = await _row.TakeAheadAsync(spacing, longest, cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // Rows that cannot be written keep nobody from watching: this process keeps to the pace alone.
        }

        lock (_lock)
        {
            if (shared is { At: null })
                return null;
            _next = Later(_next, Now) + spacing;
            _shifted += spacing;
            if (shared is null || shared.FreeBefore == _until)
                _until = DateTimeOffset.MaxValue - _until > spacing ? _until + spacing : _until;
            return Left(shared?.At ?? (_nextAhead - spacing));
        }
    }

    /// <summary>How much longer a place was moved away, since the last call, by those that were taken ahead.</summary>
    /// <param name="shifted">What its <see cref="PacePlace.Shifted"/> said; counted on.</param>
    public TimeSpan ShiftSince(ref TimeSpan shifted)
    {
        lock (_lock)
        {
            var more = _shifted - shifted;
            shifted = _shifted;
            return more;
        }
    }

    /// <summary>How long a message took to post: Telegram may have counted it at any moment of that.</summary>
    public void Took(TimeSpan duration)
    {
        lock (_lock)
            _spacing.Took(duration, Now);
    }

    /// <summary>Nothing is posted for this long: Telegram said so. Other instances obey with their next lease.</summary>
    public async Task PauseAsync(TimeSpan wait)
    {
        lock (_lock)
            _pausedUntil = Later(_pausedUntil, Now + wait);
        if (_row is not null)
            await _row.PauseAsync(wait, CancellationToken.None);
    }

    async Task LeaseAsync(TimeSpan longest)
    {
        await Task.Yield();
        int places;
        Slowest? slowest;
        lock (_lock)
        {
            var spacing = SpacingNow();
            // What was used whole, and is wanted on, is leased in larger pieces: fewer calls. What was not is small again.
            places = _taken >= _leased && Now <= _until + spacing ? Math.Max(1, _leased * 2) : 1;
            places = Math.Min(places, PaceLease.MostPlaces(spacing));
            slowest = _spacing.SlowestAt(Now);
        }

        var lease = await _row!.LeaseAsync(places, messagesPerMinute, slowest, longest, CancellationToken.None);
        lock (_lock)
        {
            _free = lease.Free;
            _pausedUntil = Later(_pausedUntil, lease.PausedUntil);
            if (lease.From is not { } from)
                return;
            (_next, _until, _leasedSpacing, _leased, _taken) = (from, lease.Free, lease.Spacing, places, 0);
        }
    }

    /// <summary>Whether a message may still be posted in the time that this process has; so that the next one, whoever posts it, keeps
    /// its distance.</summary>
    bool HasRoom(out DateTimeOffset at)
    {
        at = Later(Later(_next, _pausedUntil), Now);
        return _until == DateTimeOffset.MaxValue || at + SpacingNow() <= _until;
    }

    TimeSpan SpacingNow() => _row is null || _leasedSpacing == TimeSpan.Zero ? _spacing.Of(_spacing.SlowestAt(Now)) : _leasedSpacing;

    TimeSpan Left(DateTimeOffset at) => at > Now ? at - Now : TimeSpan.Zero;

    static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;
}

/// <summary>Whether a message got a place.</summary>
enum PlaceState
{
    Taken,

    /// <summary>The next one is further away than was asked for.</summary>
    TooFar,

    /// <summary>This process has no time for itself any more: it is to be leased first.</summary>
    NotLeased,
}

/// <param name="State">Whether there is one.</param>
/// <param name="Wait">How long to wait before posting.</param>
/// <param name="Shifted">For <see cref="SendPace.ShiftSince"/>.</param>
readonly record struct PacePlace(PlaceState State, TimeSpan Wait, TimeSpan Shifted);
