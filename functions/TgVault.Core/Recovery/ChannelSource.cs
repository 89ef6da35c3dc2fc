using System.Collections.Immutable;
using TgVault.Core.Catalogue;
using TgVault.Core.Chunks;
using TgVault.Core.Crypto;
using TgVault.Core.Videos;

namespace TgVault.Core.Recovery;

/// <summary>A channel, by the catalogue that is pinned in it: the vault's first one, or a replica's.</summary>
/// <param name="store">Reads there.</param>
/// <param name="reader">Reads the catalogue.</param>
/// <param name="head">What is pinned.</param>
/// <param name="channels">The vault's channels.</param>
/// <param name="replica">What the replica is called; empty: it is the vault's own channel.</param>
sealed class ChannelSource(
    IChunkStore store,
    CatalogueReader reader,
    CatalogueHead head,
    ImmutableArray<long> channels,
    string replica = ""
) : IRecoverySource
{
    public string Place => replica;

    public bool PostsManifests => replica.Length > 0;

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

    // A replica's manifest is the replica's: the vault's channels get another.
    public ChunkReceipt Keep(ChunkReceipt manifest) => replica.Length > 0 ? ChunkReceipt.Nowhere(0) : manifest;

    public ChunkRecord Keep(ChunkRecord chunk)
    {
        var all = chunk.Copies.Insert(0, chunk.Receipt);
        // Where none is in the vault's channels, they are others than when it was stored.
        var own = all.FirstOrDefault(copy => channels.Contains(copy.ChatId)) ?? chunk.Receipt;
        return chunk with { Receipt = own, Copies = all.Remove(own) };
    }

    public ReadBytes Read(ChunkIdentity chunk, ChunkReceipt receipt) =>
        (offset, destination, cancellation) => store.ReadAsync(receipt, offset, destination, cancellation);
}
