namespace TgVault.Core.Chunks;

/// <summary>
/// Documents that nothing refers to any more and that the store no longer deletes. They are told to the vault's owner, who can delete
/// them in the channel.
/// </summary>
interface ILeftDocuments
{
    /// <summary>Notes one. Safe to repeat.</summary>
    Task AddAsync(ChunkReceipt receipt, CancellationToken cancellationToken);
}
