using System.Globalization;
using TgVault.Core.Rows;

namespace TgVault.Core.Telegram.Pacing;

/// <summary>What an instance got of the time in which a bot may post in a channel.</summary>
/// <param name="From">When its time begins; null where others have it for longer than was to be waited, and nothing was leased.</param>
/// <param name="Free">When its time ends; nobody has leased what comes then.</param>
/// <param name="Spacing">How far apart its messages are to be begun.</param>
/// <param name="PausedUntil">The end of a wait that Telegram asked for.</param>
sealed record PaceLease(DateTimeOffset? From, DateTimeOffset Free, TimeSpan Spacing, DateTimeOffset PausedUntil)
{
    /// <summary>The longest time that is leased at once: what an instance leaves unused keeps the others waiting no longer.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(12);

    const int Most = 50;

    public static int MostPlaces(TimeSpan spacing) => spacing <= TimeSpan.Zero ? 1 : Math.Clamp((int)(Longest / spacing), 1, Most);
}

/// <summary>A place ahead of what waits.</summary>
/// <param name="At">When; null where it would be too far away.</param>
/// <param name="FreeBefore">What was free from when on, before it was moved away.</param>
sealed record AheadPlace(DateTimeOffset? At, DateTimeOffset FreeBefore);

/// <summary>
/// When one bot may post in one channel, as all instances of the vault agree: a row that says from when on the time is free. Who wants to
/// post moves that on and has what lies between for itself (a cell rate of ITU-T I.371, in pieces). Times are those of the rows' clock.
/// </summary>
/// <param name="table"><see cref="VaultTables.Vault"/>; it must exist.</param>
/// <param name="key">Of the bot in the channel.</param>
/// <param name="clock">The rows' clock.</param>
sealed class PaceRow(IRowTable table, string key, TableClock clock)
{
    const string Partition = "pace";
    const string Free = "Free";
    const string Ahead = "Ahead";
    const string Paused = "Paused";
    const string SlowMilliseconds = "SlowMilliseconds";
    const string SlowAt = "SlowAt";

    // Telegram's longest waits are cut there (TelegramReply).
    static readonly TimeSpan LongestPause = TimeSpan.FromDays(1);

    // What this instance wrote last: mostly it is still so, and a look is saved.
    volatile Row? _last;

    public DateTimeOffset Now => clock.Now;

    public static PaceRow Of(IRowTable table, long bot, long channel, TableClock clock) =>
        new(table, string.Create(CultureInfo.InvariantCulture, $"{bot}.{channel}"), clock);

    /// <summary>Takes the next free time for so many messages, unless it begins later than <paramref name="longest"/> from now.</summary>
    /// <param name="places">How many; at least 1.</param>
    /// <param name="messagesPerMinute">The pace.</param>
    /// <param name="slowest">The slowest message of this instance, of late.</param>
    /// <param name="longest">How far away it may begin.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<PaceLease> LeaseAsync(
        int places,
        int messagesPerMinute,
        Slowest? slowest,
        TimeSpan longest,
        CancellationToken cancellationToken
    )
    {
        await clock.MeasureAsync(cancellationToken);
        PaceLease? lease = null;
        await ChangeAsync(
            (known, row, now) =>
            {
                if (SlowestIn(known, now) is { } others && !(slowest?.Took >= others.Took))
                    slowest = others;
                var spacing = Spacing.Of(messagesPerMinute, slowest);
                var (free, paused) = (TimeIn(known, Free, longest, now), PausedIn(known, now));
                var from = Later(Later(free, paused), now);
                if (from - now > longest)
                {
                    lease = new PaceLease(null, from, spacing, paused);
                    return false;
                }

                lease = new PaceLease(from, from + (places * spacing), spacing, paused);
                row[Free] = lease.Free;
                row[SlowMilliseconds] = (int?)slowest?.Took.TotalMilliseconds;
                row[SlowAt] = slowest?.At;
                return true;
            },
            cancellationToken
        );
        return lease!;
    }

    /// <summary>Takes a place at most one in each spacing, whoever has leased the time, and moves what is free on by one.</summary>
    public async Task<AheadPlace> TakeAheadAsync(TimeSpan spacing, TimeSpan longest, CancellationToken cancellationToken)
    {
        await clock.MeasureAsync(cancellationToken);
        AheadPlace? place = null;
        await ChangeAsync(
            (known, row, now) =>
            {
                var free = TimeIn(known, Free, longest, now);
                var at = Later(Later(TimeIn(known, Ahead, longest, now), PausedIn(known, now)), now);
                if (at - now > longest)
                {
                    place = new AheadPlace(null, free);
                    return false;
                }

                place = new AheadPlace(at, free);
                row[Ahead] = at + spacing;
                row[Free] = Later(free, now) + spacing;
                return true;
            },
            cancellationToken
        );
        return place!;
    }

    /// <summary>Nobody posts for so long.</summary>
    public async Task PauseAsync(TimeSpan wait, CancellationToken cancellationToken)
    {
        await clock.MeasureAsync(cancellationToken);
        await ChangeAsync(
            (known, row, now) =>
            {
                row[Paused] = Later(PausedIn(known, now), Whole(now + wait));
                return true;
            },
            cancellationToken
        );
    }

    /// <summary>Reads the row and writes what becomes of it, again until nobody was in between.</summary>
    /// <param name="change">Gets the row as it is, null where there is none, and what is to be written; false: nothing is.</param>
    /// <param name="cancellationToken">Ends it.</param>
    async Task ChangeAsync(Func<Row?, Row, DateTimeOffset, bool> change, CancellationToken cancellationToken)
    {
        for (var last = _last; ; last = null)
        {
            var known = last ?? await table.FindAsync(Partition, key, null, cancellationToken);
            var row = new Row(Partition, key);
            foreach (var (name, value) in known?.Values ?? new Dictionary<string, object>())
                row[name] = value;
            if (!change(known, row, Whole(clock.Now)))
            {
                // Not on the word of a look of some time ago.
                if (last is null)
                    return;
                continue;
            }

            var version = known is null
                ? await table.TryInsertAsync(row, cancellationToken)
                : await table.TryReplaceAsync(row, known.Version, cancellationToken);
            _last = version is null ? null : Copy(row, version);
            if (version is not null)
                return;
        }
    }

    static Row Copy(Row row, string version)
    {
        var copy = new Row(row.Partition, row.Key) { Version = version };
        foreach (var (name, value) in row.Values)
            copy[name] = value;
        return copy;
    }

    /// <summary>
    /// From when on there is time. Nobody takes what begins later than <paramref name="longest"/> from now, so what is far beyond that was
    /// written by a clock that was wrong.
    /// </summary>
    static DateTimeOffset TimeIn(Row? row, string name, TimeSpan longest, DateTimeOffset now)
    {
        var time = row?.Time(name) ?? default;
        return time - now > longest + (4 * PaceLease.Longest) + TimeSpan.FromMinutes(1) ? now : time;
    }

    static DateTimeOffset PausedIn(Row? row, DateTimeOffset now)
    {
        var paused = row?.Time(Paused) ?? default;
        return paused - now > LongestPause + PaceLease.Longest ? default : paused;
    }

    static Slowest? SlowestIn(Row? row, DateTimeOffset now) =>
        row?.Int32(SlowMilliseconds) is { } took
        && row.Time(SlowAt) is { } at
        && new Slowest(TimeSpan.FromMilliseconds(took), at) is var slowest
        && slowest.IsFresh(now)
            ? slowest
            : null;

    static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;

    // Every store of rows keeps milliseconds exactly.
    static DateTimeOffset Whole(DateTimeOffset time) =>
        new(
            time.UtcTicks
                + ((TimeSpan.TicksPerMillisecond - (time.UtcTicks % TimeSpan.TicksPerMillisecond)) % TimeSpan.TicksPerMillisecond),
            TimeSpan.Zero
        );
}
