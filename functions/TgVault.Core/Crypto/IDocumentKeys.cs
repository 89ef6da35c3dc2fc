namespace TgVault.Core.Crypto;

/// <summary>What opens documents, each by the version of the vault key that its header names, and what new ones are sealed under.</summary>
interface IDocumentKeys
{
    /// <summary>The newest version.</summary>
    VaultKey Current { get; }

    /// <summary>A ring with the version that the document names, where there is one.</summary>
    /// <exception cref="IntegrityException">It is no document of a vault, or nothing gives its version.</exception>
    Task<KeyRing> FindAsync(ReadOnlyMemory<byte> document, CancellationToken cancellationToken);
}
