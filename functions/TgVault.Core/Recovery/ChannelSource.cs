using TgVault.Core.Catalogue;
using TgVault.Core.Chunks;
using TgVault.Core.Crypto;

namespace TgVault.Core.Recovery;

/// <summary>The channel, by the catalogue that is pinned in it.</summary>
sealed class ChannelSource(IChunkStore store, CatalogueReader reader, CatalogueHead head) : IRecoverySource
{
    public string Place => "";

    public bool PostsManifests => false;

    public IAsyncEnumerable<CatalogueEntry> ListAsync(Action<CatalogueSegment, VaultException> lost, CancellationToken cancellationToken) =>
        reader.ReadAllAsync(head, lost, cancellationToken);

    public async Task<byte[]> ReadManifestAsync(CatalogueEntry entry, CancellationToken cancellationToken)
    {
        var receipt = entry.Manifest!;
        if (receipt.SealedLengthBytes is < SealedDocument.HeaderBytes or > SealedDocument.MaxBytes)
            throw new IntegrityException("The catalogue gives its manifest a length that cannot be.");
        var document = new byte[receipt.SealedLengthBytes];
        await store.ReadAsync(receipt, 0, document, cancellationToken);
        return document;
    }

    public ChunkReceipt Keep(ChunkReceipt receipt) => receipt;

    public ReadBytes Read(ChunkIdentity chunk, ChunkReceipt receipt) =>
        (offset, destination, cancellation) => store.ReadAsync(receipt, offset, destination, cancellation);
}
