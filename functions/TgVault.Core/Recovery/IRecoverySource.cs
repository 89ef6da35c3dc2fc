using TgVault.Core.Catalogue;
using TgVault.Core.Chunks;
using TgVault.Core.Crypto;
using TgVault.Core.Videos;

namespace TgVault.Core.Recovery;

/// <summary>Where a recovery finds the videos of a library: its channel, or a replica.</summary>
interface IRecoverySource
{
    /// <summary>What a person calls it; empty: the channel.</summary>
    string Place { get; }

    /// <summary>Every video, with where its manifest lies. May be read again.</summary>
    /// <param name="lost">Told of a part of the catalogue that cannot be read.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    IAsyncEnumerable<CatalogueEntry> ListAsync(Action<CatalogueSegment, VaultException> lost, CancellationToken cancellationToken);

    /// <summary>The sealed manifest.</summary>
    /// <exception cref="VaultException">It is not there, or cannot be read.</exception>
    Task<byte[]> ReadManifestAsync(CatalogueEntry entry, CancellationToken cancellationToken);

    /// <summary>Where the rows say that the manifest lies: nowhere where the channels do not have it.</summary>
    ChunkReceipt Keep(ChunkReceipt manifest);

    /// <summary>
    /// What the rows say of a chunk, which its manifest says: the receipt is of one of the vault's channels, or of none where they do not
    /// have it.
    /// </summary>
    ChunkRecord Keep(ChunkRecord chunk);

    /// <summary>Whether manifests have to be posted anew, since nobody knows where they lie.</summary>
    bool PostsManifests { get; }

    /// <summary>Reads a sealed chunk.</summary>
    ReadBytes Read(ChunkIdentity chunk, ChunkReceipt receipt);
}
