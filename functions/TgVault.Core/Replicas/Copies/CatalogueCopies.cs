using TgVault.Core.Catalogue;
using TgVault.Core.Chunks;
using TgVault.Core.Crypto;

namespace TgVault.Core.Replicas.Copies;

/// <summary>Copies the catalogue into a replica: its segments, those below before those above, and then the newest head.</summary>
sealed class CatalogueCopies(IChunkStore store, KeyRing keys)
{
    readonly CatalogueDocuments _documents = new(store, keys);

    /// <exception cref="ReplicaException">The replica does not take it.</exception>
    /// <exception cref="VaultException">It cannot be read from the channel, or does not open.</exception>
    public async Task CopyAsync(IReplica replica, CatalogueState state, CancellationToken cancellationToken)
    {
        if (state.Head is not { } head)
            return;
        foreach (var segment in state.Segments)
            await CopyAsync(replica, segment, cancellationToken);
        var document = await ReadAsync(head, cancellationToken);
        await _documents.OpenHeadAsync(document, cancellationToken);
        await replica.WriteAsync(ReplicaNames.Catalogue, document, cancellationToken);
    }

    async Task CopyAsync(IReplica replica, CatalogueSegment segment, CancellationToken cancellationToken)
    {
        var name = ReplicaNames.Segment(segment.Receipt);
        // What is below it was written before it.
        if (await replica.FindLengthAsync(name, cancellationToken) == segment.Receipt.SealedLengthBytes)
            return;
        var document = await ReadAsync(segment.Receipt, cancellationToken);
        var (_, below) = await _documents.OpenSegmentAsync(segment, document, cancellationToken);
        foreach (var older in below)
            await CopyAsync(replica, older, cancellationToken);
        await replica.WriteAsync(name, document, cancellationToken);
    }

    async Task<byte[]> ReadAsync(ChunkReceipt receipt, CancellationToken cancellationToken)
    {
        if (receipt.SealedLengthBytes is < SealedDocument.HeaderBytes or > SealedDocument.MaxBytes)
            throw new IntegrityException("A document of the catalogue is recorded with a length that cannot be.");
        var document = new byte[receipt.SealedLengthBytes];
        await store.ReadAsync(receipt, 0, document, cancellationToken);
        return document;
    }
}
