using TgVault.Core.Chunks;
using TgVault.Core.Crypto;
using TgVault.Core.Keys;

namespace TgVault.Core.Recovery;

/// <summary>
/// Finds the newest catalogue where nothing is pinned any more: message by message from the newest back. A vault posts a catalogue after
/// every video, so it is never far, unless something large was being sent when the storage was lost.
/// </summary>
sealed class CatalogueSearch(IChannelMessages messages, IChunkStore store, IPinboard pinboard)
{
    /// <summary>
    /// Pins the newest catalogue and returns its message, and how many documents of a vault it met before that did not open: each may have
    /// been a newer one.
    /// </summary>
    /// <param name="secrets">What opens it.</param>
    /// <param name="tell">Told the number of the message that is looked at.</param>
    /// <param name="cancellationToken">Stops looking.</param>
    /// <exception cref="VaultException">There is none, or the master secret is another one.</exception>
    public async Task<(int Message, int Unreadable)> PinNewestAsync(
        MasterSecrets secrets,
        Action<int> tell,
        CancellationToken cancellationToken
    )
    {
        var unreadable = 0;
        KeyRing? keys = null;
        try
        {
            for (var message = await messages.FindEndAsync(cancellationToken) - 1; message > 0; message--)
            {
                tell(message);
                if (await ReadAsync(message, cancellationToken) is not var (receipt, document))
                    continue;
                var header = SealedDocument.ReadHeader(document);
                // One version is derived: whatever else a header asks for is not worth the time of a stranger's choosing.
                if (keys is null && header.Parameters is { } parameters)
                    keys = new KeyRing([PinnedCatalogue.Derive(secrets, parameters, receipt)]);
                if (keys is not null && Opens(DocumentKind.Catalogue, document, keys))
                {
                    await pinboard.PinAsync(receipt, null, cancellationToken);
                    return (message, unreadable);
                }

                if (keys is null || !(Opens(DocumentKind.Manifest, document, keys) || Opens(DocumentKind.Segment, document, keys)))
                    unreadable++;
            }
        }
        finally
        {
            keys?.Dispose();
        }

        throw new VaultException(
            $"No message of the channel holds a catalogue that opens ({unreadable} documents of a vault do not open). See to it that "
                + "the first "
                + "channel of the settings is the one the vault stored in."
        );
    }

    /// <summary>The whole document, if it is one of a vault.</summary>
    async Task<(ChunkReceipt Receipt, byte[] Document)?> ReadAsync(int message, CancellationToken cancellationToken)
    {
        if (
            await messages.FindDocumentAsync(message, cancellationToken)
            is not { SealedLengthBytes: >= SealedDocument.HeaderBytes and <= SealedDocument.MaxBytes } receipt
        )
            return null;
        try
        {
            var start = new byte[SealedDocument.HeaderBytes];
            await store.ReadAsync(receipt, 0, start, cancellationToken);
            if (!SealedDocument.IsDocument(start))
                return null;
            var document = new byte[receipt.SealedLengthBytes];
            await store.ReadAsync(receipt, 0, document, cancellationToken);
            return SealedDocument.IsDocument(document) ? (receipt, document) : null;
        }
        catch (ChunkStoreException failure) when (failure.Failure != ChunkStoreFailure.Transient)
        {
            return null;
        }
    }

    static bool Opens(DocumentKind kind, byte[] document, KeyRing keys)
    {
        try
        {
            SealedDocument.Open(kind, document, keys);
            return true;
        }
        catch (IntegrityException)
        {
            return false;
        }
    }
}
