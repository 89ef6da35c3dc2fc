using TgVault.Core.Catalogue;
using TgVault.Core.Chunks;
using TgVault.Core.Crypto;
using TgVault.Core.Keys;

namespace TgVault.Core.Recovery;

/// <summary>A catalogue that was found pinned, and opened.</summary>
/// <param name="Receipt">Where it lies, for the bot that asked.</param>
/// <param name="Head">What it holds.</param>
/// <param name="Keys">One key: of the version and the parameters that its own header names.</param>
sealed record FoundCatalogue(ChunkReceipt Receipt, CatalogueHead Head, KeyRing Keys) : IDisposable
{
    public VaultKeyParameters Parameters => Keys.Current.Parameters!;

    public void Dispose() => Keys.Dispose();
}

/// <summary>What is pinned in the vault's first channel, opened with nothing but the master secret (FORMAT.md, "Recovery").</summary>
sealed class PinnedCatalogue(IChunkStore store, IPinboard pinboard, TimeProvider time)
{
    const int Attempts = 4;
    static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(1);
    static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(60);

    /// <summary>
    /// What the pinned catalogue says of the key that it is sealed under; null where there is none, or no master secret gives it.
    /// </summary>
    /// <exception cref="ChunkStoreException">The store failed, so nobody knows what is pinned.</exception>
    public async Task<VaultKeyParameters?> FindKeyAsync(CancellationToken cancellationToken) =>
        await FindAsync(cancellationToken) is { } pinned ? (await ReadHeaderAsync(pinned, cancellationToken))?.Parameters : null;

    /// <summary>The catalogue; null where nothing is pinned, or something that is no document of a vault. Slow: it derives a key.</summary>
    /// <exception cref="ChunkStoreException">The store failed, so nobody knows what is pinned.</exception>
    /// <exception cref="VaultException">
    /// The master secret is another one, or the document is damaged; the message says which, and what to do.
    /// </exception>
    public async Task<FoundCatalogue?> OpenAsync(MasterSecrets secrets, CancellationToken cancellationToken)
    {
        if (await FindAsync(cancellationToken) is not { } pinned || await ReadHeaderAsync(pinned, cancellationToken) is not { } header)
            return null;
        if (header.Parameters is not { } parameters)
            throw new VaultException($"The catalogue pinned in channel {pinned.ChatId} is sealed by a key of no master secret.");
        var keys = new KeyRing([Derive(secrets, parameters, pinned)]);
        try
        {
            var head = await new CatalogueDocuments(store, keys).TryReadHeadAsync(pinned, cancellationToken);
            return new FoundCatalogue(pinned, head ?? throw new IntegrityException("It changed while it was read."), keys);
        }
        catch (IntegrityException damage)
        {
            keys.Dispose();
            throw new VaultException(
                $"The master secret is right, but the catalogue pinned in channel {pinned.ChatId} (message {pinned.MessageId}) cannot be "
                    + $"read: {damage.Message} If an older catalogue is still in the channel, pin that one; a new vault needs an empty "
                    + "channel.",
                damage
            );
        }
        catch
        {
            keys.Dispose();
            throw;
        }
    }

    /// <summary>The key of a document that was found in the channel.</summary>
    /// <exception cref="VaultException">The master secret is another one.</exception>
    public static VaultKey Derive(MasterSecrets secrets, VaultKeyParameters parameters, ChunkReceipt pinned)
    {
        try
        {
            return secrets.Derive(parameters).Key;
        }
        catch (VaultException exception)
        {
            throw new VaultException(
                $"Channel {pinned.ChatId} holds the library of a vault, and TgVault:MasterSecret is not the master secret it was made with "
                    + $"(vault key version {parameters.Version}). Set that secret, or, if it was being rotated, also the one before, as "
                    + "TgVault:FormerMasterSecret; a new vault needs a channel of its own.",
                exception
            );
        }
    }

    /// <summary>Null where it is no document of a vault.</summary>
    async Task<DocumentHeader?> ReadHeaderAsync(ChunkReceipt pinned, CancellationToken cancellationToken)
    {
        if (pinned is not { SealedLengthBytes: >= SealedDocument.HeaderBytes and <= SealedDocument.MaxBytes })
            return null;
        var start = new byte[SealedDocument.HeaderBytes];
        await store.ReadAsync(pinned, 0, start, cancellationToken);
        return SealedDocument.IsDocument(start) ? SealedDocument.ReadHeader(start) : null;
    }

    /// <summary>Nobody wraps the pinboard, so passing trouble is sat out here.</summary>
    async Task<ChunkReceipt?> FindAsync(CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await pinboard.FindPinnedAsync(cancellationToken);
            }
            catch (ChunkStoreException failure)
                when (failure.Failure == ChunkStoreFailure.Transient && attempt < Attempts && !(failure.RetryAfter > LongestWait))
            {
                await Task.Delay(failure.RetryAfter ?? FirstDelay * attempt, time, cancellationToken);
            }
        }
    }
}
