using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using TgVault.Core.Rows;

namespace TgVault.Testing;

/// <summary>Tables in memory: what passes the contract of rows and needs no file and no server.</summary>
sealed class MemoryRowStore(TimeProvider time) : IRowStore
{
    readonly ConcurrentDictionary<string, MemoryRows> _tables = new();

    public IRowTable Table(string name)
    {
        RowLimits.CheckTable(name);
        return _tables.GetOrAdd(name, _ => new MemoryRows(time));
    }
}

/// <summary>One of them.</summary>
sealed class MemoryRows(TimeProvider time) : IRowTable
{
    readonly Lock _gate = new();
    readonly SortedDictionary<(string Partition, string Key), Row> _rows = new(
        Comparer<(string Partition, string Key)>.Create(
            (left, right) =>
                string.CompareOrdinal(left.Partition, right.Partition) is not 0 and var order
                    ? order
                    : string.CompareOrdinal(left.Key, right.Key)
        )
    );
    long _versions;
    int _reads;

    /// <summary>How many rows were asked for one by one, and how many writes there were.</summary>
    public int Calls => _reads + (int)Interlocked.Read(ref _versions);

    /// <summary>How many rows were asked for one by one.</summary>
    public int Reads => _reads;

    public Task CreateAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.CompletedTask;
    }

    public Task<Row?> FindAsync(string partition, string key, string[]? columns, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        RowLimits.CheckPlace(partition, key);
        Interlocked.Increment(ref _reads);
        lock (_gate)
            return Task.FromResult(_rows.TryGetValue((partition, key), out var row) ? Copy(row, row.Version, row.Modified, columns) : null);
    }

    public async IAsyncEnumerable<Row> ListAsync(
        RowRange range,
        int pageRows,
        string[]? columns,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        cancellationToken.ThrowIfCancellationRequested();
        RowLimits.CheckPage(pageRows);
        List<Row> found;
        lock (_gate)
            found = [.. _rows.Values.Where(row => IsIn(range, row)).Select(row => Copy(row, row.Version, row.Modified, columns))];
        foreach (var row in found)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return row;
        }

        await Task.CompletedTask;
    }

    public IAsyncEnumerable<(string Partition, int Rows)> CountAsync(string first, string end, CancellationToken cancellationToken) =>
        ListAsync(RowRange.Partitions(first, end), RowLimits.MostPageRows, [], cancellationToken)
            .CountBy(row => row.Partition)
            .Select(count => (count.Key, count.Value));

    public Task<string?> TryInsertAsync(Row row, CancellationToken cancellationToken) =>
        One(new RowChange(RowChangeKind.Insert, row), cancellationToken);

    public Task<string?> TryReplaceAsync(Row row, string version, CancellationToken cancellationToken) =>
        One(new RowChange(RowChangeKind.Replace, row, version), cancellationToken);

    public async Task<string> PutAsync(Row row, CancellationToken cancellationToken) =>
        (await One(new RowChange(RowChangeKind.Put, row), cancellationToken))!;

    public Task DeleteAsync(string partition, string key, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        RowLimits.CheckPlace(partition, key);
        lock (_gate)
            _rows.Remove((partition, key));
        return Task.CompletedTask;
    }

    public async Task<bool> TryDeleteAsync(string partition, string key, string version, CancellationToken cancellationToken) =>
        await TryChangeAsync([new RowChange(RowChangeKind.Delete, new Row(partition, key), version)], cancellationToken);

    public Task DeleteRangeAsync(RowRange range, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            foreach (var row in _rows.Values.Where(row => IsIn(range, row)).ToList())
                _rows.Remove((row.Partition, row.Key));
        }

        return Task.CompletedTask;
    }

    public Task<bool> TryChangeAsync(IReadOnlyList<RowChange> changes, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        RowLimits.Check(changes);
        lock (_gate)
        {
            if (!changes.All(CanBeMade))
                return Task.FromResult(false);
            foreach (var (kind, row, _) in changes)
            {
                if (kind == RowChangeKind.Delete)
                    _rows.Remove((row.Partition, row.Key));
                else
                    _rows[(row.Partition, row.Key)] = Copy(
                        row,
                        (++_versions).ToString(CultureInfo.InvariantCulture),
                        time.GetUtcNow(),
                        null
                    );
            }
        }

        return Task.FromResult(true);
    }

    async Task<string?> One(RowChange change, CancellationToken cancellationToken)
    {
        RowLimits.Check(change.Row);
        if (!await TryChangeAsync([change], cancellationToken))
            return null;
        lock (_gate)
            return _versions.ToString(CultureInfo.InvariantCulture);
    }

    bool CanBeMade(RowChange change)
    {
        var isThere = _rows.TryGetValue((change.Row.Partition, change.Row.Key), out var row);
        return change.Kind switch
        {
            RowChangeKind.Put => true,
            RowChangeKind.Insert => !isThere,
            _ => isThere && (change.Version is null || row!.Version == change.Version),
        };
    }

    static bool IsIn(RowRange range, Row row) =>
        (range.OnlyPartition is null || row.Partition == range.OnlyPartition)
        && (range.FirstPartition is null || string.CompareOrdinal(row.Partition, range.FirstPartition) >= 0)
        && (range.EndPartition is null || string.CompareOrdinal(row.Partition, range.EndPartition) < 0)
        && (range.FirstKey is null || string.CompareOrdinal(row.Key, range.FirstKey) >= 0)
        && (range.AfterKey is null || string.CompareOrdinal(row.Key, range.AfterKey) > 0)
        && (range.EndKey is null || string.CompareOrdinal(row.Key, range.EndKey) < 0);

    static Row Copy(Row row, string version, DateTimeOffset modified, string[]? columns)
    {
        var copy = new Row(row.Partition, row.Key) { Version = version, Modified = modified };
        foreach (var (name, value) in row.Values)
        {
            if (columns is null || columns.Contains(name))
                copy[name] = value switch
                {
                    DateTimeOffset moment => moment.ToUniversalTime(),
                    byte[] bytes => bytes.ToArray(),
                    _ => value,
                };
        }

        return copy;
    }
}
