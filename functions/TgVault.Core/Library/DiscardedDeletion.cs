using Microsoft.Extensions.Logging;
using TgVault.Core.Chunks;

namespace TgVault.Core.Library;

/// <summary>
/// Deletes documents that nothing refers to and that could not be deleted when that became so. Engines ask once a day,
/// which is within the 48 hours in which Telegram lets a bot delete. What is too old for that is noted as left.
/// </summary>
public sealed partial class DiscardedDeletion
{
    readonly IDiscardedDocuments _discarded;
    readonly IChunkStore _store;
    readonly ILeftDocuments _left;
    readonly ILogger<DiscardedDeletion> _logger;

    internal DiscardedDeletion(IDiscardedDocuments discarded, IChunkStore store, ILeftDocuments left, ILogger<DiscardedDeletion> logger) =>
        (_discarded, _store, _left, _logger) = (discarded, store, left, logger);

    /// <summary>Tries each that is recorded, once.</summary>
    /// <exception cref="ChunkStoreException">The store does not answer for now: the others are tried another time.</exception>
    public async Task DeleteAsync(CancellationToken cancellationToken)
    {
        var (deleted, undeletable) = (0, 0);
        await foreach (var receipt in _discarded.ListAsync(cancellationToken))
        {
            if (await TryDeleteAsync(receipt, cancellationToken))
            {
                deleted++;
            }
            else
            {
                await _left.AddAsync(receipt, cancellationToken);
                undeletable++;
            }

            await _discarded.RemoveAsync(receipt, cancellationToken);
        }

        if (deleted + undeletable > 0)
            LogDeleted(_logger, deleted, undeletable);
    }

    async Task<bool> TryDeleteAsync(ChunkReceipt receipt, CancellationToken cancellationToken)
    {
        try
        {
            return await _store.DeleteAsync(receipt, cancellationToken);
        }
        catch (ChunkStoreException failure) when (failure.Failure != ChunkStoreFailure.Transient)
        {
            // This one can never be deleted: sealed as it is, it stays.
            return false;
        }
    }

    [LoggerMessage(
        428,
        LogLevel.Information,
        "Documents that nothing refers to any more: {Deleted} deleted, {Left} too old for Telegram to delete"
    )]
    static partial void LogDeleted(ILogger logger, int deleted, int left);
}
