using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using TgVault.Core.Chunks;
using TgVault.Core.Crypto;

namespace TgVault.Core.Catalogue;

/// <summary>
/// Reads the whole catalogue from the channel alone. Needs no table: recovery starts from it after all tables are lost.
/// </summary>
sealed class CatalogueReader(IChunkStore store, IPinboard pinboard, IDocumentKeys keys)
{
    readonly CatalogueDocuments _documents = new(store, keys);

    /// <summary>
    /// Where the manifest of each video lies, latest change first; removed videos are left out. Fetches one segment at a time. It remembers
    /// the ids that it has seen, so its memory grows with the library by a few dozen bytes per video.
    /// </summary>
    /// <exception cref="IntegrityException">What is pinned is of another vault, or damaged.</exception>
    public async IAsyncEnumerable<CatalogueEntry> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (await pinboard.FindPinnedAsync(cancellationToken) is not { } pinned)
            yield break;
        if (await _documents.TryReadHeadAsync(pinned, cancellationToken) is not { } head)
            throw new IntegrityException("The pinned document is not a catalogue.");

        await foreach (var entry in ReadAllAsync(head, (_, failure) => throw failure, cancellationToken))
            yield return entry;
    }

    /// <summary>The same of a head that was read already.</summary>
    /// <param name="head">The head.</param>
    /// <param name="lost">Told of a segment that cannot be read, and why; it is passed over unless this throws. What it held is then not
    /// known: of its videos, older changes are given where there are any.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <exception cref="ChunkStoreException">The store failed, and may not the next time.</exception>
    public async IAsyncEnumerable<CatalogueEntry> ReadAllAsync(
        CatalogueHead head,
        Action<CatalogueSegment, VaultException> lost,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await foreach (var entry in ReadChangesAsync(head, lost, cancellationToken))
            if (entry.Manifest is not null)
                yield return entry;
    }

    /// <summary>The latest change of each video, removals among them.</summary>
    /// <inheritdoc cref="ReadAllAsync(CatalogueHead, Action{CatalogueSegment, VaultException}, CancellationToken)"/>
    public async IAsyncEnumerable<CatalogueEntry> ReadChangesAsync(
        CatalogueHead head,
        Action<CatalogueSegment, VaultException> lost,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var seen = new HashSet<VideoId>();
        foreach (var entry in head.Recent)
            if (seen.Add(entry.Video))
                yield return entry;

        // The newest is taken first, and what is below it before what is older.
        var left = new Stack<CatalogueSegment>(head.Segments);
        while (left.TryPop(out var segment))
        {
            var (entries, below) = await ReadAsync(segment, lost, cancellationToken);
            foreach (var older in below)
                left.Push(older);
            foreach (var entry in entries)
                if (seen.Add(entry.Video))
                    yield return entry;
        }
    }

    async Task<(ImmutableArray<CatalogueEntry> Entries, ImmutableArray<CatalogueSegment> Below)> ReadAsync(
        CatalogueSegment segment,
        Action<CatalogueSegment, VaultException> lost,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await _documents.ReadSegmentAsync(segment, cancellationToken);
        }
        catch (VaultException failure)
            when (failure is IntegrityException or ChunkStoreException { Failure: not ChunkStoreFailure.Transient })
        {
            lost(segment, failure);
            return ([], []);
        }
    }
}
