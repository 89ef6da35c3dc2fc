using Microsoft.Extensions.Logging;
using TgVault.Core.Catalogue;
using TgVault.Core.Chunks;
using TgVault.Core.Crypto;
using TgVault.Core.Library;
using TgVault.Core.Videos;

namespace TgVault.Core.Rotation;

/// <summary>
/// Sees to it that the catalogue leads to no manifest of a former version. Videos whose rows are lost are in it, too: their manifests are
/// opened and sealed anew as they are.
/// </summary>
sealed class RotatedCatalogue(
    ILibrary library,
    IChunkStore store,
    KeyRing keys,
    CatalogueRenewal renewal,
    CatalogueLog log,
    LeftDocuments left,
    TimeProvider time,
    ILogger<RotatedCatalogue> logger
)
{
    /// <summary>Goes through all of it; true where every entry stands behind what is set apart, and leads to what is sealed anew.</summary>
    /// <exception cref="VaultException">It could not be done for now.</exception>
    public async Task<bool> RenewAsync(Func<VideoId, CancellationToken, Task> amend, CancellationToken cancellationToken)
    {
        var isWhole = true;
        var replaced = new List<ChunkReceipt>();
        VideoId? recorded = null;
        await foreach (var (entry, isOlder) in renewal.ReadAllAsync(cancellationToken))
        {
            switch (await library.FindAsync(entry.Video, cancellationToken))
            {
                case { IsStored: true } video:
                    // Its row was seen to, so what is newest of it is sealed anew.
                    if (!isOlder && IsSame(entry.Manifest!, video.Manifests.Newest))
                        continue;
                    isWhole = false;
                    await PostAnewAsync(video.Id, amend, cancellationToken);
                    continue;
                case { Life.Status: VideoStatus.Ingesting or VideoStatus.Deleting }:
                    // What works on it publishes an entry.
                    isWhole = false;
                    continue;
            }

            if (await RenewAsync(entry, isOlder, replaced, cancellationToken))
                recorded = entry.Video;
        }

        if (recorded is { } last)
        {
            await log.PublishRecordedAsync(last, cancellationToken);
            isWhole = false;
        }

        foreach (var document in replaced)
        {
            if (!await store.DeleteAsync(document, cancellationToken))
                await left.AddAsync(document, cancellationToken);
        }

        return isWhole;
    }

    async Task PostAnewAsync(VideoId id, Func<VideoId, CancellationToken, Task> amend, CancellationToken cancellationToken)
    {
        var video = await library.ChangeAsync(
            id,
            current =>
                current is { IsStored: true, Manifests.IsStale: false }
                    ? current with
                    {
                        Manifests = current.Manifests with { IsStale = true },
                    }
                    : null,
            cancellationToken
        );
        if (video is { NeedsAmending: true })
            await amend(id, cancellationToken);
    }

    /// <summary>
    /// An entry of a video that has no stored row: true where another was recorded in its place. What its document says cannot be read
    /// again where it is gone or damaged, so it stays in the catalogue as it is.
    /// </summary>
    async Task<bool> RenewAsync(CatalogueEntry entry, bool isOlder, List<ChunkReceipt> replaced, CancellationToken cancellationToken)
    {
        var manifest = entry.Manifest!;
        try
        {
            if (await ReadAsync(manifest, cancellationToken) is { } document)
            {
                if (SealedDocument.ReadHeader(document).VaultKeyVersion != keys.Current.Version)
                {
                    var sealedAnew = ManifestDocument.Seal(ManifestDocument.Open(document, keys), keys);
                    var receipt = await store.PutAsync(new ChunkDocument(DocumentName.Random(), sealedAnew), cancellationToken);
                    if (await TryRecordAsync(entry, receipt, cancellationToken))
                        replaced.Add(manifest);
                    else
                        replaced.Add(receipt);
                    return true;
                }
            }
        }
        catch (VaultException failure)
            when (failure is IntegrityException or ChunkStoreException { Failure: not ChunkStoreFailure.Transient })
        {
            logger.ManifestIsLost(entry.Video, manifest.MessageId, failure);
        }

        return isOlder && await renewal.TryRecordAsync(entry, entry with { Time = time.GetUtcNow() }, cancellationToken);
    }

    async Task<bool> TryRecordAsync(CatalogueEntry entry, ChunkReceipt receipt, CancellationToken cancellationToken)
    {
        if (!await renewal.TryRecordAsync(entry, new CatalogueEntry(entry.Video, time.GetUtcNow(), receipt), cancellationToken))
            return false;
        // A row that is not stored knows its former manifests, for their removal.
        await library.ChangeAsync(
            entry.Video,
            video => video with { Manifests = video.Manifests with { Former = video.Manifests.Former.Add(receipt) } },
            cancellationToken
        );
        return true;
    }

    async Task<byte[]?> ReadAsync(ChunkReceipt receipt, CancellationToken cancellationToken)
    {
        if (receipt.SealedLengthBytes is < SealedDocument.HeaderBytes or > SealedDocument.MaxBytes)
            return null;
        var document = new byte[receipt.SealedLengthBytes];
        await store.ReadAsync(receipt, 0, document, cancellationToken);
        return document;
    }

    static bool IsSame(ChunkReceipt one, ChunkReceipt? other) =>
        other is not null && one.ChatId == other.ChatId && one.MessageId == other.MessageId;
}
