namespace TgVault.Core.Crypto;

/// <summary>
/// All versions of the vault key that this instance can use. Made once at start, because deriving a key is slow on purpose.
/// </summary>
sealed class KeyRing : IDocumentKeys, IDisposable
{
    readonly Dictionary<int, VaultKey> _keys;
    volatile bool _isRotated;

    /// <param name="keys">At least one, no version twice; the ring owns them.</param>
    public KeyRing(IEnumerable<VaultKey> keys)
    {
        _keys = keys.ToDictionary(key => key.Version);
        if (_keys.Count == 0)
            throw new ArgumentException("A key ring holds at least one vault key.", nameof(keys));
        Current = _keys[_keys.Keys.Max()];
    }

    /// <summary>The newest version: what new keys are wrapped with.</summary>
    public VaultKey Current { get; }

    /// <summary>The versions before <see cref="Current"/>, oldest first: there are some only while the master secret is rotated.</summary>
    public IEnumerable<int> Former => _keys.Keys.Where(version => version < Current.Version).Order();

    /// <exception cref="IntegrityException">This instance has no such version.</exception>
    public VaultKey Get(int version) =>
        Find(version) ?? throw new IntegrityException($"Version {version} of the vault key is not in this vault's key ring.");

    /// <summary>This ring, whatever the document names.</summary>
    public Task<KeyRing> FindAsync(ReadOnlyMemory<byte> document, CancellationToken cancellationToken) => Task.FromResult(this);

    /// <summary>That version, or null where this instance does not have it.</summary>
    public VaultKey? Find(int version) => _keys.GetValueOrDefault(version);

    /// <summary>
    /// That version as long as what it signs is good: null where this instance does not have it, and for a former one once nothing is
    /// sealed under it any more. Whoever has the former master secret can sign as the vault did.
    /// </summary>
    public VaultKey? FindSigning(int version) => _isRotated && version < Current.Version ? null : Find(version);

    /// <summary>What former versions signed is not good any more.</summary>
    public void EndFormerSignatures() => _isRotated = true;

    /// <summary>The data key wrapped under the newest version: as it is, where it is that already.</summary>
    /// <exception cref="IntegrityException">It does not open.</exception>
    public WrappedKey WrapAnew(WrappedKey wrapped, KeyBinding binding)
    {
        if (wrapped.VaultKeyVersion == Current.Version)
            return wrapped;
        using var dataKey = Get(wrapped.VaultKeyVersion).Unwrap(wrapped, binding);
        return Current.Wrap(dataKey, binding);
    }

    public void Dispose()
    {
        foreach (var key in _keys.Values)
            key.Dispose();
    }
}
