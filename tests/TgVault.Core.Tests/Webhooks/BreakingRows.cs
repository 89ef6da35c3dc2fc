using TgVault.Core.Rows;

namespace TgVault.Core.Tests.Webhooks;

/// <summary>The power went: nothing after this call was done.</summary>
sealed class PowerLossException : Exception
{
    public PowerLossException() { }

    public PowerLossException(string message)
        : base(message) { }

    public PowerLossException(string message, Exception inner)
        : base(message, inner) { }
}

/// <summary>Rows that stop at a write, as if the process had been killed there.</summary>
sealed class BreakingRows(IRowStore store) : IRowStore
{
    /// <summary>How many writes are still done; below 0: all.</summary>
    public int Left { get; set; } = -1;

    public IRowTable Table(string name) => new Breaking(this, store.Table(name));

    void Write()
    {
        if (Left == 0)
            throw new PowerLossException();
        Left--;
    }

    sealed class Breaking(BreakingRows owner, IRowTable table) : IRowTable
    {
        public Task CreateAsync(CancellationToken cancellationToken) => table.CreateAsync(cancellationToken);

        public Task<Row?> FindAsync(string partition, string key, string[]? columns, CancellationToken cancellationToken) =>
            table.FindAsync(partition, key, columns, cancellationToken);

        public IAsyncEnumerable<Row> ListAsync(RowRange range, int pageRows, string[]? columns, CancellationToken cancellationToken) =>
            table.ListAsync(range, pageRows, columns, cancellationToken);

        public IAsyncEnumerable<(string Partition, int Rows)> CountAsync(string first, string end, CancellationToken cancellationToken) =>
            table.CountAsync(first, end, cancellationToken);

        public Task<string?> TryInsertAsync(Row row, CancellationToken cancellationToken)
        {
            owner.Write();
            return table.TryInsertAsync(row, cancellationToken);
        }

        public Task<string?> TryReplaceAsync(Row row, string version, CancellationToken cancellationToken)
        {
            owner.Write();
            return table.TryReplaceAsync(row, version, cancellationToken);
        }

        public Task<string> PutAsync(Row row, CancellationToken cancellationToken)
        {
            owner.Write();
            return table.PutAsync(row, cancellationToken);
        }

        public Task DeleteAsync(string partition, string key, CancellationToken cancellationToken)
        {
            owner.Write();
            return table.DeleteAsync(partition, key, cancellationToken);
        }

        public Task<bool> TryDeleteAsync(string partition, string key, string version, CancellationToken cancellationToken)
        {
            owner.Write();
            return table.TryDeleteAsync(partition, key, version, cancellationToken);
        }

        public Task DeleteRangeAsync(RowRange range, CancellationToken cancellationToken)
        {
            owner.Write();
            return table.DeleteRangeAsync(range, cancellationToken);
        }

        public Task<bool> TryChangeAsync(IReadOnlyList<RowChange> changes, CancellationToken cancellationToken)
        {
            owner.Write();
            return table.TryChangeAsync(changes, cancellationToken);
        }
    }
}
