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
    const string Retired = "Retired";

    /// <summary>No vault rotates a thousand times; a table that says so is not to keep us deriving keys for minutes.</summary>
    const int MaxVersions = 1000;

    /// <summary>
    /// Makes version 1 on the first run; afterwards derives every version that is in use and checks the secrets against it. Where none of
    /// them comes from the newest secret, a rotation begins: another version is made from that one.
    /// </summary>
    /// <param name="table"><see cref="VaultTables.Vault"/>; made where it is not there.</param>
    /// <param name="secrets">What the versions come from.</param>
    /// <param name="findPinned">
    /// What the catalogue in the channel says of its key; null where there is none. A vault whose rows are older than its channel must not
    /// make a version again that it has forgotten.
    /// </param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="VaultException">
    /// A version comes from another master secret, or one is to be made, and the newest secret is weak.
    /// </exception>
    /// <exception cref="IntegrityException">A row is damaged.</exception>
    public static Task<KeyRing> OpenAsync(
        IRowTable table,
        MasterSecrets secrets,
        Func<CancellationToken, Task<VaultKeyParameters?>> findPinned,
        CancellationToken cancellationToken
    ) => OpenAsync(table, secrets, VaultKeyCost.Default, findPinned, cancellationToken);

    internal static async Task<KeyRing> OpenAsync(
        IRowTable table,
        MasterSecrets secrets,
        VaultKeyCost cost,
        Func<CancellationToken, Task<VaultKeyParameters?>> findPinned,
        CancellationToken cancellationToken
    )
    {
        await table.CreateAsync(cancellationToken);
        var keys = new List<VaultKey>();
        try
        {
            while (true)
            {
                var stored = await ReadAsync(table, cancellationToken);
                var isNewest = false;
                foreach (var version in stored.Where(version => !version.IsRetired && keys.TrueForAll(key => !Is(key, version))))
                {
                    (var key, isNewest) = secrets.Derive(version.Parameters);
                    keys.Add(key);
                }

                if (isNewest)
                    return new KeyRing(keys);
                // Another instance may be first: then its salt is the vault's, and ours never was.
                var made = await MakeAsync(stored, secrets, cost, findPinned, cancellationToken);
                if (await TryAddAsync(table, made.Parameters!, cancellationToken))
                    return new KeyRing([.. keys, made]);
                made.Dispose();
            }
        }
        catch
        {
            foreach (var key in keys)
                key.Dispose();
            throw;
        }
    }

    /// <summary>Notes that nothing is sealed under a version any more, so that no secret is needed for it. Safe to repeat.</summary>
    public static async Task RetireAsync(IRowTable table, int version, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var key = KeyOf(version);
        while (await table.FindAsync(Partition, key, null, cancellationToken) is { } row && row.Time(Retired) is null)
        {
            row[Retired] = now;
            await table.TryReplaceAsync(row, row.Version, cancellationToken);
        }
    }

    /// <summary>Whether nothing is sealed under a version any more, or there never was one.</summary>
    public static async Task<bool> IsRetiredAsync(IRowTable table, int version, CancellationToken cancellationToken) =>
        await table.FindAsync(Partition, KeyOf(version), [Retired], cancellationToken) is not { } row || row.Time(Retired) is not null;

    static async Task<VaultKey> MakeAsync(
        List<StoredVersion> stored,
        MasterSecrets secrets,
        VaultKeyCost cost,
        Func<CancellationToken, Task<VaultKeyParameters?>> findPinned,
        CancellationToken cancellationToken
    )
    {
        if (MasterSecretStrength.IsWeak(secrets.Newest))
            throw new VaultException(
                stored.Count == 0
                    ? $"TgVault:MasterSecret is too easy to guess for a new vault. {MasterSecretStrength.Advice}"
                    : $"TgVault:MasterSecret is too easy to guess to become the vault's. {MasterSecretStrength.Advice}"
            );
        if (stored.Count == 0)
            return MasterKey.Make(secrets.Newest, 1, cost);
        var last = stored.Max(version => version.Parameters.Version);
        if (await findPinned(cancellationToken) is not { } pinned || pinned.Version <= last)
            return MasterKey.Make(secrets.Newest, last + 1, cost);
        return MasterKey.TryDerive(secrets.Newest, pinned) ?? MasterKey.Make(secrets.Newest, pinned.Version + 1, cost);
    }

    /// <summary>Whether no version was made yet.</summary>
    /// <param name="table"><see cref="VaultTables.Vault"/>; it must exist.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    public static async Task<bool> IsEmptyAsync(IRowTable table, CancellationToken cancellationToken) =>
        !await table.ListAsync(RowRange.Of(Partition), 1, [], cancellationToken).AnyAsync(cancellationToken);

    /// <summary>Notes how a version comes from the master secret, unless the table knows that version.</summary>
    public static Task AddAsync(IRowTable table, VaultKeyParameters parameters, CancellationToken cancellationToken) =>
        TryAddAsync(table, parameters, cancellationToken);

    static async Task<List<StoredVersion>> ReadAsync(IRowTable table, CancellationToken cancellationToken)
    {
        var stored = new List<StoredVersion>();
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
            stored.Add(new StoredVersion(new VaultKeyParameters(version, salt, memory, passes, check), row.Time(Retired) is not null));
        }

        return stored;
    }

    static async Task<bool> TryAddAsync(IRowTable table, VaultKeyParameters parameters, CancellationToken cancellationToken)
    {
        var row = new Row(Partition, KeyOf(parameters.Version))
        {
            ["Salt"] = parameters.Salt.ToArray(),
            ["MemoryKiB"] = parameters.MemoryKiB,
            ["Passes"] = parameters.Passes,
            ["Check"] = parameters.Check.ToArray(),
        };
        return await table.TryInsertAsync(row, cancellationToken) is not null;
    }

    static bool Is(VaultKey key, StoredVersion version) => key.Version == version.Parameters.Version;

    static string KeyOf(int version) => version.ToString("D6", CultureInfo.InvariantCulture);

    /// <summary>A version as its row says it.</summary>
    /// <param name="Parameters">How it comes from a master secret.</param>
    /// <param name="IsRetired">Whether nothing is sealed under it any more.</param>
    readonly record struct StoredVersion(VaultKeyParameters Parameters, bool IsRetired);
}
