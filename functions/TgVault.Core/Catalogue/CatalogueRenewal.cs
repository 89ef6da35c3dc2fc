using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using TgVault.Core.Chunks;
using TgVault.Core.Crypto;
using TgVault.Core.Rows;

namespace TgVault.Core.Catalogue;

/// <summary>
/// Brings the catalogue under another version of the vault key: what there is is set apart, every video gets an entry behind it, and then
/// it is left out as a whole. So no segment is changed, and at every moment what is pinned names all videos.
/// </summary>
/// <param name="table"><see cref="VaultTables.Vault"/>; it must exist.</param>
/// <param name="store">Where its documents are.</param>
/// <param name="keys">What seals and opens them.</param>
/// <param name="log">Publishes it.</param>
/// <param name="replica">The channel of the replica whose catalogue it is; null: the vault's own.</param>
sealed class CatalogueRenewal(IRowTable table, IChunkStore store, KeyRing keys, CatalogueLog log, long? replica = null)
{
    // As many as a head holds.
    const int RecordedAtOnce = 500;

    readonly CatalogueTable _table = new(table, replica);
    readonly CatalogueDocuments _documents = new(store, keys);

    /// <summary>
    /// Posts the catalogue under the newest version, with the segments there are set apart. Does nothing where that was done.
    /// </summary>
    /// <exception cref="ChunkStoreException">The store failed.</exception>
    public Task BeginAsync(CancellationToken cancellationToken) =>
        log.RewriteAsync(
            state =>
                state.KeyVersion == keys.Current.Version
                    ? null
                    : state with
                    {
                        Older = [.. state.Older, .. state.Segments],
                        Segments = [],
                        KeyVersion = keys.Current.Version,
                    },
            cancellationToken
        );

    /// <summary>
    /// Where the manifest of each video lies, as tables and segments have it, latest change first, and whether only what was set apart says
    /// so; removed videos are left out. Remembers the ids it has seen.
    /// </summary>
    /// <exception cref="ChunkStoreException">The store failed.</exception>
    /// <exception cref="IntegrityException">A segment does not open.</exception>
    public async IAsyncEnumerable<(CatalogueEntry Entry, bool IsOlder)> ReadAllAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        if (await _table.LoadAsync(cancellationToken) is not { } state)
            yield break;
        var seen = new HashSet<VideoId>();
        foreach (var (entry, _, _) in await _table.ReadRecentAsync(cancellationToken))
            if (seen.Add(entry.Video) && entry.Manifest is not null)
                yield return (entry, false);
        foreach (var (part, isOlder) in new[] { (state.Segments, false), (state.Older, true) })
        {
            // The newest is taken first, and what is below it before what is older.
            var left = new Stack<CatalogueSegment>(part);
            while (left.TryPop(out var segment))
            {
                var (entries, below) = await _documents.ReadSegmentAsync(segment, cancellationToken);
                foreach (var older in below)
                    left.Push(older);
                foreach (var entry in entries)
                    if (seen.Add(entry.Video) && entry.Manifest is not null)
                        yield return (entry, isOlder);
            }
        }
    }

    /// <summary>
    /// Publishes all of it anew, where segments are lost: what there is is set apart, every entry that is given stands behind it, so does
    /// every other that can still be read there, and then it is left out. At every moment what is pinned names what it named before.
    /// </summary>
    /// <exception cref="ChunkStoreException">The store failed.</exception>
    public async Task RewriteAsync(IAsyncEnumerable<CatalogueEntry> entries, CancellationToken cancellationToken)
    {
        await log.RewriteAsync(
            state => state.Segments.IsEmpty ? null : state with { Older = [.. state.Older, .. state.Segments], Segments = [] },
            cancellationToken
        );
        var seen = new HashSet<VideoId>();
        await foreach (var entry in entries.WithCancellation(cancellationToken))
            await RecordAsync(entry);
        if (await _table.LoadAsync(cancellationToken) is not { } state)
            return;
        var documents = new List<ChunkReceipt>();
        await foreach (var entry in ReadWhatIsLeftAsync(state.Older, documents, cancellationToken))
            await RecordAsync(entry);
        await log.PublishAllAsync(cancellationToken);
        await log.RewriteAsync(current => current.Older.IsEmpty ? null : current with { Older = [] }, cancellationToken);
        foreach (var document in documents)
            await log.TryDeleteAsync(document, cancellationToken);

        async Task RecordAsync(CatalogueEntry entry)
        {
            // A removal is said by leaving it out: nothing older stays that it would have to win over.
            if (!seen.Add(entry.Video) || entry.Manifest is null || !await _table.TryRecordAsync(entry, entry, cancellationToken))
                return;
            if (seen.Count % RecordedAtOnce == 0)
                await log.PublishAllAsync(cancellationToken);
        }
    }

    /// <summary>The entries of segments that can be read, the latest of a video first; and every document that was met.</summary>
    async IAsyncEnumerable<CatalogueEntry> ReadWhatIsLeftAsync(
        ImmutableArray<CatalogueSegment> segments,
        List<ChunkReceipt> documents,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var left = new Stack<CatalogueSegment>(segments);
        while (left.TryPop(out var segment))
        {
            documents.Add(segment.Receipt);
            ImmutableArray<CatalogueEntry> entries = [];
            try
            {
                (entries, var below) = await _documents.ReadSegmentAsync(segment, cancellationToken);
                foreach (var older in below)
                    left.Push(older);
            }
            catch (VaultException failure)
                when (failure is IntegrityException or ChunkStoreException { Failure: not ChunkStoreFailure.Transient })
            {
                // It is lost: what it said is not known.
            }

            foreach (var entry in entries)
                yield return entry;
        }
    }

    /// <summary>Records an entry in place of the one that was seen; false where there is another by now. It is published with the next
    /// one.</summary>
    public Task<bool> TryRecordAsync(CatalogueEntry seen, CatalogueEntry entry, CancellationToken cancellationToken) =>
        _table.TryRecordAsync(seen, entry, cancellationToken);

    /// <summary>
    /// Leaves out what was set apart: every video must have an entry behind it. The documents are removed, or noted as left; after a crash
    /// some may stay that nothing refers to.
    /// </summary>
    /// <exception cref="ChunkStoreException">The store failed.</exception>
    /// <exception cref="IntegrityException">A segment does not open.</exception>
    public async Task EndAsync(CancellationToken cancellationToken)
    {
        if (await _table.LoadAsync(cancellationToken) is not { Older: { IsEmpty: false } older })
            return;
        var documents = await DocumentsOfAsync(older, cancellationToken);
        await log.RewriteAsync(state => state.Older.IsEmpty ? null : state with { Older = [] }, cancellationToken);
        foreach (var document in documents)
            await log.TryDeleteAsync(document, cancellationToken);
    }

    async Task<List<ChunkReceipt>> DocumentsOfAsync(ImmutableArray<CatalogueSegment> segments, CancellationToken cancellationToken)
    {
        var documents = new List<ChunkReceipt>();
        var left = new Stack<CatalogueSegment>(segments);
        while (left.TryPop(out var segment))
        {
            documents.Add(segment.Receipt);
            if (segment.Level == 0)
                continue;
            foreach (var below in (await _documents.ReadSegmentAsync(segment, cancellationToken)).Below)
                left.Push(below);
        }

        return documents;
    }
}
