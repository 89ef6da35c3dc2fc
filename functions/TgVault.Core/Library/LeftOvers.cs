using Microsoft.Extensions.Logging;
using TgVault.Core.Chunks;

namespace TgVault.Core.Library;

/// <summary>
/// Deletes documents that nothing refers to and that could not be deleted when that became so. Engines ask once a day,
/// which is within the 48 hours in which Telegram lets a bot delete.
/// </summary>
public sealed partial class LeftOvers
{
    readonly ILeftDocuments _left;
    readonly IChunkStore _store;
    readonly ILogger<LeftOvers> _logger;

    internal LeftOvers(ILeftDocuments left, IChunkStore store, ILogger<LeftOvers> logger) =>
        (_left, _store, _logger) = (left, store, logger);

    /// <summary>Tries each that is recorded, once.</summary>
    /// <exception cref="ChunkStoreException">The store does not answer for now: the others are tried another time.</exception>
    public async Task DeleteAsync(CancellationToken cancellationToken)
    {
        var (deleted, undeletable) = (0, 0);
        await foreach (var receipt in _left.ListAsync(cancellationToken))
        {
            try
            {
                if (await _store.DeleteAsync(receipt, cancellationToken))
                    deleted++;
                else
                    undeletable++;
            }
            catch (ChunkStoreException failure) when (failure.Failure != ChunkStoreFailure.Transient)
            {
                // This one can never be deleted: sealed as it is, it stays.
                undeletable++;
            }

            await _left.RemoveAsync(receipt, cancellationToken);
        }

        if (deleted + undeletable > 0)
            LogDeleted(_logger, deleted, undeletable);
    }

    [LoggerMessage(
        428,
        LogLevel.Information,
        "Documents that nothing refers to any more: {Deleted} deleted, {Left} too old for Telegram to delete"
    )]
    static partial void LogDeleted(ILogger logger, int deleted, int left);
}
