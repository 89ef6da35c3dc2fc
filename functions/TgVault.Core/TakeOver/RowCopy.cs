using TgVault.Core.Rows;

namespace TgVault.Core.TakeOver;

/// <summary>Copies the rows of the emulator's tables into another store, and compares each with what is there then.</summary>
sealed class RowCopy(EmulatorTables from, IRowStore to, MovedBlobs moved)
{
    // Changes that wait together are committed together.
    const int AtOnce = 256;
    const int PageRows = 1000;

    /// <summary>How many rows there are in each table.</summary>
    /// <exception cref="TakeOverException">They cannot be read.</exception>
    public static async Task<Dictionary<string, long>> CountAsync(EmulatorTables from, CancellationToken cancellationToken)
    {
        var counts = VaultTables.All.ToDictionary(table => table, _ => 0L);
        await foreach (var (table, _) in from.ReadAsync(VaultTables.All, cancellationToken))
            counts[table]++;
        return counts;
    }

    public async Task CopyAsync(CancellationToken cancellationToken)
    {
        foreach (var table in VaultTables.All)
            await to.Table(table).CreateAsync(cancellationToken);
        await ForEachAsync(
            async (table, row, cancellation) => await to.Table(table).PutAsync(moved.Rename(table, row), cancellation),
            cancellationToken
        );
    }

    /// <exception cref="TakeOverException">A row differs, or there are more or fewer.</exception>
    public async Task CompareAsync(IReadOnlyDictionary<string, long> counts, CancellationToken cancellationToken)
    {
        await ForEachAsync(
            async (table, row, cancellation) =>
            {
                var copied = await to.Table(table).FindAsync(row.Partition, row.Key, columns: null, cancellation);
                if (!RowComparison.AreEqual(moved.Rename(table, row), copied))
                    throw new TakeOverException($"Row {row.Partition} {row.Key} of {table} does not read back as it was written.");
            },
            cancellationToken
        );
        foreach (var (table, wanted) in counts)
        {
            var rows = await to.Table(table)
                .ListAsync(RowRange.All, PageRows, columns: [], cancellationToken)
                .LongCountAsync(cancellationToken);
            if (rows != wanted)
                throw new TakeOverException($"{table} has {rows} rows instead of {wanted}.");
        }
    }

    Task ForEachAsync(Func<string, Row, CancellationToken, Task> act, CancellationToken cancellationToken) =>
        Parallel.ForEachAsync(
            from.ReadAsync(VaultTables.All, cancellationToken),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
            async (row, cancellation) => await act(row.Table, row.Row, cancellation)
        );
}
