namespace TgVault.Core.Chunks;

/// <summary>
/// The messages of the first channel by their numbers: for finding what no receipt leads to. Each look posts a message and deletes it, at
/// the pace of posting.
/// </summary>
interface IChannelMessages
{
    /// <summary>A number above that of every message there is.</summary>
    /// <exception cref="ChunkStoreException">The channel cannot be posted in.</exception>
    Task<int> FindEndAsync(CancellationToken cancellationToken);

    /// <summary>The document of this message; null where there is no such message, or no document in it.</summary>
    /// <exception cref="ChunkStoreException">The store failed for now.</exception>
    Task<ChunkReceipt?> FindDocumentAsync(int message, CancellationToken cancellationToken);
}
