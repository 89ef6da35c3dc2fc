namespace TgVault.Core.Chunks;

/// <summary>Posts a document once more within Telegram, without its bytes passing here.</summary>
interface IDocumentForwarding
{
    /// <summary>Posts what the receipt leads to, wherever it lies, into a channel of this store.</summary>
    /// <returns>Where it lies now; as long as before.</returns>
    /// <exception cref="ChunkStoreException">It is not there, no bot may take it from there, or the store failed.</exception>
    Task<ChunkReceipt> ForwardAsync(ChunkReceipt source, CancellationToken cancellationToken);
}
