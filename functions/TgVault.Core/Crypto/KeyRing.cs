namespace TgVault.Core.Crypto;

/// <summary>All versions of the vault key that this instance can use. Made once at start, because deriving a key is slow on purpose.</summary>
public sealed class KeyRing : IDisposable
{
    readonly Dictionary<int, VaultKey> _keys;

    /// <param name="keys">At least one; the ring owns them.</param>
    public KeyRing(IEnumerable<VaultKey> keys)
    {
        _keys = keys.ToDictionary(key => key.Version);
        Current = _keys[_keys.Keys.Max()];
    }

    /// <summary>The newest version: what new keys are wrapped with.</summary>
    public VaultKey Current { get; }

    /// <exception cref="IntegrityException">This instance has no such version.</exception>
    public VaultKey Get(int version) =>
        _keys.TryGetValue(version, out var key) ? key : throw new IntegrityException($"Version {version} of the vault key is not in this vault's key ring.");

    public void Dispose()
    {
        foreach (var key in _keys.Values) key.Dispose();
    }
}
