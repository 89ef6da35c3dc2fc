using System.Globalization;
using Azure;
using Azure.Data.Tables;
using TgVault.Core.Crypto;
using TgVault.Core.Storage;

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
    /// <param name="table">See <see cref="VaultTable"/>; made where it is not there.</param>
    /// <exception cref="VaultException">The master secret is not the one this vault was made with.</exception>
    /// <exception cref="IntegrityException">A row is damaged.</exception>
    public static Task<KeyRing> OpenAsync(TableClient table, string masterSecret, CancellationToken cancellationToken) =>
        OpenAsync(table, masterSecret, VaultKeyCost.Default, cancellationToken);

    internal static async Task<KeyRing> OpenAsync(
        TableClient table,
        string masterSecret,
        VaultKeyCost cost,
        CancellationToken cancellationToken
    )
    {
        await table.CreateIfNotExistsAsync(cancellationToken);
        var stored = await ReadAsync(table, cancellationToken);
        if (stored.Count == 0)
        {
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

    static async Task<List<VaultKeyParameters>> ReadAsync(TableClient table, CancellationToken cancellationToken)
    {
        var stored = new List<VaultKeyParameters>();
        await foreach (var row in table.QueryAsync<TableEntity>($"PartitionKey eq '{Partition}'", cancellationToken: cancellationToken))
        {
            if (stored.Count == MaxVersions)
                throw new IntegrityException($"The key ring has more than {MaxVersions} versions.");
            if (
                !int.TryParse(row.RowKey, NumberStyles.None, CultureInfo.InvariantCulture, out var version)
                || row.GetBinary("Salt") is not { } salt
                || row.GetBinary("Check") is not { } check
                || row.GetInt32("MemoryKiB") is not { } memory
                || row.GetInt32("Passes") is not { } passes
            )
                throw new IntegrityException($"Row {row.RowKey} of the key ring is damaged.");
            stored.Add(new VaultKeyParameters(version, salt, memory, passes, check));
        }

        return stored;
    }

    static async Task<bool> TryAddAsync(TableClient table, VaultKeyParameters parameters, CancellationToken cancellationToken)
    {
        var row = new TableEntity(Partition, parameters.Version.ToString("D6", CultureInfo.InvariantCulture))
        {
            ["Salt"] = parameters.Salt.ToArray(),
            ["MemoryKiB"] = parameters.MemoryKiB,
            ["Passes"] = parameters.Passes,
            ["Check"] = parameters.Check.ToArray(),
        };
        try
        {
            await table.AddEntityAsync(row, cancellationToken);
            return true;
        }
        catch (RequestFailedException exception) when (exception.Status == 409)
        {
            return false;
        }
    }
}
