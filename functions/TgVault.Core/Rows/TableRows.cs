using System.Runtime.CompilerServices;
using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;

namespace TgVault.Core.Rows;

/// <summary>The tables of one vault in Table Storage.</summary>
/// <param name="prefix">Goes before the name of every table.</param>
sealed class TableRowStore(TableServiceClient tables, string prefix) : IRowStore
{
    public IRowTable Table(string name)
    {
        RowLimits.CheckTable(name);
        return new TableRows(tables.GetTableClient(prefix + name));
    }
}

/// <summary>Rows in a table of Table Storage: its entities, with its ETags as versions.</summary>
sealed class TableRows(TableClient table) : IRowTable
{
    const int MostAtOnce = 16;

    public Task CreateAsync(CancellationToken cancellationToken) => table.CreateIfNotExistsAsync(cancellationToken);

    public async Task<Row?> FindAsync(string partition, string key, string[]? columns, CancellationToken cancellationToken)
    {
        RowLimits.CheckPlace(partition, key);
        var found = await table.GetEntityIfExistsAsync<TableEntity>(partition, key, Select(columns), cancellationToken);
        return found.HasValue ? TableRowEntity.Read(found.Value!) : null;
    }

    public async IAsyncEnumerable<Row> ListAsync(
        RowRange range,
        int pageRows,
        string[]? columns,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        RowLimits.CheckPage(pageRows);
        await foreach (var entity in table.QueryAsync<TableEntity>(Filter(range), pageRows, Select(columns), cancellationToken))
            yield return TableRowEntity.Read(entity);
    }

    public async IAsyncEnumerable<(string Partition, int Rows)> CountAsync(
        string first,
        string end,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var filter = Filter(RowRange.Partitions(first, end));
        var (partition, rows) = ("", 0);
        await foreach (var entity in table.QueryAsync<TableEntity>(filter, RowLimits.MostPageRows, ["PartitionKey"], cancellationToken))
        {
            if (rows > 0 && entity.PartitionKey != partition)
            {
                yield return (partition, rows);
                rows = 0;
            }

            (partition, rows) = (entity.PartitionKey, rows + 1);
        }

        if (rows > 0)
            yield return (partition, rows);
    }

    public async Task<string?> TryInsertAsync(Row row, CancellationToken cancellationToken)
    {
        RowLimits.Check(row);
        try
        {
            return Version(await table.AddEntityAsync(TableRowEntity.Write(row), cancellationToken));
        }
        catch (RequestFailedException exception) when (exception.Status == 409 && exception.ErrorCode == TableErrorCode.EntityAlreadyExists)
        {
            return null;
        }
    }

    public async Task<string?> TryReplaceAsync(Row row, string version, CancellationToken cancellationToken)
    {
        RowLimits.Check(row);
        try
        {
            var entity = TableRowEntity.Write(row);
            return Version(await table.UpdateEntityAsync(entity, new ETag(version), TableUpdateMode.Replace, cancellationToken));
        }
        catch (RequestFailedException exception) when (exception.Status is 404 or 412)
        {
            return null;
        }
    }

    public async Task<string> PutAsync(Row row, CancellationToken cancellationToken)
    {
        RowLimits.Check(row);
        return Version(await table.UpsertEntityAsync(TableRowEntity.Write(row), TableUpdateMode.Replace, cancellationToken));
    }

    public Task DeleteAsync(string partition, string key, CancellationToken cancellationToken)
    {
        RowLimits.CheckPlace(partition, key);
        return table.DeleteEntityAsync(partition, key, ETag.All, cancellationToken);
    }

    public async Task<bool> TryDeleteAsync(string partition, string key, string version, CancellationToken cancellationToken)
    {
        RowLimits.CheckPlace(partition, key);
        try
        {
            // Deleting what is gone is no error to the SDK: its answer then is a 404.
            return (await table.DeleteEntityAsync(partition, key, new ETag(version), cancellationToken)).Status != 404;
        }
        catch (RequestFailedException exception) when (exception.Status is 404 or 412)
        {
            return false;
        }
    }

    public async Task DeleteRangeAsync(RowRange range, CancellationToken cancellationToken)
    {
        var rows = table.QueryAsync<TableEntity>(Filter(range), RowLimits.MostPageRows, Select([]), cancellationToken);
        await foreach (var page in rows.AsPages())
        foreach (var partition in page.Values.GroupBy(row => row.PartitionKey, StringComparer.Ordinal))
        foreach (var batch in partition.Chunk(RowLimits.MostChanges))
            await DeleteAsync(batch, cancellationToken);
    }

    public async Task<bool> TryChangeAsync(IReadOnlyList<RowChange> changes, CancellationToken cancellationToken)
    {
        RowLimits.Check(changes);
        try
        {
            await table.SubmitTransactionAsync(changes.Select(TableRowEntity.Write), cancellationToken);
            return true;
        }
        catch (RequestFailedException exception)
            when (exception.Status is 404 or 412 && exception.ErrorCode != TableErrorCode.TableNotFound
                || exception.Status == 409 && exception.ErrorCode == TableErrorCode.EntityAlreadyExists
            )
        {
            return false;
        }
    }

    async Task DeleteAsync(TableEntity[] batch, CancellationToken cancellationToken)
    {
        try
        {
            await table.SubmitTransactionAsync(
                batch.Select(row => new TableTransactionAction(TableTransactionActionType.Delete, row, ETag.All)),
                cancellationToken
            );
        }
        catch (RequestFailedException exception) when (exception.Status == 404)
        {
            // Somebody removes the same rows: a transaction fails as a whole, single deletes of what is gone succeed.
            await Parallel.ForEachAsync(
                batch,
                new ParallelOptions { MaxDegreeOfParallelism = MostAtOnce, CancellationToken = cancellationToken },
                async (row, cancellation) => await table.DeleteEntityAsync(row.PartitionKey, row.RowKey, ETag.All, cancellation)
            );
        }
    }

    static string? Filter(RowRange range)
    {
        List<string> terms = [];
        Add(range.OnlyPartition, value => TableClient.CreateQueryFilter($"PartitionKey eq {value}"));
        Add(range.FirstPartition, value => TableClient.CreateQueryFilter($"PartitionKey ge {value}"));
        Add(range.EndPartition, value => TableClient.CreateQueryFilter($"PartitionKey lt {value}"));
        Add(range.FirstKey, value => TableClient.CreateQueryFilter($"RowKey ge {value}"));
        Add(range.AfterKey, value => TableClient.CreateQueryFilter($"RowKey gt {value}"));
        Add(range.EndKey, value => TableClient.CreateQueryFilter($"RowKey lt {value}"));
        return terms.Count > 0 ? string.Join(" and ", terms) : null;

        void Add(string? value, Func<string, string> term)
        {
            if (value is not null)
                terms.Add(term(value));
        }
    }

    static string[]? Select(string[]? columns) => columns is null ? null : ["PartitionKey", "RowKey", "Timestamp", .. columns];

    static string Version(Response response) =>
        response.Headers.ETag is { } version ? version.ToString() : throw new VaultException("The table gave no ETag for what it wrote.");
}
