using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;

namespace TgVault.Core.Rows.Sqlite;

/// <summary>Rows in a table of SQLite: place, version, time, and the values as <see cref="RowBytes"/>.</summary>
sealed class SqliteRows(SqliteRowStore store, string name) : IRowTable
{
    /// <summary>A page ends with the row that makes it longer than this, as a page of Table Storage does.</summary>
    const int MostPageBytes = 4 << 20;

    /// <summary>Rows that one transaction of a removal takes: others get their turn in between.</summary>
    const int MostRemovedAtOnce = 500;

    readonly SqliteRowsSql _sql = new(name);

    public Task CreateAsync(CancellationToken cancellationToken) =>
        store.WriteAsync(
            (session, _) =>
            {
                session.Execute(_sql.Create);
                return true;
            },
            cancellationToken
        );

    public Task<Row?> FindAsync(string partition, string key, string[]? columns, CancellationToken cancellationToken)
    {
        RowLimits.CheckPlace(partition, key);
        return store.ReadAsync(session => Find(session, partition, key, columns), cancellationToken);
    }

    /// <summary>The row as this connection sees it; null where there is none.</summary>
    public Row? Find(SqliteSession session, string partition, string key, string[]? columns)
    {
        using var reader = session[_sql.Find].Read(partition, key);
        return reader.Read() ? Read(reader, columns) : null;
    }

    public async IAsyncEnumerable<Row> ListAsync(
        RowRange range,
        int pageRows,
        string[]? columns,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        RowLimits.CheckPage(pageRows);
        var next = SqliteRange.Of(range);
        for (var more = true; more; )
        {
            var page = new List<Row>();
            more = await store.ReadAsync(session => ReadPage(session, next, pageRows, columns, page), cancellationToken);
            foreach (var row in page)
                yield return row;
            if (page.Count > 0)
                next = next.After(page[^1]);
        }
    }

    public async IAsyncEnumerable<(string Partition, int Rows)> CountAsync(
        string first,
        string end,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var counts = await store.ReadAsync(
            session =>
            {
                var found = new List<(string, int)>();
                using var reader = session[_sql.Count].Read(first, end);
                while (reader.Read())
                    found.Add((reader.GetString(0), reader.GetInt32(1)));
                return found;
            },
            cancellationToken
        );
        foreach (var count in counts)
            yield return count;
    }

    public Task<string?> TryInsertAsync(Row row, CancellationToken cancellationToken)
    {
        RowLimits.Check(row);
        var data = RowBytes.Write(row);
        return store.WriteAsync((session, versions) => Insert(session, versions, row, data), cancellationToken);
    }

    public Task<string?> TryReplaceAsync(Row row, string version, CancellationToken cancellationToken)
    {
        RowLimits.Check(row);
        var data = RowBytes.Write(row);
        return store.WriteAsync((session, versions) => Replace(session, versions, row, data, version), cancellationToken);
    }

    public Task<string> PutAsync(Row row, CancellationToken cancellationToken)
    {
        RowLimits.Check(row);
        var data = RowBytes.Write(row);
        return store.WriteAsync((session, versions) => Put(session, versions, row, data), cancellationToken);
    }

    public Task DeleteAsync(string partition, string key, CancellationToken cancellationToken)
    {
        RowLimits.CheckPlace(partition, key);
        return store.WriteAsync((session, _) => Delete(session, partition, key, null), cancellationToken);
    }

    public Task<bool> TryDeleteAsync(string partition, string key, string version, CancellationToken cancellationToken)
    {
        RowLimits.CheckPlace(partition, key);
        return store.WriteAsync((session, _) => Delete(session, partition, key, version), cancellationToken);
    }

    public async Task DeleteRangeAsync(RowRange range, CancellationToken cancellationToken)
    {
        if (store.FollowerOf(name) is not null)
            throw new InvalidOperationException($"The rows of {name} are followed: each is removed by itself.");
        var rows = SqliteRange.Of(range);
        while (
            await store.WriteAsync(
                (session, _) => session[_sql.DeleteRange(rows)].Execute([.. rows.Values, MostRemovedAtOnce]),
                cancellationToken
            ) == MostRemovedAtOnce
        ) { }
    }

    public Task<bool> TryChangeAsync(IReadOnlyList<RowChange> changes, CancellationToken cancellationToken)
    {
        RowLimits.Check(changes);
        var written = changes.Select(change => (change, Data: change.Kind == RowChangeKind.Delete ? [] : RowBytes.Write(change.Row)));
        var all = written.ToList();
        return store.WriteAsync((session, versions) => ChangeAll(session, versions, all), cancellationToken);
    }

    /// <summary>Whether there may be more behind the page.</summary>
    bool ReadPage(SqliteSession session, SqliteRange range, int pageRows, string[]? columns, List<Row> page)
    {
        using var reader = session[_sql.List(range, withData: columns is not { Length: 0 })].Read([.. range.Values, pageRows]);
        var bytes = 0L;
        while (reader.Read())
        {
            page.Add(ReadListed(reader, columns, ref bytes));
            if (bytes > MostPageBytes)
                return true;
        }

        return page.Count == pageRows;
    }

    string? Insert(SqliteSession session, SqliteVersions versions, Row row, byte[] data)
    {
        var version = versions.Next();
        var count = session[_sql.Insert].Execute(row.Partition, row.Key, version, versions.Now, data);
        return count == 1 ? Written(session, row, version) : null;
    }

    string? Replace(SqliteSession session, SqliteVersions versions, Row row, byte[] data, string expected)
    {
        var version = versions.Next();
        var before = SqliteVersions.Number(expected);
        var count = session[_sql.Replace].Execute(row.Partition, row.Key, version, versions.Now, data, before);
        return count == 1 ? Written(session, row, version) : null;
    }

    string Put(SqliteSession session, SqliteVersions versions, Row row, byte[] data)
    {
        var version = versions.Next();
        session[_sql.Put].Execute(row.Partition, row.Key, version, versions.Now, data);
        return Written(session, row, version);
    }

    /// <summary>Within a change: removes the row where it has this version, or any; false where there is none such.</summary>
    public bool Delete(SqliteSession session, string partition, string key, string? version)
    {
        var count = version is null
            ? session[_sql.Delete].Execute(partition, key)
            : session[_sql.DeleteVersion].Execute(partition, key, SqliteVersions.Number(version));
        if (count == 1)
            store.FollowerOf(name)?.Removed(session, partition, key);
        return count == 1;
    }

    string Written(SqliteSession session, Row row, long version)
    {
        store.FollowerOf(name)?.Written(session, row);
        return SqliteVersions.Text(version);
    }

    bool ChangeAll(SqliteSession session, SqliteVersions versions, List<(RowChange Change, byte[] Data)> changes)
    {
        // Single changes are one statement, which SQLite makes wholly or not at all; only these need a place to go back to.
        session["SAVEPOINT batch"].Execute();
        foreach (var ((kind, row, version), data) in changes)
        {
            var isMade = kind switch
            {
                RowChangeKind.Insert => Insert(session, versions, row, data) is not null,
                RowChangeKind.Put => Put(session, versions, row, data).Length > 0,
                RowChangeKind.Replace => Replace(session, versions, row, data, version!) is not null,
                _ => Delete(session, row.Partition, row.Key, version),
            };
            if (isMade)
                continue;
            session["ROLLBACK TO batch"].Execute();
            session["RELEASE batch"].Execute();
            return false;
        }

        session["RELEASE batch"].Execute();
        return true;
    }

    static Row Read(SqliteDataReader reader, string[]? columns)
    {
        var bytes = 0L;
        return ReadListed(reader, columns, ref bytes);
    }

    static Row ReadListed(SqliteDataReader reader, string[]? columns, ref long bytes)
    {
        var row = new Row(reader.GetString(0), reader.GetString(1))
        {
            Version = SqliteVersions.Text(reader.GetInt64(2)),
            Modified = DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(3)),
        };
        if (columns is { Length: 0 })
            return row;
        var data = reader.GetFieldValue<byte[]>(4);
        bytes += data.Length;
        RowBytes.Read(data, row, columns);
        return row;
    }
}
