using Microsoft.Extensions.Logging;
using TgVault.Core.Catalogue;
using TgVault.Core.Chunks;
using TgVault.Core.Crypto;
using TgVault.Core.Keys;
using TgVault.Core.Library;
using TgVault.Core.Rows;
using TgVault.Core.Settings;

namespace TgVault.Core.Recovery;

/// <summary>
/// Goes through the catalogue that is pinned and has the rows of each video rebuilt, a few at a time. What cannot be recovered is counted
/// and named, and the rest goes on.
/// </summary>
sealed class LibraryRecovery(
    IRowStore rows,
    ILibrary library,
    IChunkStore store,
    IPinboard pinboard,
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
        using var found =
            await new PinnedCatalogue(store, pinboard, time).OpenAsync(secrets, cancellationToken)
            ?? throw new VaultException(
                $"No catalogue is pinned in channel {settings.Telegram.Channels.FirstOrDefault()}; with --search it is looked for there."
            );
        CheckKey(found);
        await CheckStorageAsync(request, cancellationToken);
        await new CatalogueTable(_vault).AdoptAsync(found.Head, found.Receipt, cancellationToken);

        // Segments and manifests may be of another version than the head: a rotation may have been under way.
        using var keys = new HeaderKeys(ring, secrets, _vault);
        var reader = new CatalogueReader(store, pinboard, keys);
        var lostChanges = 0L;
        string? lostReason = null;
        // Read twice, so that it is known how many there are, and no list of all of them is held.
        var videos = await reader.ReadAllAsync(found.Head, Lose, cancellationToken).LongCountAsync(cancellationToken);
        await _table.SaveAsync(new RecoveryState { Stage = RecoveryStage.Running, Videos = videos }, cancellationToken);

        var recovery = new VideoRecovery(library, store, keys, request, time);
        var tally = new RecoveryTally(videos, tell);
        await Parallel.ForEachAsync(
            reader.ReadAllAsync(found.Head, (_, _) => { }, cancellationToken),
            new ParallelOptions { MaxDegreeOfParallelism = VideosAtOnce, CancellationToken = cancellationToken },
            async (entry, cancellation) => await RecoverAsync(recovery, entry, tally, cancellation)
        );

        var report = tally.Report(lostChanges, lostReason);
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
    void CheckKey(FoundCatalogue found)
    {
        var own = ring.Find(found.Parameters.Version)?.Parameters;
        if (own is null || !own.Salt.Span.SequenceEqual(found.Parameters.Salt.Span))
            throw new VaultException(
                $"The storage is of another vault than the library in channel {found.Receipt.ChatId}: it has a key of its own. Recover "
                    + "into "
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
