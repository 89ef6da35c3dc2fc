namespace TgVault.Core.Crypto;

/// <summary>
/// How one version of the vault key comes from the master secret: Argon2id (RFC 9106) with one lane. Kept in clear beside what the key
/// protects; none of it is secret.
/// </summary>
/// <param name="Version">From 1.</param>
/// <param name="Salt">16 random bytes.</param>
/// <param name="MemoryKiB">8 to 1,048,576 (1 GiB).</param>
/// <param name="Passes">1 to 100, and with the memory at most 2^23.</param>
/// <param name="Check">16 bytes that only the right key gives: they tell a wrong master secret from damaged bytes.</param>
sealed record VaultKeyParameters(int Version, ReadOnlyMemory<byte> Salt, int MemoryKiB, int Passes, ReadOnlyMemory<byte> Check)
{
    public const int SaltBytes = 16;
    public const int CheckBytes = 16;

    // Parameters are read from storage before anything is authenticated, so they must not be able to ask for the whole machine.
    internal const int MaxMemoryKiB = 1 << 20;
    internal const int MinMemoryKiB = 8;
    internal const int MaxPasses = 100;

    // KiB times passes: some seconds of work. What vaults are made with is a fortieth of it.
    internal const long MaxWork = 1L << 23;

    internal bool AreInRange =>
        Version > 0
        && Salt.Length == SaltBytes
        && Check.Length == CheckBytes
        && MemoryKiB is >= MinMemoryKiB and <= MaxMemoryKiB
        && Passes is > 0 and <= MaxPasses
        && (long)MemoryKiB * Passes <= MaxWork;
}

/// <summary>What deriving a vault key costs: chosen once, when a version is made; afterwards it is part of its parameters.</summary>
readonly record struct VaultKeyCost(int MemoryKiB, int Passes)
{
    /// <summary>64 MiB and three passes: the second recommended choice of RFC 9106 §4, on one lane.</summary>
    public static VaultKeyCost Default => new(64 * 1024, 3);
}
