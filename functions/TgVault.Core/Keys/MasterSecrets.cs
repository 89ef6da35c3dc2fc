using TgVault.Core.Crypto;

namespace TgVault.Core.Keys;

/// <summary>
/// What versions of the vault key come from: the master secret and, while that is being rotated, the one before it as well.
/// </summary>
/// <param name="newest">The master secret.</param>
/// <param name="former">The one before; empty where there is none, or nothing needs it any more.</param>
sealed class MasterSecrets(string newest, string former = "")
{
    /// <summary>The master secret.</summary>
    public string Newest => newest;

    /// <summary>The vault key that these parameters describe, and whether it comes from the newest secret. Slow, once or twice.</summary>
    /// <exception cref="VaultException">It comes from neither; the message says what to set.</exception>
    /// <exception cref="IntegrityException">The parameters are out of range.</exception>
    public (VaultKey Key, bool IsNewest) Derive(VaultKeyParameters parameters)
    {
        if (MasterKey.TryDerive(newest, parameters) is { } key)
            return (key, true);
        if (former.Length > 0 && MasterKey.TryDerive(former, parameters) is { } before)
            return (before, false);
        throw new VaultException(
            former.Length > 0
                ? $"Neither TgVault:MasterSecret nor TgVault:FormerMasterSecret is what version {parameters.Version} of the vault key was "
                    + "made from."
                : $"The master secret is not the one this vault was made with (vault key version {parameters.Version}). If it was rotated, "
                    + "and the rotation had not ended, set TgVault:FormerMasterSecret to the one before, too."
        );
    }
}
