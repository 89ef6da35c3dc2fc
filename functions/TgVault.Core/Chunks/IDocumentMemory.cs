namespace TgVault.Core.Chunks;

/// <summary>What a chunk store remembers of documents, so that reads are quick.</summary>
interface IDocumentMemory
{
    /// <summary>Forgets what it knows of this document: the next read asks Telegram itself.</summary>
    void Forget(ChunkReceipt receipt);
}
