using System.Collections.Concurrent;
using TgVault.Core.Crypto;
using TgVault.Core.Keys;
using TgVault.Core.Rows;

namespace TgVault.Core.Recovery;

/// <summary>
/// The versions of the vault key that documents name in their headers: those of the ring, and others as they are met, each derived once.
/// What is met goes into the table, so that the vault has it at its next start.
/// </summary>
/// <param name="table"><see cref="VaultTables.Vault"/>; it must exist.</param>
sealed class HeaderKeys(KeyRing ring, MasterSecrets secrets, IRowTable table) : IDocumentKeys, IDisposable
{
    // Each costs a derivation, some seconds of it where a stranger wrote the header.
    const int MaxMet = 32;

    readonly ConcurrentDictionary<int, KeyRing> _met = new();
    readonly SemaphoreSlim _turn = new(1);

    /// <inheritdoc/>
    public VaultKey Current => ring.Current;

    /// <summary>What opens the document and unwraps the keys in it.</summary>
    /// <exception cref="IntegrityException">It is no document of a vault, or not of this one.</exception>
    public async Task<KeyRing> FindAsync(ReadOnlyMemory<byte> document, CancellationToken cancellationToken)
    {
        var header = SealedDocument.ReadHeader(document.Span);
        if (ring.Find(header.VaultKeyVersion) is not null)
            return ring;
        await _turn.WaitAsync(cancellationToken);
        try
        {
            return _met.TryGetValue(header.VaultKeyVersion, out var met) ? met : await MeetAsync(header, cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>The version, if the ring has it or it was met.</summary>
    /// <exception cref="IntegrityException">It was not.</exception>
    public KeyRing Find(int version) =>
        ring.Find(version) is not null ? ring
        : _met.TryGetValue(version, out var met) ? met
        : throw new IntegrityException($"Version {version} of the vault key was named by no document.");

    public void Dispose()
    {
        foreach (var met in _met.Values)
            met.Dispose();
        _turn.Dispose();
    }

    async Task<KeyRing> MeetAsync(DocumentHeader header, CancellationToken cancellationToken)
    {
        if (header.Parameters is not { } parameters || _met.Count == MaxMet)
            throw new IntegrityException($"The document names version {header.VaultKeyVersion} of the vault key, which nothing gives.");
        VaultKey key;
        try
        {
            (key, _) = secrets.Derive(parameters);
        }
        catch (VaultException exception)
        {
            throw new IntegrityException(
                $"The document was sealed under another master secret (vault key version {header.VaultKeyVersion}). If the master secret "
                    + "was being rotated when the storage was lost, set TgVault:FormerMasterSecret to the one before, too.",
                exception
            );
        }

        var met = new KeyRing([key]);
        _met[header.VaultKeyVersion] = met;
        await KeyRingTable.AddAsync(table, parameters, cancellationToken);
        return met;
    }
}
