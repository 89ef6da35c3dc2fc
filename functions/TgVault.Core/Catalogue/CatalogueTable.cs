using Azure;
using Azure.Data.Tables;

namespace TgVault.Core.Catalogue;

/// <summary>A recent change and whether a pinned head holds it.</summary>
sealed record RecentRow(CatalogueEntry Entry, bool Covered, ETag ETag);

/// <summary>
/// The catalogue log's rows in the vault's table: its state, and in partition <c>recent</c> one row per video that changed since the last
/// segment was written, the later change replacing the earlier one.
/// </summary>
sealed class CatalogueTable(TableClient table)
{
    const string Partition = "recent";
    const int AtOnce = 8;

    public async Task<CatalogueState?> LoadAsync(CancellationToken cancellationToken)
    {
        var row = await table.GetEntityIfExistsAsync<TableEntity>(
            CatalogueState.Partition,
            CatalogueState.Key,
            cancellationToken: cancellationToken
        );
        return row.HasValue ? CatalogueState.Read(row.Value!) : null;
    }

    /// <summary>Adds the state; false where there is one.</summary>
    public Task<bool> TryAddAsync(CatalogueState state, CancellationToken cancellationToken) =>
        UnlessAsync(409, () => table.AddEntityAsync(state.ToRow(), cancellationToken));

    /// <summary>Replaces the state that was read; null where somebody else did.</summary>
    public async Task<CatalogueState?> TrySaveAsync(CatalogueState state, CancellationToken cancellationToken)
    {
        try
        {
            var response = await table.UpdateEntityAsync(state.ToRow(), state.ETag, TableUpdateMode.Replace, cancellationToken);
            return state with { ETag = response.Headers.ETag ?? throw new InvalidOperationException("The table gave no ETag.") };
        }
        catch (RequestFailedException exception) when (exception.Status is 412 or 404)
        {
            return null;
        }
    }

    /// <summary>Records a change that no head holds yet, in place of an earlier one of that video.</summary>
    public Task RecordAsync(CatalogueEntry entry, CancellationToken cancellationToken) =>
        table.UpsertEntityAsync(ToRow(entry, covered: false), TableUpdateMode.Replace, cancellationToken);

    /// <summary>Records a change that the pinned head holds, unless the video has a later one here.</summary>
    public Task AdoptAsync(CatalogueEntry entry, CancellationToken cancellationToken) =>
        UnlessAsync(409, () => table.AddEntityAsync(ToRow(entry, covered: true), cancellationToken));

    /// <summary>Whether a pinned head or a segment holds the video's latest change.</summary>
    public async Task<bool> IsCoveredAsync(VideoId video, CancellationToken cancellationToken)
    {
        var row = await table.GetEntityIfExistsAsync<TableEntity>(Partition, video.ToString(), ["Covered"], cancellationToken);
        return !row.HasValue || row.Value!.GetBoolean("Covered") == true;
    }

    public async Task<List<RecentRow>> ReadRecentAsync(CancellationToken cancellationToken)
    {
        var rows = new List<RecentRow>();
        await foreach (var row in table.QueryAsync<TableEntity>($"PartitionKey eq '{Partition}'", cancellationToken: cancellationToken))
        {
            var entry = new CatalogueEntry(
                VideoId.Parse(row.RowKey),
                row.GetDateTimeOffset("Time") ?? default,
                CatalogueState.ReadReceipt(row.GetString("Manifest"))
            );
            rows.Add(new RecentRow(entry, row.GetBoolean("Covered") == true, row.ETag));
        }

        return rows;
    }

    /// <summary>Marks the rows as held by the head; one that changed since they were read stays as it is.</summary>
    public Task CoverAsync(IEnumerable<RecentRow> rows, CancellationToken cancellationToken) =>
        ForEachAsync(
            rows,
            (row, cancellation) =>
                table.UpdateEntityAsync(ToRow(row.Entry, covered: true), row.ETag, TableUpdateMode.Replace, cancellation),
            cancellationToken
        );

    /// <summary>Removes rows that a segment holds; one that changed since they were read stays.</summary>
    public Task RemoveAsync(IEnumerable<RecentRow> rows, CancellationToken cancellationToken) =>
        ForEachAsync(
            rows,
            (row, cancellation) => table.DeleteEntityAsync(Partition, row.Entry.Video.ToString(), row.ETag, cancellation),
            cancellationToken
        );

    static Task ForEachAsync(
        IEnumerable<RecentRow> rows,
        Func<RecentRow, CancellationToken, Task<Response>> change,
        CancellationToken cancellationToken
    ) =>
        Parallel.ForEachAsync(
            rows,
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
            async (row, cancellation) => await UnlessAsync(412, () => change(row, cancellation))
        );

    static async Task<bool> UnlessAsync(int status, Func<Task<Response>> change)
    {
        try
        {
            await change();
            return true;
        }
        catch (RequestFailedException exception) when (exception.Status == status || (status == 412 && exception.Status == 404))
        {
            return false;
        }
    }

    static TableEntity ToRow(CatalogueEntry entry, bool covered) =>
        new(Partition, entry.Video.ToString())
        {
            ["Time"] = entry.Time,
            ["Manifest"] = CatalogueState.WriteReceipt(entry.Manifest),
            ["Covered"] = covered,
        };
}
