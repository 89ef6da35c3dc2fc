namespace TgVault.Core.Rows;

/// <summary>The tables of a vault, whatever keeps them.</summary>
interface IRowStore
{
    /// <summary>The table of this name: see <see cref="VaultTables"/>. It need not exist.</summary>
    IRowTable Table(string name);
}

/// <summary>
/// Rows in the order of partition and key: what Table Storage gives and the vault uses, no more. What a call has written is durable when it
/// returns. All calls may be made at the same time. <see cref="RowLimits"/> says what keys, values and batches may be.
/// </summary>
/// <remarks>
/// Of a call that ends with an error or was cancelled, nothing or all may have happened; never a part, except where a method says so.
/// </remarks>
interface IRowTable
{
    /// <summary>Makes the table where there is none.</summary>
    Task CreateAsync(CancellationToken cancellationToken);

    /// <summary>The row as it is now; null where there is none.</summary>
    /// <param name="columns">The values that are wanted; null for all.</param>
    Task<Row?> FindAsync(string partition, string key, string[]? columns, CancellationToken cancellationToken);

    /// <summary>The rows of a range in their order. Rows that are written meanwhile may or may not be among them.</summary>
    /// <param name="pageRows">How many to fetch at once, 1 to 1,000: no more than will be read.</param>
    /// <param name="columns">The values that are wanted; null for all, none for keys and versions only.</param>
    IAsyncEnumerable<Row> ListAsync(RowRange range, int pageRows, string[]? columns, CancellationToken cancellationToken);

    /// <summary>
    /// The partitions from <paramref name="first"/> on, before <paramref name="end"/>, and how many rows each has, in their order. Costs a
    /// look at every key of them: some microseconds for a thousand in SQLite, a request for a thousand in Table Storage.
    /// </summary>
    IAsyncEnumerable<(string Partition, int Rows)> CountAsync(string first, string end, CancellationToken cancellationToken);

    /// <summary>Adds the row and returns its version; null where there is one with its key (nothing is changed then).</summary>
    /// <exception cref="VaultException">The row is larger than a row may be.</exception>
    Task<string?> TryInsertAsync(Row row, CancellationToken cancellationToken);

    /// <summary>
    /// Replaces the row that has this version, all its values, and returns the new one; null where it has another, or is gone.
    /// </summary>
    /// <exception cref="VaultException">The row is larger than a row may be.</exception>
    Task<string?> TryReplaceAsync(Row row, string version, CancellationToken cancellationToken);

    /// <summary>Writes the row, whether there is one or not, and returns its version.</summary>
    /// <exception cref="VaultException">The row is larger than a row may be.</exception>
    Task<string> PutAsync(Row row, CancellationToken cancellationToken);

    /// <summary>Removes the row, whichever version it has; nothing where there is none.</summary>
    Task DeleteAsync(string partition, string key, CancellationToken cancellationToken);

    /// <summary>Removes the row that has this version; false where it has another, or is gone.</summary>
    Task<bool> TryDeleteAsync(string partition, string key, string version, CancellationToken cancellationToken);

    /// <summary>
    /// Removes the rows of a range a hundred or so at a time: after an error some are gone, and calling again goes on. Rows that are
    /// written meanwhile may stay.
    /// </summary>
    Task DeleteRangeAsync(RowRange range, CancellationToken cancellationToken);

    /// <summary>
    /// Makes all these changes in one partition, or none of them: false where one could not be made, as its own method says.
    /// </summary>
    /// <param name="changes">1 to 100, each of another key.</param>
    /// <exception cref="VaultException">A row is larger than a row may be, or all of them are together.</exception>
    Task<bool> TryChangeAsync(IReadOnlyList<RowChange> changes, CancellationToken cancellationToken);
}

/// <summary>One change of a batch.</summary>
/// <param name="Kind">What is done.</param>
/// <param name="Row">The row; for a removal only its place counts.</param>
/// <param name="Version">
/// The version it must have: given for <see cref="RowChangeKind.Replace"/>, perhaps for <see cref="RowChangeKind.Delete"/> (null: any; one
/// that finds no row fails the batch), null for others.
/// </param>
sealed record RowChange(RowChangeKind Kind, Row Row, string? Version = null);

/// <summary>What a change of a batch does.</summary>
enum RowChangeKind
{
    Insert,
    Put,
    Replace,
    Delete,
}
