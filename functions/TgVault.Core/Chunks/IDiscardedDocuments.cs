namespace TgVault.Core.Chunks;

/// <summary>
/// Documents that nothing refers to and that are still in the store: recorded, so that upkeep deletes them. A document that something may
/// still refer to must never come here.
/// </summary>
interface IDiscardedDocuments
{
    /// <summary>Records the document. Safe to repeat.</summary>
    Task AddAsync(ChunkReceipt receipt, CancellationToken cancellationToken);

    /// <summary>Forgets it: it is deleted, or can never be.</summary>
    Task RemoveAsync(ChunkReceipt receipt, CancellationToken cancellationToken);

    /// <summary>All that are recorded.</summary>
    IAsyncEnumerable<ChunkReceipt> ListAsync(CancellationToken cancellationToken);
}

/// <summary>
/// Documents that nothing refers to any more and that the store no longer deletes. They are told to the vault's owner, who can delete
/// them in the channel.
/// </summary>
interface ILeftDocuments
{
    /// <summary>Notes one. Safe to repeat.</summary>
    Task AddAsync(ChunkReceipt receipt, CancellationToken cancellationToken);
}

static class Discarding
{
    /// <summary>
    /// Deletes a document that nothing refers to. It is recorded before that, so that one that cannot be deleted now, and one that is left
    /// by a crash, is deleted later. What was begun is finished: nobody else knows of the document.
    /// </summary>
    public static async Task DiscardAsync(this IDiscardedDocuments discarded, IChunkStore store, ChunkReceipt receipt)
    {
        await discarded.AddAsync(receipt, CancellationToken.None);
        try
        {
            // Upkeep notes one that is too old as left.
            if (!await store.DeleteAsync(receipt, CancellationToken.None))
                return;
        }
        catch (ChunkStoreException)
        {
            // Upkeep asks again.
            return;
        }

        await discarded.RemoveAsync(receipt, CancellationToken.None);
    }
}
