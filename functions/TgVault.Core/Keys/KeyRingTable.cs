using System.Globalization;
using TgVault.Core.Crypto;
using TgVault.Core.Rows;

namespace TgVault.Core.Keys;

/// <summary>
/// The stored key ring: one row per version of the vault key in table <c>vault</c>, partition <c>keys</c>, holding how that version comes
/// from the master secret. Nothing in it is secret. Read once, at start.
/// </summary>
static class KeyRingTable
{
    const string Partition = "keys";

    /// <summary>No vault rotates a thousand times; a table that says so is not to keep us deriving keys for minutes.</summary>
    const int MaxVersions = 1000;

    /// <summary>Makes version 1 on the first run; afterwards derives every version and checks the master secret against it.</summary>
    /// <param name="table"><see cref="VaultTables.Vault"/>; made where it is not there.</param>
    /// <exception cref="VaultException">
    /// The master secret is not the one this vault was made with, or there is no vault yet and it is weak.
    /// </exception>
    /// <exception cref="IntegrityException">A row is damaged.</exception>
    public static Task<KeyRing> OpenAsync(IRowTable table, string masterSecret, CancellationToken cancellationToken) =>
        OpenAsync(table, masterSecret, VaultKeyCost.Default, cancellationToken);

    internal static async Task<KeyRing> OpenAsync(
        IRowTable table,
        string masterSecret,
        VaultKeyCost cost,
        CancellationToken cancellationToken
    )
    {
        await table.CreateAsync(cancellationToken);
        var stored = await ReadAsync(table, cancellationToken);
        if (stored.Count == 0)
        {
            if (MasterSecretStrength.IsWeak(masterSecret))
                throw new VaultException($"TgVault:MasterSecret is too easy to guess for a new vault. {MasterSecretStrength.Advice}");
            var made = MasterKey.Make(masterSecret, 1, cost);
            if (await TryAddAsync(table, made.Parameters!, cancellationToken))
                return new KeyRing([made]);
            // Another instance was first: its salt is the vault's, ours never was.
            made.Dispose();
            stored = await ReadAsync(table, cancellationToken);
        }

        var keys = new List<VaultKey>();
        try
        {
            foreach (var parameters in stored)
                keys.Add(MasterKey.Derive(masterSecret, parameters));
            return new KeyRing(keys);
        }
        catch
        {
            foreach (var key in keys)
                key.Dispose();
            throw;
        }
    }

    /// <summary>Whether no version was made yet.</summary>
    /// <param name="table"><see cref="VaultTables.Vault"/>; it must exist.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    public static async Task<bool> IsEmptyAsync(IRowTable table, CancellationToken cancellationToken) =>
        !await table.ListAsync(RowRange.Of(Partition), 1, [], cancellationToken).AnyAsync(cancellationToken);

    /// <summary>Notes how a version comes from the master secret, unless the table knows that version.</summary>
    public static Task AddAsync(IRowTable table, VaultKeyParameters parameters, CancellationToken cancellationToken) =>
        TryAddAsync(table, parameters, cancellationToken);

    static async Task<List<VaultKeyParameters>> ReadAsync(IRowTable table, CancellationToken cancellationToken)
    {
        var stored = new List<VaultKeyParameters>();
        await foreach (var row in table.ListAsync(RowRange.Of(Partition), RowLimits.MostPageRows, null, cancellationToken))
        {
            if (stored.Count == MaxVersions)
                throw new IntegrityException($"The key ring has more than {MaxVersions} versions.");
            if (
                !int.TryParse(row.Key, NumberStyles.None, CultureInfo.InvariantCulture, out var version)
                || row.Bytes("Salt") is not { } salt
                || row.Bytes("Check") is not { } check
                || row.Int32("MemoryKiB") is not { } memory
                || row.Int32("Passes") is not { } passes
            )
                throw new IntegrityException($"Row {row.Key} of the key ring is damaged.");
            stored.Add(new VaultKeyParameters(version, salt, memory, passes, check));
        }

        return stored;
    }

    static async Task<bool> TryAddAsync(IRowTable table, VaultKeyParameters parameters, CancellationToken cancellationToken)
    {
        var row = new Row(Partition, parameters.Version.ToString("D6", CultureInfo.InvariantCulture))
        {
            ["Salt"] = parameters.Salt.ToArray(),
            ["MemoryKiB"] = parameters.MemoryKiB,
            ["Passes"] = parameters.Passes,
            ["Check"] = parameters.Check.ToArray(),
        };
        return await table.TryInsertAsync(row, cancellationToken) is not null;
    }
}
