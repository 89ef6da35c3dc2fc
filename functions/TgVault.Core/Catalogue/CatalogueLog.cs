using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using TgVault.Core.Chunks;
using TgVault.Core.Crypto;
using TgVault.Core.Rows;

namespace TgVault.Core.Catalogue;

/// <summary>
/// Publishes changes of the list of manifests to the channel (FORMAT.md, "Catalogue"): whoever holds the lease posts one new head for all
/// changes that wait, and pins it. What one change costs does not grow with the library. After a crash at any point the next change puts
/// things right; at worst a document stays in the channel that nothing refers to. Safe for use by many threads and instances.
/// </summary>
/// <param name="table"><see cref="VaultTables.Vault"/>; it must exist.</param>
/// <param name="owner">Names this instance; one that keeps its name over a restart need not wait for its own lease to end.</param>
/// <param name="replica">The channel of the replica whose catalogue it is; null: the vault's own.</param>
/// <param name="discarded">Where documents are recorded that cannot be deleted now; null: nowhere.</param>
sealed class CatalogueLog(
    IRowTable table,
    IChunkStore store,
    IPinboard pinboard,
    KeyRing keys,
    string owner,
    TimeProvider time,
    ILogger<CatalogueLog> logger,
    long? replica = null,
    IDiscardedDocuments? discarded = null
) : IDisposable
{
    /// <summary>So many changes stand in the head itself before they become a segment.</summary>
    internal int RecentLimit { get; init; } = 512;

    /// <summary>So many segments of one level before they become one of the next.</summary>
    internal int SegmentLimit { get; init; } = 32;

    const int FormerLimit = 16;

    // Longer than posting usually takes. Running over is safe: the state row's version keeps the late one from pinning.
    static readonly TimeSpan Lease = TimeSpan.FromMinutes(3);
    static readonly TimeSpan AskAgain = TimeSpan.FromMilliseconds(250);

    readonly CatalogueTable _table = new(table, replica);
    readonly CatalogueDocuments _documents = new(store, keys);
    readonly LeftDocuments _left = new(table);
    readonly SemaphoreSlim _turn = new(1);

    /// <summary>
    /// Records the change and returns when a pinned catalogue holds it. Safe to repeat. Where it throws, the change may be recorded, and
    /// then is published with the next one.
    /// </summary>
    /// <exception cref="ChunkStoreException">The store failed.</exception>
    /// <exception cref="IntegrityException">
    /// The tables are empty and the catalogue that is pinned in the channel belongs to another vault. It is left alone.
    /// </exception>
    public async Task PublishAsync(CatalogueEntry entry, CancellationToken cancellationToken)
    {
        await _table.RecordAsync(entry, cancellationToken);
        await PublishRecordedAsync(entry.Video, cancellationToken);
    }

    /// <summary>Returns when a pinned catalogue holds what is recorded of the video.</summary>
    /// <inheritdoc cref="PublishAsync"/>
    internal Task PublishRecordedAsync(VideoId video, CancellationToken cancellationToken) =>
        PublishUntilAsync(cancellation => _table.IsCoveredAsync(video, cancellation), cancellationToken);

    /// <summary>Returns when a pinned catalogue holds all that was recorded before.</summary>
    /// <inheritdoc cref="PublishAsync"/>
    internal Task PublishAllAsync(CancellationToken cancellationToken) =>
        PublishUntilAsync(async cancellation => !await _table.IsAnyWaitingAsync(cancellation), cancellationToken);

    /// <summary>Returns when a head is pinned that is newer than this one.</summary>
    /// <inheritdoc cref="PublishAsync"/>
    internal Task PublishAnewAsync(long sequence, CancellationToken cancellationToken) =>
        RewriteAsync(state => state.Sequence > sequence ? null : state, cancellationToken);

    async Task PublishUntilAsync(Func<CancellationToken, Task<bool>> isDone, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            while (!await isDone(cancellationToken))
            {
                if (await TryLeaseAsync(cancellationToken) is { } state)
                    await PublishWaitingAsync(state, cancellationToken);
                else
                    await Task.Delay(AskAgain, time, cancellationToken);
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    /// <summary>
    /// Publishes a head of the state that is changed so; where that gives null, nothing is to be changed. Safe to repeat.
    /// </summary>
    /// <inheritdoc cref="PublishAsync"/>
    internal async Task RewriteAsync(Func<CatalogueState, CatalogueState?> change, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            while (true)
            {
                if (await _table.LoadAsync(cancellationToken) is { } state && change(state) is null)
                    return;
                if (await TryLeaseAsync(cancellationToken) is { } leased)
                    await PublishWaitingAsync(leased, cancellationToken, change);
                else
                    await Task.Delay(AskAgain, time, cancellationToken);
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    async Task<CatalogueState?> TryLeaseAsync(CancellationToken cancellationToken)
    {
        var state = await _table.LoadAsync(cancellationToken) ?? await BeginAsync(cancellationToken);
        var now = time.GetUtcNow();
        if (state is null || (state.LeaseEnds > now && state.LeaseOwner != owner))
            return null;
        if (state.KeyVersion > keys.Current.Version)
            throw new VaultException(
                $"The master secret was rotated, and this instance does not have version {state.KeyVersion} of the vault key: start it "
                    + "again with the new one."
            );
        return await _table.TrySaveAsync(state with { LeaseOwner = owner, LeaseEnds = now + Lease }, cancellationToken);
    }

    /// <summary>
    /// The first state. A new vault begins with an empty one. Where tables were lost, it is read from what is pinned: a head made without
    /// it would hide the library.
    /// </summary>
    async Task<CatalogueState?> BeginAsync(CancellationToken cancellationToken)
    {
        if (
            await pinboard.FindPinnedAsync(cancellationToken) is { } pinned
            && await _documents.TryReadHeadAsync(pinned, cancellationToken) is { } head
        )
        {
            await _table.AdoptAsync(head, pinned, cancellationToken);
            logger.CatalogueAdopted(head.Sequence, head.Recent.Length, head.Segments.Sum(segment => segment.Entries));
        }

        await _table.TryAddAsync(new CatalogueState(), cancellationToken);
        return await _table.LoadAsync(cancellationToken);
    }

    async Task PublishWaitingAsync(
        CatalogueState leased,
        CancellationToken cancellationToken,
        Func<CatalogueState, CatalogueState?>? change = null
    )
    {
        try
        {
            await PublishLeasedAsync(leased, change?.Invoke(leased) ?? leased, cancellationToken);
        }
        catch (ChunkStoreException)
        {
            await GiveBackAsync(cancellationToken);
            throw;
        }
    }

    async Task PublishLeasedAsync(CatalogueState state, CatalogueState wanted, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        foreach (var over in state.Former.SkipLast(FormerLimit))
            await DiscardAsync(over);
        state = state with { Former = [.. state.Former.TakeLast(FormerLimit)] };
        var rows = await _table.ReadRecentAsync(cancellationToken);
        var rolled = rows.Count > RecentLimit;
        var made = new List<ChunkReceipt>();
        CatalogueHead head;
        ChunkReceipt receipt;
        ImmutableArray<CatalogueSegment> segments;
        try
        {
            segments = rolled ? await RollAsync(wanted.Segments, rows, made, cancellationToken) : wanted.Segments;
            head = new CatalogueHead(
                state.Sequence + 1,
                time.GetUtcNow(),
                rolled ? [] : [.. rows.Select(row => row.Entry)],
                [.. wanted.Older, .. segments]
            );
            receipt = await _documents.PutAsync(head, cancellationToken);
        }
        catch
        {
            // Nothing names them yet.
            foreach (var segment in made)
                await DiscardAsync(segment);
            throw;
        }

        // Recorded before it is pinned: after a crash in between, the next publisher knows what to unpin. The write also fails where the
        // lease was lost. Also where everything stops just now: nobody else knows of the documents.
        var stray = state.Posted;
        var posted = await _table.TrySaveAsync(
            state with
            {
                Sequence = head.Sequence,
                Posted = receipt,
                Former = Add(state.Former, stray),
                Unpinned = [.. state.Unpinned, .. made],
                LeaseEnds = time.GetUtcNow() + Lease,
            },
            CancellationToken.None
        );
        if (posted is null)
        {
            foreach (var document in made.Append(receipt))
                await DiscardAsync(document);
            return;
        }

        if (stray is not null)
            await pinboard.PinAsync(receipt, stray, cancellationToken);
        await pinboard.PinAsync(receipt, state.Head, cancellationToken);

        var pinned = await _table.TrySaveAsync(
            posted with
            {
                Head = receipt,
                Posted = null,
                Segments = segments,
                Older = wanted.Older,
                KeyVersion = wanted.KeyVersion,
                Former = [.. Add(posted.Former, state.Head), .. state.Unpinned],
                Unpinned = [],
            },
            cancellationToken
        );
        if (pinned is null)
            return;
        if (rolled)
            await _table.RemoveAsync(rows, cancellationToken);
        else
            await _table.CoverAsync(rows.Where(row => !row.Covered), cancellationToken);
        logger.CataloguePublished(
            head.Sequence,
            rows.Count(row => !row.Covered),
            receipt.SealedLengthBytes,
            time.GetElapsedTime(started).TotalMilliseconds
        );
        await EndLeaseAsync(pinned, cancellationToken);
    }

    /// <summary>Writes the recent changes into a segment, and full levels into one segment of the next.</summary>
    async Task<ImmutableArray<CatalogueSegment>> RollAsync(
        ImmutableArray<CatalogueSegment> segments,
        List<RecentRow> rows,
        List<ChunkReceipt> made,
        CancellationToken cancellationToken
    )
    {
        segments = segments.Add(Made(await _documents.PutSegmentAsync([.. rows.Select(row => row.Entry)], cancellationToken)));
        // Higher levels are older and stand first, so the segments of the newest level are the last ones.
        while (segments.Reverse().TakeWhile(segment => segment.Level == segments[^1].Level).Count() is var full && full >= SegmentLimit)
        {
            var below = segments[^full..];
            segments = segments
                .RemoveRange(segments.Length - full, full)
                .Add(Made(await _documents.PutSegmentAsync(below, cancellationToken)));
        }

        return segments;

        CatalogueSegment Made(CatalogueSegment segment)
        {
            made.Add(segment.Receipt);
            return segment;
        }
    }

    async Task DiscardAsync(ChunkReceipt receipt)
    {
        if (discarded is not null)
            await discarded.DiscardAsync(store, receipt);
        else
            await TryDeleteAsync(receipt, CancellationToken.None);
    }

    async Task EndLeaseAsync(CatalogueState state, CancellationToken cancellationToken)
    {
        var left = new List<ChunkReceipt>();
        foreach (var former in state.Former)
            if (!await TryDeleteAsync(former, cancellationToken))
                left.Add(former);
        await _table.TrySaveAsync(state with { Former = [.. left], LeaseEnds = DateTimeOffset.UnixEpoch }, cancellationToken);
    }

    async Task GiveBackAsync(CancellationToken cancellationToken)
    {
        if (await _table.LoadAsync(cancellationToken) is { } state && state.LeaseOwner == owner)
            await _table.TrySaveAsync(state with { LeaseEnds = DateTimeOffset.UnixEpoch }, cancellationToken);
    }

    /// <summary>
    /// True where it is gone, or can never be deleted, which is noted; false where asking again may help.
    /// </summary>
    internal async Task<bool> TryDeleteAsync(ChunkReceipt receipt, CancellationToken cancellationToken)
    {
        try
        {
            if (!await store.DeleteAsync(receipt, cancellationToken))
                await _left.AddAsync(receipt, cancellationToken);
            return true;
        }
        catch (ChunkStoreException exception)
        {
            logger.FormerCatalogueStays(receipt.MessageId, exception);
            return exception.Failure != ChunkStoreFailure.Transient;
        }
    }

    static ImmutableArray<ChunkReceipt> Add(ImmutableArray<ChunkReceipt> former, ChunkReceipt? receipt) =>
        receipt is null || former.Contains(receipt) ? former : former.Add(receipt);
}
