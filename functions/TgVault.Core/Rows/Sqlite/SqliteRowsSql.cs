namespace TgVault.Core.Rows.Sqlite;

/// <summary>The statements of one table.</summary>
/// <param name="name">See <see cref="RowLimits.CheckTable"/>: it can stand in a statement as it is.</param>
sealed class SqliteRowsSql(string name)
{
    // Short rows stand in the tree of their keys, so that a range lies together. Long ones have a rowid, and an index of their keys: in one
    // tree with the keys they would take half as much again, and finding one four times as long (measured: docs/decisions.md).
    public string Create { get; } =
        $"""
            CREATE TABLE IF NOT EXISTS rows_{name} (
                partition TEXT NOT NULL,
                key TEXT NOT NULL,
                version INTEGER NOT NULL,
                modified INTEGER NOT NULL,
                data BLOB NOT NULL,
                PRIMARY KEY (partition, key)
            ) STRICT{(VaultTables.HasLongRows(name) ? "" : ", WITHOUT ROWID")}
            """;

    public string Find { get; } = $"SELECT partition, key, version, modified, data FROM rows_{name} WHERE partition = $1 AND key = $2";

    public string Count { get; } =
        $"SELECT partition, count(*) FROM rows_{name} WHERE partition >= $1 AND partition < $2 GROUP BY partition ORDER BY partition";

    public string Insert { get; } = $"INSERT INTO rows_{name} VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING";

    public string Put { get; } =
        $"""
            INSERT INTO rows_{name} VALUES ($1, $2, $3, $4, $5) ON CONFLICT (partition, key)
            DO UPDATE SET version = excluded.version, modified = excluded.modified, data = excluded.data
            """;

    public string Replace { get; } =
        $"UPDATE rows_{name} SET version = $3, modified = $4, data = $5 WHERE partition = $1 AND key = $2 AND version = $6";

    public string Delete { get; } = $"DELETE FROM rows_{name} WHERE partition = $1 AND key = $2";

    public string DeleteVersion { get; } = $"DELETE FROM rows_{name} WHERE partition = $1 AND key = $2 AND version = $3";

    /// <summary>Its values are the range's, then how many rows at most.</summary>
    public string List(SqliteRange range, bool withData) =>
        $"SELECT partition, key, version, modified{(withData ? ", data" : "")} FROM rows_{name} {range.Where} "
        + $"ORDER BY partition, key LIMIT ${range.Values.Length + 1}";

    /// <summary>Its values are the range's, then how many rows at most.</summary>
    public string DeleteRange(SqliteRange range) =>
        $"DELETE FROM rows_{name} WHERE (partition, key) IN (SELECT partition, key FROM rows_{name} {range.Where} "
        + $"ORDER BY partition, key LIMIT ${range.Values.Length + 1})";
}

/// <summary>A range of rows as a condition that an index on partition and key answers.</summary>
/// <param name="Where">The condition.</param>
/// <param name="Values">Its values.</param>
sealed record SqliteRange(string Where, object[] Values)
{
    // Keys are printable ASCII, so the empty text is before all of them and this behind.
    const string First = "";
    const string End = "\u007f";

    const string OnePartitionFrom = "WHERE partition = $1 AND key >= $2 AND key < $3";
    const string OnePartitionAfter = "WHERE partition = $1 AND key > $2 AND key < $3";
    const string PartitionsAfter = "WHERE (partition, key) > ($1, $2) AND partition < $3";

    public static SqliteRange Of(RowRange range)
    {
        if (range.OnlyPartition is not { } partition)
            return new SqliteRange(PartitionsAfter, [range.FirstPartition ?? First, First, range.EndPartition ?? End]);
        return range.AfterKey is { } after
            ? new SqliteRange(OnePartitionAfter, [partition, after, range.EndKey ?? End])
            : new SqliteRange(OnePartitionFrom, [partition, range.FirstKey ?? First, range.EndKey ?? End]);
    }

    /// <summary>What is left of it behind this row.</summary>
    public SqliteRange After(Row row) =>
        Where == PartitionsAfter
            ? this with
            {
                Values = [row.Partition, row.Key, Values[2]],
            }
            : new SqliteRange(OnePartitionAfter, [row.Partition, row.Key, Values[2]]);
}
