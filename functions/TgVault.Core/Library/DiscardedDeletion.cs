using Microsoft.Extensions.Logging;
using TgVault.Core.Chunks;

namespace TgVault.Core.Library;

/// <summary>
/// Deletes documents that nothing refers to and that could not be deleted when that became so. Engines ask once a day,
/// which is within the 48 hours in which Telegram lets a bot delete.
/// </summary>
public sealed partial class DiscardedDeletion
{
    readonly IDiscardedDocuments _discarded;
    readonly IChunkStore _store;
    readonly ILogger<DiscardedDeletion> _logger;

    internal DiscardedDeletion(IDiscardedDocuments discarded, IChunkStore store, ILogger<DiscardedDeletion> logger) =>
        (_discarded, _store, _logger) = (discarded, store, logger);

    /// <summary>Tries each that is recorded, once.</summary>
    /// <exception cref="ChunkStoreException">The store does not answer for now: the others are tried another time.</exception>
    public async Task DeleteAsync(CancellationToken cancellationToken)
    {
        var (deleted, undeletable) = (0, 0);
        await foreach (var receipt in _discarded.ListAsync(cancellationToken))
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

            await _discarded.RemoveAsync(receipt, cancellationToken);
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
