namespace TgVault.Core.Crypto;

/// <summary>
/// All versions of the vault key that this instance can use. Made once at start, because deriving a key is slow on purpose.
/// </summary>
sealed class KeyRing : IDisposable
{
    readonly Dictionary<int, VaultKey> _keys;

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

    /// <exception cref="IntegrityException">This instance has no such version.</exception>
    public VaultKey Get(int version) =>
        Find(version) ?? throw new IntegrityException($"Version {version} of the vault key is not in this vault's key ring.");

    /// <summary>That version, or null where this instance does not have it.</summary>
    public VaultKey? Find(int version) => _keys.GetValueOrDefault(version);

    public void Dispose()
    {
        foreach (var key in _keys.Values)
            key.Dispose();
    }
}
