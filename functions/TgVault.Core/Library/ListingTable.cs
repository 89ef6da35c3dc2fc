using Azure;
using Azure.Data.Tables;

namespace TgVault.Core.Library;

/// <summary>
/// The listing entries: the partition is the list, the row is the video's id. They hold nothing else, so an entry may be superfluous but
/// is never out of date.
/// </summary>
sealed class ListingTable(TableClient table, TimeProvider time)
{
    // A writer adds entries before its row. A younger entry may be one whose row is about to follow; an hour is longer than all retries.
    static readonly TimeSpan SweepAge = TimeSpan.FromHours(1);

    public Task CreateAsync(CancellationToken cancellationToken) => table.CreateIfNotExistsAsync(cancellationToken);

    public async Task AddAsync(VideoId id, IEnumerable<string> listings, CancellationToken cancellationToken) =>
        await Task.WhenAll(
            listings.Select(listing =>
                table.UpsertEntityAsync(new TableEntity(listing, id.ToString()), TableUpdateMode.Replace, cancellationToken)
            )
        );

    public async Task RemoveAsync(VideoId id, IEnumerable<string> listings, CancellationToken cancellationToken) =>
        await Task.WhenAll(listings.Select(listing => table.DeleteEntityAsync(listing, id.ToString(), ETag.All, cancellationToken)));

    /// <summary>At most <paramref name="count"/> ids after <paramref name="after"/>, and whether there are more behind them.</summary>
    public async Task<(VideoId[] Ids, bool More)> ReadAsync(string listing, VideoId? after, int count, CancellationToken cancellationToken)
    {
        var filter = after is { } last
            ? TableClient.CreateQueryFilter($"PartitionKey eq {listing} and RowKey gt {last.ToString()}")
            : TableClient.CreateQueryFilter($"PartitionKey eq {listing}");
        var ids = new List<VideoId>(count + 1);
        await foreach (
            var entry in table.QueryAsync<TableEntity>(
                filter,
                maxPerPage: count + 1,
                select: ["PartitionKey", "RowKey"],
                cancellationToken: cancellationToken
            )
        )
        {
            ids.Add(VideoId.Parse(entry.RowKey));
            if (ids.Count > count)
                break;
        }

        return ([.. ids.Take(count)], ids.Count > count);
    }

    /// <summary>
    /// Removes an entry that its video does not have; true where it is gone now. A young entry stays: its row may be about to follow.
    /// </summary>
    public async Task<bool> SweepAsync(VideoId id, string listing, CancellationToken cancellationToken)
    {
        var entry = await table.GetEntityIfExistsAsync<TableEntity>(listing, id.ToString(), cancellationToken: cancellationToken);
        if (!entry.HasValue || entry.Value!.Timestamp > time.GetUtcNow() - SweepAge)
            return false;
        try
        {
            await table.DeleteEntityAsync(listing, id.ToString(), entry.Value.ETag, cancellationToken);
            return true;
        }
        catch (RequestFailedException exception) when (exception.Status == 412)
        {
            return false;
        }
    }
}
