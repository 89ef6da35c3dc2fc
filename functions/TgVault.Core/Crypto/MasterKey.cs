using System.Security.Cryptography;
using System.Text;
using NSec.Cryptography;

namespace TgVault.Core.Crypto;

/// <summary>
/// Derives a vault key from the master secret by Argon2id. It is slow on purpose (about a tenth of a second, and 64 MiB), so it is done
/// once per start and version.
/// </summary>
static class MasterKey
{
    const string CheckPurpose = "check";

    /// <summary>Makes a new version of the vault key under a fresh salt; its <see cref="VaultKey.Parameters"/> must be kept.</summary>
    /// <exception cref="ArgumentException">An empty secret, or a version or cost out of range.</exception>
    public static VaultKey Make(string masterSecret, int version, VaultKeyCost cost) =>
        Make(masterSecret, version, cost, RandomNumberGenerator.GetBytes(VaultKeyParameters.SaltBytes));

    internal static VaultKey Make(string masterSecret, int version, VaultKeyCost cost, byte[] salt)
    {
        var parameters = new VaultKeyParameters(version, salt, cost.MemoryKiB, cost.Passes, new byte[VaultKeyParameters.CheckBytes]);
        if (!parameters.AreInRange)
            throw new ArgumentException(
                $"Argon2id cannot be run with {cost.MemoryKiB} KiB and {cost.Passes} passes for version {version}.",
                nameof(cost)
            );
        return Derive(masterSecret, parameters, null)!;
    }

    /// <summary>The vault key that these stored parameters describe.</summary>
    /// <exception cref="VaultException">The master secret is not the one this vault was made with.</exception>
    /// <exception cref="IntegrityException">The parameters are out of range.</exception>
    public static VaultKey Derive(string masterSecret, VaultKeyParameters parameters) =>
        TryDerive(masterSecret, parameters)
        ?? throw new VaultException($"The master secret is not the one this vault was made with (vault key version {parameters.Version}).");

    /// <summary>The same; null where they describe a key that was made from another master secret.</summary>
    /// <exception cref="IntegrityException">The parameters are out of range: nothing was computed.</exception>
    public static VaultKey? TryDerive(string masterSecret, VaultKeyParameters parameters)
    {
        if (!parameters.AreInRange)
            throw new IntegrityException($"The stored parameters of version {parameters.Version} of the vault key are out of range.");
        return Derive(masterSecret, parameters, parameters.Check);
    }

    static VaultKey? Derive(string masterSecret, VaultKeyParameters parameters, ReadOnlyMemory<byte>? check)
    {
        ArgumentException.ThrowIfNullOrEmpty(masterSecret);
        var argon = new Argon2id(
            new Argon2Parameters
            {
                DegreeOfParallelism = 1,
                MemorySize = parameters.MemoryKiB,
                NumberOfPasses = parameters.Passes,
            }
        );
        var secret = Encoding.UTF8.GetBytes(masterSecret);
        Span<byte> bytes = stackalloc byte[VaultKey.SizeBytes];
        try
        {
            argon.DeriveBytes(secret, parameters.Salt.Span, bytes);
            var made = CheckOf(bytes);
            if (check is { } stored && !CryptographicOperations.FixedTimeEquals(made, stored.Span))
                return null;
            return VaultKey.Create(parameters.Version, bytes, parameters with { Check = made });
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    static byte[] CheckOf(ReadOnlySpan<byte> keyBytes)
    {
        using var key = VaultKey.FromBytes(1, keyBytes);
        return key.Derive(CheckPurpose, VaultKeyParameters.CheckBytes);
    }
}
