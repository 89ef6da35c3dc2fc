using Microsoft.Extensions.Logging;
using TgVault.Core.Catalogue;
using TgVault.Core.Chunks;
using TgVault.Core.Crypto;
using TgVault.Core.Keys;
using TgVault.Core.Library;
using TgVault.Core.Replicas;
using TgVault.Core.Replicas.Channel;
using TgVault.Core.Rows;
using TgVault.Core.Settings;

namespace TgVault.Core.Recovery;

/// <summary>
/// Goes through the catalogue that is pinned, or through a replica, and has the rows of each video rebuilt, a few at a time. What cannot be
/// recovered is counted and named, and the rest goes on.
/// </summary>
sealed class LibraryRecovery(
    IRowStore rows,
    ILibrary library,
    IChunkStore store,
    IPinboard pinboard,
    ReplicaSet replicas,
    KeyRing ring,
    MasterSecrets secrets,
    VaultSettings settings,
    TimeProvider time,
    ILogger<LibraryRecovery> logger
) : ILibraryRecovery
{
    const int VideosAtOnce = 4;

    readonly IRowTable _vault = rows.Table(VaultTables.Vault);
    readonly RecoveryTable _table = new(rows.Table(VaultTables.Vault));

    public Task<RecoveryState?> FindAsync(CancellationToken cancellationToken) => _table.FindAsync(cancellationToken);

    public async Task<RecoveryReport> RunAsync(RecoveryRequest request, Action<RecoveryProgress> tell, CancellationToken cancellationToken)
    {
        // Where Telegram cannot be asked, what the manifests say of it is taken to be so.
        var (found, notAsked) = await FindPinnedAsync(request, cancellationToken);
        using var catalogue = found;
        if (found is not null)
            CheckKey(found.Parameters, $"in channel {found.Receipt.ChatId}");
        // Segments and manifests may be of another version than the head: a rotation may have been under way.
        using var keys = new HeaderKeys(ring, secrets, _vault);
        var source =
            found is not null && !request.FromReplica
                ? new ChannelSource(store, new CatalogueReader(store, pinboard, keys), found.Head, settings.Telegram.Channels)
                : await OpenReplicaAsync(keys, isInChannel: found is not null || notAsked is not null, cancellationToken)
                    ?? throw (
                        notAsked
                        ?? new VaultException(
                            request.FromReplica
                                ? "No replica of the settings holds a library: there is nothing to recover from."
                                : $"No catalogue is pinned in channel {settings.Telegram.Channels.FirstOrDefault()}; with --search it is "
                                    + "looked for there."
                        )
                    );
        await CheckStorageAsync(request, cancellationToken);
        if (found is not null)
            await new CatalogueTable(_vault).AdoptAsync(found.Head, found.Receipt, cancellationToken);

        var lostChanges = 0L;
        string? lostReason = null;
        // Read twice, so that it is known how many there are, and no list of all of them is held.
        var videos = await source.ListAsync(Lose, cancellationToken).LongCountAsync(cancellationToken);
        await _table.SaveAsync(new RecoveryState { Stage = RecoveryStage.Running, Videos = videos }, cancellationToken);

        var recovery = new VideoRecovery(library, source, replicas, keys, request, time);
        var tally = new RecoveryTally(videos, tell);
        await Parallel.ForEachAsync(
            source.ListAsync((_, _) => { }, cancellationToken),
            new ParallelOptions { MaxDegreeOfParallelism = VideosAtOnce, CancellationToken = cancellationToken },
            async (entry, cancellation) => await RecoverAsync(recovery, entry, tally, cancellation)
        );

        var report = tally.Report(lostChanges, lostReason) with { Replica = source.Place };
        await _table.SaveAsync(
            new RecoveryState
            {
                Stage = report.IsComplete ? RecoveryStage.Done : RecoveryStage.Partial,
                Videos = videos,
                Failed = report.Failed,
            },
            cancellationToken
        );
        return report;

        void Lose(CatalogueSegment segment, VaultException failure)
        {
            lostChanges += segment.Entries;
            lostReason ??= failure.Message;
            logger.SegmentLost(segment.Receipt.MessageId, segment.Entries, failure);
        }
    }

    /// <summary>
    /// What is pinned in the channel. Where Telegram cannot be asked and replicas may do instead, the failure, to be told if none does.
    /// </summary>
    async Task<(FoundCatalogue? Found, ChunkStoreException? Failure)> FindPinnedAsync(
        RecoveryRequest request,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return (await new PinnedCatalogue(store, pinboard, time).OpenAsync(secrets, cancellationToken), null);
        }
        catch (ChunkStoreException failure) when (replicas.Places > 0)
        {
            return (null, failure);
        }
        catch (VaultException failure) when (request.FromReplica && failure is not ChunkStoreException)
        {
            // Another vault's catalogue, or a damaged one: the replica does without it.
            return (null, null);
        }
    }

    /// <summary>The first replica that holds a library; null where none does.</summary>
    async Task<IRecoverySource?> OpenReplicaAsync(HeaderKeys keys, bool isInChannel, CancellationToken cancellationToken)
    {
        foreach (var replica in replicas.All)
        {
            if (replica.Documents is ChannelReplica channel)
            {
                if (await OpenChannelAsync(channel, keys, cancellationToken) is { } source)
                    return source;
                continue;
            }

            if (await ReplicaSource.FindAsync(replica.Documents, cancellationToken) is not var (parameters, _))
                continue;
            CheckKey(parameters, $"in the replica {replica.Place}");
            return new ReplicaSource(replica.Documents, keys, isInChannel);
        }

        return null;
    }

    async Task<IRecoverySource?> OpenChannelAsync(ChannelReplica channel, HeaderKeys keys, CancellationToken cancellationToken)
    {
        var (documents, pins) = (channel.Store.Documents, channel.Store.Pinboard);
        using var found = await new PinnedCatalogue(documents, pins, time).OpenAsync(secrets, cancellationToken);
        if (found is null)
            return null;
        CheckKey(found.Parameters, $"in the replica in {channel.Place}");
        await channel.AdoptAsync(cancellationToken);
        return new ChannelSource(
            documents,
            new CatalogueReader(documents, pins, keys),
            found.Head,
            settings.Telegram.Channels,
            channel.Place
        );
    }

    static async Task RecoverAsync(VideoRecovery recovery, CatalogueEntry entry, RecoveryTally tally, CancellationToken cancellationToken)
    {
        try
        {
            tally.Add(await recovery.RunAsync(entry, cancellationToken));
        }
        // Of a store that fails for now nothing is learned about the video: the run ends, and the next one goes on.
        catch (VaultException failure)
            when (failure is not (StorageException or ChunkStoreException { Failure: ChunkStoreFailure.Transient }))
        {
            tally.Add(new RecoveryFailure(entry.Video, failure.Message));
        }
    }

    /// <summary>Data keys are wrapped under a version of the vault key, so one version cannot be two keys.</summary>
    void CheckKey(VaultKeyParameters parameters, string where)
    {
        var own = ring.Find(parameters.Version)?.Parameters;
        if (own is null || !own.Salt.Span.SequenceEqual(parameters.Salt.Span))
            throw new VaultException(
                $"The storage is of another vault than the library {where}: it has a key of its own. Recover into "
                    + "empty storage: another data folder, or another TgVault:StoragePrefix."
            );
    }

    async Task CheckStorageAsync(RecoveryRequest request, CancellationToken cancellationToken)
    {
        if (request.IntoExisting || await _table.FindAsync(cancellationToken) is { IsDone: false })
            return;
        var page = await library.ListAsync(new VideoQuery(null, null, 1, null), cancellationToken);
        if (page.Videos.Length > 0)
            throw new VaultException(
                "The storage is not empty, and nothing was changed. With --into-existing, videos that it does not have are added to it, "
                    + "and "
                    + "those that it has stay as they are."
            );
    }
}
