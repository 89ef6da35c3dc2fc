using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using TgVault.Core.Catalogue;
using TgVault.Core.Chunks;
using TgVault.Core.Crypto;
using TgVault.Core.Library;
using TgVault.Core.Replicas.Channel;
using TgVault.Core.Rows;
using TgVault.Core.Videos;

namespace TgVault.Core.Replicas.Copies;

/// <summary>
/// Brings replicas up to what is stored. The catalogue tells what changed: each replica follows it by its number, so that nothing but a
/// stored change is looked at, and what was interrupted goes on. It never keeps an ingest waiting.
/// </summary>
public sealed class Replication : IReplicas
{
    const int PageSize = 200;

    readonly ILibrary _library;
    readonly ReplicaSet _replicas;
    readonly CopyCheck _check;
    readonly CatalogueCopies _catalogue;
    readonly CatalogueReader _reader;
    readonly CatalogueTable _changes;
    readonly ReplicaTable _table;
    readonly ILogger _log;

    internal Replication(
        ILibrary library,
        ReplicaSet replicas,
        CopyCheck check,
        IChunkStore store,
        IPinboard pinboard,
        KeyRing keys,
        IRowStore rows,
        ILogger<Replication> log
    )
    {
        _library = library;
        _replicas = replicas;
        _check = check;
        _catalogue = new CatalogueCopies(store, keys);
        _reader = new CatalogueReader(store, pinboard, keys);
        _changes = new CatalogueTable(rows.Table(VaultTables.Vault));
        _table = new ReplicaTable(rows.Table(VaultTables.Vault));
        _log = log;
    }

    /// <summary>Whether there is any replica.</summary>
    public bool IsWanted => _replicas.Places > 0;

    /// <summary>A number that grows whenever something was stored, changed or removed.</summary>
    public async Task<long> FindSequenceAsync(CancellationToken cancellationToken) =>
        await _changes.LoadAsync(cancellationToken) is { } state ? state.Sequence : 0;

    /// <inheritdoc/>
    public async Task<ImmutableArray<ReplicaStatus>> ShowAsync(CancellationToken cancellationToken)
    {
        var shown = ImmutableArray.CreateBuilder<ReplicaStatus>();
        foreach (var replica in _replicas.All)
        {
            var state = await _table.FindAsync(replica.Place, cancellationToken);
            var videos = state is null ? 0 : await _table.CountAsync(state.Id, cancellationToken);
            var verified = await _table.FindVerifiedAsync(replica.Place, cancellationToken);
            shown.Add(new ReplicaStatus(replica.Documents.Kind, replica.Place, videos, replica.Waiting, verified, replica.Failure));
        }

        return shown.DrainToImmutable();
    }

    /// <summary>
    /// Brings every replica up to the newest catalogue, as far as it can be; false where one lacks something still, which is tried again
    /// by calling again.
    /// </summary>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        var isDone = true;
        foreach (var replica in _replicas.All)
            isDone &= await TryFollowAsync(replica, cancellationToken);
        return isDone;
    }

    async Task<bool> TryFollowAsync(BoundReplica replica, CancellationToken cancellationToken)
    {
        var before = replica.Failure;
        try
        {
            return await FollowAsync(replica, cancellationToken);
        }
        catch (VaultException failure) when (failure is ReplicaException or ChunkStoreException or IntegrityException)
        {
            if (failure is ReplicaException own)
                replica.Failed(own);
            // Told once, not at every try.
            if (before != failure.Message)
                _log.NotReplicated(failure.Message);
            return false;
        }
    }

    async Task<bool> FollowAsync(BoundReplica replica, CancellationToken cancellationToken)
    {
        var known = await replica.OpenAsync(cancellationToken);
        var channel = replica.Documents as ChannelReplica;
        if (channel is not null)
            await channel.AdoptAsync(cancellationToken);
        if (await _changes.LoadAsync(cancellationToken) is not { Head: not null } state)
        {
            // A vault that was recovered from a replica alone, whose channel has no catalogue yet.
            replica.Waiting = 0;
            await BringAllAsync(replica, cancellationToken);
            await (channel?.PublishAsync(cancellationToken) ?? Task.CompletedTask);
            return replica.Waiting == 0 && replica.Failure.Length == 0;
        }

        if (state.Sequence == known.Sequence)
        {
            // What a check found whole meanwhile is to be named, too.
            await (channel?.PublishAsync(cancellationToken) ?? Task.CompletedTask);
            return true;
        }

        var recent = await _changes.ReadRecentAsync(cancellationToken);
        var older = state.Segments.Sum(segment => segment.Entries);
        var isRecentEnough = known.Sequence > 0 && known.Segments == older;
        replica.Waiting = 0;
        await (channel?.FollowRotationAsync(state, cancellationToken) ?? Task.CompletedTask);
        if (!isRecentEnough)
        {
            await BringAllAsync(replica, cancellationToken);
            await RemoveOldAsync(replica, state, recent, cancellationToken);
        }

        foreach (var row in recent)
            await BringAsync(replica, row.Entry, cancellationToken);
        if (channel is null)
            await _catalogue.CopyAsync(replica.Documents, state, cancellationToken);
        else
            await channel.PublishAsync(cancellationToken);
        if (replica.Waiting > 0 || replica.Failure.Length > 0)
            return false;
        await (channel?.EndRotationAsync(state, cancellationToken) ?? Task.CompletedTask);
        await _table.SaveAsync(replica.Place, known with { Sequence = state.Sequence, Segments = older }, cancellationToken);
        _log.Replicated(state.Sequence);
        return true;
    }

    /// <summary>Every video that the library has.</summary>
    async Task BringAllAsync(BoundReplica replica, CancellationToken cancellationToken)
    {
        foreach (var status in new VideoStatus?[] { null, VideoStatus.Trashed })
        {
            var query = new VideoQuery(null, null, PageSize, null) { Status = status };
            do
            {
                var page = await _library.ListAsync(query, cancellationToken);
                foreach (var video in page.Videos)
                    await BringAsync(replica, video, cancellationToken);
                query = query with { Continuation = page.Continuation };
            } while (query.Continuation is not null && replica.Failure.Length == 0);
        }
    }

    async Task BringAsync(BoundReplica replica, CatalogueEntry entry, CancellationToken cancellationToken)
    {
        var video = await _library.FindAsync(entry.Video, cancellationToken);
        if (entry.Manifest is null)
        {
            // A video that is being removed has its keys no more; its row goes last.
            if (video is null or { Life.Status: VideoStatus.Deleting })
                await RemoveAsync(replica, entry.Video, cancellationToken);
        }
        else if (video is not null)
        {
            await BringAsync(replica, video, cancellationToken);
        }
    }

    async Task BringAsync(BoundReplica replica, Video video, CancellationToken cancellationToken)
    {
        if (video.Life.Status == VideoStatus.Ingesting && video.Manifests.Newest is not null)
        {
            // It is about to be ready.
            replica.Waiting++;
            return;
        }

        if (!video.IsStored || video.Manifests.Newest is not { } newest || replica.Failure.Length > 0)
            return;
        var id = (await replica.OpenAsync(cancellationToken)).Id;
        if (await _table.IsWholeAsync(id, video.Id, newest, cancellationToken))
            return;
        var request = new CopyRequest { Depth = CopyDepth.Listed };
        while (
            await _check.RunAsync(video.Id, request, cancellationToken) is { Next: { } next, Wait: null, Stopped: "" }
            && next != request.From
        )
            request = request with { From = next };
        var now = await _library.FindAsync(video.Id, cancellationToken);
        if (now is null or { Life.Status: VideoStatus.Deleting })
            await RemoveAsync(replica, video.Id, cancellationToken);
        else if (now.IsStored && !await _table.IsWholeAsync(id, video.Id, now.Manifests.Newest!, cancellationToken))
            replica.Waiting++;
    }

    /// <summary>Removes what the catalogue says is removed, also long ago, while the replica was away.</summary>
    async Task RemoveOldAsync(BoundReplica replica, CatalogueState state, List<RecentRow> recent, CancellationToken cancellationToken)
    {
        var strangers = new HashSet<VideoId>();
        await foreach (var name in replica.Documents.ListInAsync(ReplicaNames.Videos, cancellationToken))
        {
            if (VideoId.TryParse(name[(name.LastIndexOf('/') + 1)..]) is { } id && await _library.FindAsync(id, cancellationToken) is null)
                strangers.Add(id);
        }

        if (strangers.Count == 0)
            return;
        var head = new CatalogueHead(state.Sequence, default, [.. recent.Select(row => row.Entry)], state.Segments);
        await foreach (var entry in _reader.ReadChangesAsync(head, (_, _) => { }, cancellationToken))
        {
            if (entry.Manifest is null && strangers.Contains(entry.Video))
                await RemoveAsync(replica, entry.Video, cancellationToken);
        }
    }

    async Task RemoveAsync(BoundReplica replica, VideoId video, CancellationToken cancellationToken)
    {
        var state = await replica.OpenAsync(cancellationToken);
        if (replica.Documents is ChannelReplica channel)
            await channel.UnnameAsync(video, cancellationToken);
        await replica.Documents.DeleteBelowAsync(ReplicaNames.Video(video), cancellationToken);
        await _table.ForgetAsync(state.Id, video, cancellationToken);
    }
}
