using System.Runtime.CompilerServices;
using TgVault.Core.Catalogue;
using TgVault.Core.Chunks;
using TgVault.Core.Crypto;
using TgVault.Core.Library;
using TgVault.Core.Replicas.Channel;
using TgVault.Core.Rows;
using TgVault.Core.Videos;

namespace TgVault.Core.Replicas.Copies;

/// <summary>
/// Looks at the catalogue wherever it is, and mends it. The rows say all that it does, so what is lost is published anew from them; in
/// folders and containers it is copied again.
/// </summary>
sealed class CatalogueCheck(
    ILibrary library,
    ReplicaSet replicas,
    CatalogueLog log,
    CatalogueRenewal renewal,
    IChunkStore store,
    IPinboard pinboard,
    IDocumentMemory memory,
    KeyRing keys,
    IRowStore rows
) : ICatalogueChecks
{
    const int PageSize = 200;

    readonly CatalogueTable _table = new(rows.Table(VaultTables.Vault));
    readonly CatalogueCopies _copies = new(store, keys);
    readonly CatalogueLooks _looks = new(store, keys);

    /// <inheritdoc/>
    public async Task<CopyReport> RunAsync(bool mends, CancellationToken cancellationToken)
    {
        var report = new CatalogueReport();
        report.Add(ChunkCopies.Telegram, await CheckTelegramAsync(mends, cancellationToken));
        foreach (var replica in replicas.All)
            report.Add(replica.Place, await CheckAsync(replica, mends, cancellationToken));
        return report.Build();
    }

    async Task<CatalogueResult> CheckTelegramAsync(bool mends, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (await _table.LoadAsync(cancellationToken) is not { Head: not null } state)
                return CatalogueResult.Nothing;
            var found = await _looks.InChannelAsync(state, pinboard, memory, cancellationToken);
            // One was published meanwhile: what was looked at need not be there any more.
            if (!await IsNewestAsync(_table, state, cancellationToken))
                continue;
            try
            {
                var entries = EntriesAsync(cancellationToken);
                return new CatalogueResult(
                    found,
                    mends && await TryMendAsync(log, renewal, pinboard, state, found, entries, cancellationToken)
                );
            }
            catch (ChunkStoreException)
            {
                // It is said to be lost, and not mended: the next look tries again.
                return new CatalogueResult(found, false);
            }
        }
    }

    async Task<CatalogueResult> CheckAsync(BoundReplica replica, bool mends, CancellationToken cancellationToken)
    {
        try
        {
            await replica.OpenAsync(cancellationToken);
            return replica.Documents is ChannelReplica channel
                ? await CheckChannelAsync(channel, mends, cancellationToken)
                : await CheckFilesAsync(replica.Documents, mends, cancellationToken);
        }
        catch (ReplicaException failure)
        {
            return new CatalogueResult(new CatalogueFound(null, null, new CopyLook(CopyState.Unreachable, failure.Message), []), false);
        }
    }

    async Task<CatalogueResult> CheckFilesAsync(IReplica replica, bool mends, CancellationToken cancellationToken)
    {
        if (await _table.LoadAsync(cancellationToken) is not { Head: not null } state)
            return CatalogueResult.Nothing;
        var found = await _looks.InReplicaAsync(state, replica, cancellationToken);
        if (!mends || !found.IsAnyLost)
            return new CatalogueResult(found, false);
        foreach (var (receipt, _) in found.Segments.Where(segment => segment.Look.IsLost))
            await replica.DeleteAsync(ReplicaNames.Segment(receipt), cancellationToken);
        try
        {
            await _copies.CopyAsync(replica, state, cancellationToken);
            return new CatalogueResult(found, true);
        }
        catch (VaultException failure) when (failure is ChunkStoreException or IntegrityException)
        {
            // What the channel does not have for now is copied after it has.
            return new CatalogueResult(found, false);
        }
    }

    async Task<CatalogueResult> CheckChannelAsync(ChannelReplica channel, bool mends, CancellationToken cancellationToken)
    {
        var catalogue = channel.Catalogue;
        var looks = new CatalogueLooks(channel.Store.Documents, keys);
        while (true)
        {
            if (await catalogue.Table.LoadAsync(cancellationToken) is not { Head: not null } state)
                return CatalogueResult.Nothing;
            var found = await looks.InChannelAsync(state, channel.Store.Pinboard, channel.Store.Memory, cancellationToken);
            if (!await IsNewestAsync(catalogue.Table, state, cancellationToken))
                continue;
            var entries = channel.ListManifestsAsync(cancellationToken);
            return new CatalogueResult(
                found,
                mends
                    && await channel.DoAsync(() =>
                        TryMendAsync(catalogue.Log, catalogue.Renewal, channel.Store.Pinboard, state, found, entries, cancellationToken)
                    )
            );
        }
    }

    static async Task<bool> TryMendAsync(
        CatalogueLog log,
        CatalogueRenewal renewal,
        IPinboard pinboard,
        CatalogueState state,
        CatalogueFound found,
        IAsyncEnumerable<CatalogueEntry> entries,
        CancellationToken cancellationToken
    )
    {
        if (found.Segments.Any(segment => segment.Look.IsLost))
            await renewal.RewriteAsync(entries, cancellationToken);
        else if (found.Head.IsLost)
            await log.PublishAnewAsync(state.Sequence, cancellationToken);
        else if (found is { Pin.IsLost: true, Head.State: CopyState.Good })
            await PinAsync(log, pinboard, state, found, cancellationToken);
        else
            return false;
        return true;
    }

    static async Task PinAsync(
        CatalogueLog log,
        IPinboard pinboard,
        CatalogueState state,
        CatalogueFound found,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await pinboard.PinAsync(state.Head!, found.Pinned, cancellationToken);
        }
        catch (ChunkStoreException failure) when (failure.Failure == ChunkStoreFailure.Gone)
        {
            // The file can be read still, and its message is gone.
            await log.PublishAnewAsync(state.Sequence, cancellationToken);
        }
    }

    static async Task<bool> IsNewestAsync(CatalogueTable table, CatalogueState state, CancellationToken cancellationToken) =>
        (await table.LoadAsync(cancellationToken))?.Head == state.Head;

    /// <summary>Every video that is stored, as the rows know it.</summary>
    async IAsyncEnumerable<CatalogueEntry> EntriesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var status in new VideoStatus?[] { null, VideoStatus.Trashed })
        {
            var query = new VideoQuery(null, null, PageSize, null) { Status = status };
            do
            {
                var page = await library.ListAsync(query, cancellationToken);
                foreach (var video in page.Videos)
                {
                    if (video is { IsStored: true, Manifests.Newest: { IsNowhere: false } newest })
                        yield return new CatalogueEntry(video.Id, video.Updated, newest);
                }

                query = query with { Continuation = page.Continuation };
            } while (query.Continuation is not null);
        }
    }
}

/// <summary>What was found in one place, and whether what was lost there was made anew.</summary>
sealed record CatalogueResult(CatalogueFound? Found, bool IsMended)
{
    /// <summary>No catalogue was published yet.</summary>
    public static CatalogueResult Nothing { get; } = new(null, false);
}

/// <summary>What was found in all places, for a person.</summary>
sealed class CatalogueReport
{
    readonly List<PlaceTally> _places = [];
    readonly List<CopyFinding> _findings = [];

    public void Add(string place, CatalogueResult result)
    {
        var tally = new PlaceTally(place);
        _places.Add(tally);
        foreach (var (document, look) in result.Found?.All ?? [])
        {
            var isMended = look.IsLost && result.IsMended;
            tally.Count(look.State);
            if (isMended)
                tally.Mended++;
            if (look.State != CopyState.Good)
                _findings.Add(new CopyFinding(document, place, look.State, look.Reason, isMended, IsSuspected: false));
        }
    }

    public CopyReport Build() => new() { Places = [.. _places], Findings = [.. _findings] };
}
