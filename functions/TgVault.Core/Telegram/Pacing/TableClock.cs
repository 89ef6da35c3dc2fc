using TgVault.Core.Rows;

namespace TgVault.Core.Telegram.Pacing;

/// <summary>
/// The clock of what keeps the rows, which all instances share: this machine's own, and how much the other is ahead of it, by the time that
/// the store gives to a row as it is written. Good to the time that takes. Compared again now and then, and where this machine's was set.
/// </summary>
/// <param name="table"><see cref="VaultTables.Vault"/>; it must exist.</param>
/// <param name="time">This machine's clock.</param>
sealed class TableClock(IRowTable table, TimeProvider time)
{
    const string Partition = "pace";
    const string Key = "clock";

    // Others may write the row in between.
    const int MostTries = 5;

    static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);
    static readonly TimeSpan Noticed = TimeSpan.FromSeconds(1);

    readonly Lock _lock = new();
    Task? _measuring;
    Measured? _measured;

    public DateTimeOffset Now => time.GetUtcNow() + (Volatile.Read(ref _measured)?.Ahead ?? TimeSpan.Zero);

    /// <summary>Compares the clocks where that is due.</summary>
    public Task MeasureAsync(CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _measured) is { } measured && !IsOld(measured))
            return Task.CompletedTask;
        lock (_lock)
        {
            if (_measuring is null or { IsCompleted: true })
                _measuring = CompareAsync();
            return _measuring.WaitAsync(cancellationToken);
        }
    }

    bool IsOld(Measured measured)
    {
        // Both go on at the same speed, unless the one that people set was set.
        var (passed, shown) = (time.GetElapsedTime(measured.Timestamp), time.GetUtcNow() - measured.At);
        return passed > Interval || (shown - passed).Duration() > Noticed;
    }

    async Task CompareAsync()
    {
        await Task.Yield();
        for (var attempt = 1; attempt <= MostTries; attempt++)
        {
            var (before, timestamp) = (time.GetUtcNow(), time.GetTimestamp());
            var version = await table.PutAsync(new Row(Partition, Key), CancellationToken.None);
            var took = time.GetElapsedTime(timestamp);
            if (await table.FindAsync(Partition, Key, [], CancellationToken.None) is not { } row || row.Version != version)
                continue;
            Volatile.Write(ref _measured, new Measured(row.Modified - (before + (took / 2)), before, timestamp));
            return;
        }
    }

    sealed record Measured(TimeSpan Ahead, DateTimeOffset At, long Timestamp);
}
