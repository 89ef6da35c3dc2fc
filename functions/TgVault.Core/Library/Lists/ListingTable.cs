using TgVault.Core.Rows;

namespace TgVault.Core.Library.Lists;

/// <summary>
/// The listing entries: where the list and the video's id say. They hold nothing else, so an entry may be superfluous but is never out of
/// date.
/// </summary>
sealed class ListingTable(IRowTable table, TimeProvider time)
{
    const int MostAtOnce = 16;

    // A writer adds entries before its row. A younger entry may be one whose row is about to follow; an hour is longer than all retries.
    static readonly TimeSpan SweepAge = TimeSpan.FromHours(1);

    public Task CreateAsync(CancellationToken cancellationToken) => table.CreateAsync(cancellationToken);

    public Task AddAsync(VideoId id, IEnumerable<Listing> listings, CancellationToken cancellationToken) =>
        ForEachAsync(
            Batches(listings.Select(listing => new RowChange(RowChangeKind.Put, new Row(listing.Partition, listing.KeyOf(id))))),
            async (batch, cancellation) =>
            {
                if (batch is [var only])
                    await table.PutAsync(only.Row, cancellation);
                else if (!await table.TryChangeAsync(batch, cancellation))
                    throw new VaultException($"Listing entries of video {id} could not be written.");
            },
            cancellationToken
        );

    /// <summary>
    /// What <see cref="RemoveFoundAsync"/> takes to remove these entries as they are now. Read before the row is written: who gives the
    /// video one of them again does so after that, and then it stays.
    /// </summary>
    public async Task<IReadOnlyCollection<RowChange>> FindAsync(
        VideoId id,
        IEnumerable<Listing> listings,
        CancellationToken cancellationToken
    )
    {
        var found = new List<RowChange>();
        await ForEachAsync(
            listings,
            async (listing, cancellation) =>
            {
                if (await table.FindAsync(listing.Partition, listing.KeyOf(id), [], cancellation) is not { } entry)
                    return;
                lock (found)
                    found.Add(new RowChange(RowChangeKind.Delete, entry, entry.Version));
            },
            cancellationToken
        );
        return found;
    }

    /// <summary>Removes entries of a video that is gone.</summary>
    public Task RemoveAsync(VideoId id, IEnumerable<Listing> listings, CancellationToken cancellationToken) =>
        RemoveFoundAsync(
            listings.Select(listing => new RowChange(RowChangeKind.Delete, new Row(listing.Partition, listing.KeyOf(id)))),
            cancellationToken
        );

    /// <summary>Removes entries; those that have another version by now stay.</summary>
    public Task RemoveFoundAsync(IEnumerable<RowChange> entries, CancellationToken cancellationToken) =>
        ForEachAsync(
            Batches(entries),
            async (batch, cancellation) =>
            {
                if (batch.Length > 1 && await table.TryChangeAsync(batch, cancellation))
                    return;
                foreach (var (_, entry, version) in batch)
                {
                    if (version is null)
                        await table.DeleteAsync(entry.Partition, entry.Key, cancellation);
                    else
                        await table.TryDeleteAsync(entry.Partition, entry.Key, version, cancellation);
                }
            },
            cancellationToken
        );

    /// <summary>At most <paramref name="count"/> ids after <paramref name="after"/>, and whether there are more behind them.</summary>
    public async Task<(VideoId[] Ids, bool More)> ReadAsync(Listing listing, VideoId? after, int count, CancellationToken cancellationToken)
    {
        var ids = new List<VideoId>(count + 1);
        await foreach (var entry in table.ListAsync(listing.Behind(after), count + 1, [], cancellationToken))
        {
            ids.Add(listing.IdOf(entry.Key));
            if (ids.Count > count)
                break;
        }

        return ([.. ids.Take(count)], ids.Count > count);
    }

    /// <summary>
    /// At most <paramref name="count"/> keys of a list behind <paramref name="after"/>, and whether there are more behind them.
    /// </summary>
    public async Task<(string[] Keys, bool More)> ReadKeysAsync(
        Listing listing,
        string? after,
        int count,
        CancellationToken cancellationToken
    )
    {
        var keys = new List<string>(count + 1);
        await foreach (var entry in table.ListAsync(listing.BehindKey(after), count + 1, [], cancellationToken))
        {
            keys.Add(entry.Key);
            if (keys.Count > count)
                break;
        }

        return ([.. keys.Take(count)], keys.Count > count);
    }

    /// <summary>How many entries each list has whose partition begins so; what is behind the beginning names the list.</summary>
    public async Task<List<(string Name, int Count)>> CountAsync(string beginning, CancellationToken cancellationToken)
    {
        var counts = new List<(string, int)>();
        // ~ comes behind whatever else a partition may have.
        await foreach (var (partition, count) in table.CountAsync(beginning, beginning + '~', cancellationToken))
            counts.Add((partition[beginning.Length..], count));
        return counts;
    }

    /// <summary>
    /// Removes an entry that its video does not have; true where it is gone now. A young entry stays: its row may be about to follow.
    /// </summary>
    public Task<bool> SweepAsync(VideoId id, Listing listing, CancellationToken cancellationToken) =>
        SweepAsync(listing.Partition, listing.KeyOf(id), cancellationToken);

    /// <inheritdoc cref="SweepAsync(VideoId, Listing, CancellationToken)"/>
    public async Task<bool> SweepAsync(string partition, string key, CancellationToken cancellationToken)
    {
        var entry = await table.FindAsync(partition, key, null, cancellationToken);
        return entry is not null
            && entry.Modified <= time.GetUtcNow() - SweepAge
            && await table.TryDeleteAsync(entry.Partition, entry.Key, entry.Version, cancellationToken);
    }

    static IEnumerable<RowChange[]> Batches(IEnumerable<RowChange> changes) =>
        changes.GroupBy(change => change.Row.Partition, StringComparer.Ordinal).SelectMany(group => group.Chunk(RowLimits.MostChanges));

    static Task ForEachAsync<T>(IEnumerable<T> items, Func<T, CancellationToken, ValueTask> body, CancellationToken cancellationToken) =>
        Parallel.ForEachAsync(
            items,
            new ParallelOptions { MaxDegreeOfParallelism = MostAtOnce, CancellationToken = cancellationToken },
            body
        );
}
