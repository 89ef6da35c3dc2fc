using TgVault.Core.Chunks;
using TgVault.Core.Rows;

namespace TgVault.Core.Catalogue;

/// <summary>A recent change and whether a pinned head holds it.</summary>
sealed record RecentRow(CatalogueEntry Entry, bool Covered, string Version);

/// <summary>
/// The catalogue log's rows in the vault's table: its state in partition <c>catalogue</c>, and in <c>recent</c> one row per video that
/// changed since the last segment was written, the later change replacing the earlier one. The catalogue of a replica's channel has the
/// same, with a dot and the channel's id behind the names.
/// </summary>
sealed class CatalogueTable(IRowTable table, long? replica = null)
{
    /// <summary>What the partitions of the catalogues of replicas begin with.</summary>
    public const string ReplicaPrefix = $"{CatalogueState.Partition}.";

    const int AtOnce = 8;

    readonly string _state = NameOf(CatalogueState.Partition, replica);
    readonly string _recent = NameOf("recent", replica);

    public async Task<CatalogueState?> LoadAsync(CancellationToken cancellationToken) =>
        await table.FindAsync(_state, CatalogueState.Key, null, cancellationToken) is { } row ? CatalogueState.Read(row) : null;

    /// <summary>Adds the state; false where there is one.</summary>
    public async Task<bool> TryAddAsync(CatalogueState state, CancellationToken cancellationToken) =>
        await table.TryInsertAsync(state.ToRow(_state), cancellationToken) is not null;

    /// <summary>Replaces the state that was read; null where somebody else did.</summary>
    public async Task<CatalogueState?> TrySaveAsync(CatalogueState state, CancellationToken cancellationToken) =>
        await table.TryReplaceAsync(state.ToRow(_state), state.Version, cancellationToken) is { } version
            ? state with
            {
                Version = version,
            }
            : null;

    /// <summary>Records a change that no head holds yet, in place of an earlier one of that video.</summary>
    public Task RecordAsync(CatalogueEntry entry, CancellationToken cancellationToken) =>
        table.PutAsync(ToRow(entry, covered: false), cancellationToken);

    /// <summary>Records a change in place of one that was read, from a row or a segment; false where there is another by now.</summary>
    public async Task<bool> TryRecordAsync(CatalogueEntry seen, CatalogueEntry entry, CancellationToken cancellationToken)
    {
        var row = ToRow(entry, covered: false);
        if (await table.FindAsync(_recent, entry.Video.ToString(), null, cancellationToken) is not { } found)
            return await table.TryInsertAsync(row, cancellationToken) is not null;
        return CatalogueState.ReadReceipt(found.Text("Manifest")) == seen.Manifest
            && await table.TryReplaceAsync(row, found.Version, cancellationToken) is not null;
    }

    /// <summary>
    /// Takes over a head that was found pinned: where the tables know none, or an older one, of which it must be a successor. Changes that
    /// no head holds yet stay. Safe to repeat.
    /// </summary>
    public async Task AdoptAsync(CatalogueHead head, ChunkReceipt pinned, CancellationToken cancellationToken)
    {
        var state = await LoadAsync(cancellationToken);
        if (state is not null && (state.Sequence >= head.Sequence || state.Posted is not null))
            return;
        // What an older head held and this one has in its segments would win over them here.
        var recent = head.Recent.Select(entry => entry.Video).ToHashSet();
        var known = await ReadRecentAsync(cancellationToken);
        await RemoveAsync(known.Where(row => row.Covered && !recent.Contains(row.Entry.Video)), cancellationToken);
        foreach (var entry in head.Recent)
        {
            if (known.Find(row => row.Entry.Video == entry.Video) is not { } row)
                await table.TryInsertAsync(ToRow(entry, covered: true), cancellationToken);
            else if (row.Covered)
                await table.TryReplaceAsync(ToRow(entry, covered: true), row.Version, cancellationToken);
        }

        var adopted = (state ?? new CatalogueState()) with
        {
            Sequence = head.Sequence,
            Head = pinned,
            Segments = head.Segments,
            Older = [],
            KeyVersion = 0,
        };
        if (state is null)
            await TryAddAsync(adopted, cancellationToken);
        else
            await TrySaveAsync(adopted, cancellationToken);
    }

    /// <summary>Whether a pinned head or a segment holds the video's latest change.</summary>
    public async Task<bool> IsCoveredAsync(VideoId video, CancellationToken cancellationToken)
    {
        var row = await table.FindAsync(_recent, video.ToString(), ["Covered"], cancellationToken);
        return row is null || row.Boolean("Covered") == true;
    }

    /// <summary>Whether a change waits that no pinned head holds.</summary>
    public async Task<bool> IsAnyWaitingAsync(CancellationToken cancellationToken) =>
        (await ReadRecentAsync(cancellationToken)).Exists(row => !row.Covered);

    public async Task<List<RecentRow>> ReadRecentAsync(CancellationToken cancellationToken)
    {
        var rows = new List<RecentRow>();
        await foreach (var row in table.ListAsync(RowRange.Of(_recent), RowLimits.MostPageRows, null, cancellationToken))
        {
            var entry = new CatalogueEntry(
                VideoId.Parse(row.Key),
                row.Time("Time") ?? default,
                CatalogueState.ReadReceipt(row.Text("Manifest"))
            );
            rows.Add(new RecentRow(entry, row.Boolean("Covered") == true, row.Version));
        }

        return rows;
    }

    /// <summary>Marks the rows as held by the head; one that changed since they were read stays as it is.</summary>
    public Task CoverAsync(IEnumerable<RecentRow> rows, CancellationToken cancellationToken) =>
        ForEachAsync(
            rows,
            (row, cancellation) => table.TryReplaceAsync(ToRow(row.Entry, covered: true), row.Version, cancellation),
            cancellationToken
        );

    /// <summary>Removes rows that a segment holds; one that changed since they were read stays.</summary>
    public Task RemoveAsync(IEnumerable<RecentRow> rows, CancellationToken cancellationToken) =>
        ForEachAsync(
            rows,
            (row, cancellation) => table.TryDeleteAsync(_recent, row.Entry.Video.ToString(), row.Version, cancellation),
            cancellationToken
        );

    static string NameOf(string partition, long? replica) =>
        replica is { } channel ? FormattableString.Invariant($"{partition}.{channel}") : partition;

    static Task ForEachAsync(
        IEnumerable<RecentRow> rows,
        Func<RecentRow, CancellationToken, Task> change,
        CancellationToken cancellationToken
    ) =>
        Parallel.ForEachAsync(
            rows,
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
            async (row, cancellation) => await change(row, cancellation)
        );

    Row ToRow(CatalogueEntry entry, bool covered) =>
        new(_recent, entry.Video.ToString())
        {
            ["Time"] = entry.Time,
            ["Manifest"] = CatalogueState.WriteReceipt(entry.Manifest),
            ["Covered"] = covered,
        };
}
