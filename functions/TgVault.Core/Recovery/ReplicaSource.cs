using System.Runtime.CompilerServices;
using TgVault.Core.Catalogue;
using TgVault.Core.Chunks;
using TgVault.Core.Crypto;
using TgVault.Core.Replicas;
using TgVault.Core.Videos;

namespace TgVault.Core.Recovery;

/// <summary>
/// A replica, without any channel. What lies in it are the videos, but for those that its catalogue says are removed; one that the
/// catalogue names and that is not in it is named, too.
/// </summary>
/// <param name="replica">The replica.</param>
/// <param name="keys">What opens its catalogue.</param>
/// <param name="isInChannel">Whether the vault's channel is there as well, so that the receipts in manifests lead somewhere.</param>
sealed class ReplicaSource(IReplica replica, IDocumentKeys keys, bool isInChannel) : IRecoverySource
{
    public string Place => replica.Place;

    public bool PostsManifests => isInChannel;

    /// <summary>How the key of the library comes from the master secret that a replica holds; null where it holds none.</summary>
    /// <exception cref="ReplicaException">It cannot be read.</exception>
    public static async Task<(VaultKeyParameters Parameters, int Videos)?> FindAsync(IReplica replica, CancellationToken cancellationToken)
    {
        if (await replica.ReadMarkerAsync(cancellationToken) is null)
            return null;
        var videos = await ListIdsAsync(replica, cancellationToken);
        foreach (var name in videos.Select(ReplicaNames.Manifest).Prepend(ReplicaNames.Catalogue))
        {
            var header = new byte[SealedDocument.HeaderBytes];
            if (
                await replica.TryReadAsync(name, 0, header, cancellationToken)
                && SealedDocument.IsDocument(header)
                && SealedDocument.ReadHeader(header).Parameters is { } parameters
            )
                return (parameters, videos.Count);
        }

        return null;
    }

    public async IAsyncEnumerable<CatalogueEntry> ListAsync(
        Action<CatalogueSegment, VaultException> lost,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var changes = await ReadCatalogueAsync(lost, cancellationToken);
        foreach (var id in await ListIdsAsync(replica, cancellationToken))
        {
            if (!changes.Remove(id, out var isThere) || isThere)
                yield return new CatalogueEntry(id, default, ChunkReceipt.Nowhere(0));
        }

        foreach (var (id, _) in changes.Where(change => change.Value))
            yield return new CatalogueEntry(id, default, ChunkReceipt.Nowhere(0));
    }

    public async Task<byte[]> ReadManifestAsync(CatalogueEntry entry, CancellationToken cancellationToken) =>
        await TryReadAsync(ReplicaNames.Manifest(entry.Video), cancellationToken)
        ?? throw new VaultException("The replica has no manifest of it: it was not whole there yet.");

    public ChunkReceipt Keep(ChunkReceipt manifest) => manifest;

    public ChunkRecord Keep(ChunkRecord chunk) =>
        isInChannel ? chunk : chunk with { Receipt = ChunkReceipt.Nowhere(chunk.Receipt.SealedLengthBytes) };

    public ReadBytes Read(ChunkIdentity chunk, ChunkReceipt receipt) =>
        async (offset, destination, cancellation) =>
        {
            if (!await replica.TryReadAsync(ReplicaNames.Chunk(chunk), offset, destination, cancellation))
                throw new VaultException($"The replica does not have chunk {chunk.Number}, or not all of it.");
        };

    /// <summary>Of each video that the catalogue knows, whether it is there or was removed. Empty where there is no catalogue.</summary>
    async Task<Dictionary<VideoId, bool>> ReadCatalogueAsync(
        Action<CatalogueSegment, VaultException> lost,
        CancellationToken cancellationToken
    )
    {
        var changes = new Dictionary<VideoId, bool>();
        if (await TryReadAsync(ReplicaNames.Catalogue, cancellationToken) is not { } document)
            return changes;
        var segments = new ReplicaSegments(replica);
        CatalogueHead head;
        try
        {
            head = await new CatalogueDocuments(segments, keys).OpenHeadAsync(document, cancellationToken);
        }
        catch (IntegrityException damage)
        {
            lost(new CatalogueSegment(0, 0, ChunkReceipt.Nowhere(document.Length)), damage);
            return changes;
        }

        await foreach (var entry in new CatalogueReader(segments, segments, keys).ReadChangesAsync(head, lost, cancellationToken))
            changes[entry.Video] = entry.Manifest is not null;
        return changes;
    }

    async Task<byte[]?> TryReadAsync(string name, CancellationToken cancellationToken)
    {
        if (await replica.FindLengthAsync(name, cancellationToken) is not { } length)
            return null;
        if (length is < SealedDocument.HeaderBytes or > SealedDocument.MaxBytes)
            throw new IntegrityException($"{name} in the replica has a length that cannot be.");
        var document = new byte[length];
        return await replica.TryReadAsync(name, 0, document, cancellationToken) ? document : null;
    }

    static async Task<List<VideoId>> ListIdsAsync(IReplica replica, CancellationToken cancellationToken)
    {
        var ids = new List<VideoId>();
        await foreach (var name in replica.ListInAsync(ReplicaNames.Videos, cancellationToken))
        {
            if (VideoId.TryParse(name[(name.LastIndexOf('/') + 1)..]) is { } id)
                ids.Add(id);
        }

        ids.Sort();
        return ids;
    }

    /// <summary>The catalogue's segments in a replica, found by their receipts.</summary>
    sealed class ReplicaSegments(IReplica replica) : IChunkStore, IPinboard
    {
        public async Task ReadAsync(ChunkReceipt receipt, long offset, Memory<byte> destination, CancellationToken cancellationToken)
        {
            if (!await replica.TryReadAsync(ReplicaNames.Segment(receipt), offset, destination, cancellationToken))
                throw new ChunkStoreException(ChunkStoreFailure.Gone, "The replica does not have that part of the catalogue.");
        }

        public Task<ChunkReceipt> PutAsync(ChunkDocument document, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<bool> DeleteAsync(ChunkReceipt receipt, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task PinAsync(ChunkReceipt receipt, ChunkReceipt? former, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<ChunkReceipt?> FindPinnedAsync(CancellationToken cancellationToken) => Task.FromResult<ChunkReceipt?>(null);
    }
}
