using TgVault.Core.Rows;

namespace TgVault.Core.Library;

/// <summary>
/// The listing entries: the partition is the list, the row is the video's id. They hold nothing else, so an entry may be superfluous but
/// is never out of date.
/// </summary>
sealed class ListingTable(IRowTable table, TimeProvider time)
{
    // A writer adds entries before its row. A younger entry may be one whose row is about to follow; an hour is longer than all retries.
    static readonly TimeSpan SweepAge = TimeSpan.FromHours(1);

    public Task CreateAsync(CancellationToken cancellationToken) => table.CreateAsync(cancellationToken);

    public async Task AddAsync(VideoId id, IEnumerable<string> listings, CancellationToken cancellationToken) =>
        await Task.WhenAll(listings.Select(listing => table.PutAsync(new Row(listing, id.ToString()), cancellationToken)));

    public async Task RemoveAsync(VideoId id, IEnumerable<string> listings, CancellationToken cancellationToken) =>
        await Task.WhenAll(listings.Select(listing => table.DeleteAsync(listing, id.ToString(), cancellationToken)));

    /// <summary>At most <paramref name="count"/> ids after <paramref name="after"/>, and whether there are more behind them.</summary>
    public async Task<(VideoId[] Ids, bool More)> ReadAsync(string listing, VideoId? after, int count, CancellationToken cancellationToken)
    {
        var range = after is { } last ? RowRange.After(listing, last.ToString()) : RowRange.Of(listing);
        var ids = new List<VideoId>(count + 1);
        await foreach (var entry in table.ListAsync(range, count + 1, [], cancellationToken))
        {
            ids.Add(VideoId.Parse(entry.Key));
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
        var entry = await table.FindAsync(listing, id.ToString(), null, cancellationToken);
        return entry is not null
            && entry.Modified <= time.GetUtcNow() - SweepAge
            && await table.TryDeleteAsync(listing, id.ToString(), entry.Version, cancellationToken);
    }
}
