using TgVault.Core.Crypto;
using TgVault.Core.Keys;
using TgVault.Core.Rows;
using TgVault.Core.Settings;
using TgVault.Core.Storage;

namespace TgVault.Core.Hosting;

/// <summary>What must be open before a vault can answer: its storage, and the key ring opened with the master secret.</summary>
public sealed class VaultFoundation
{
    VaultFoundation(StorageAccount account, IRowStore rows, KeyRing keys)
    {
        Account = account;
        Rows = rows;
        Keys = keys;
    }

    /// <summary>Where blobs are.</summary>
    internal StorageAccount Account { get; }

    internal IRowStore Rows { get; }

    internal KeyRing Keys { get; }

    /// <summary>
    /// Opens the vault that the settings name; makes it on the first run. Slow on purpose: the key is derived from the master secret.
    /// </summary>
    /// <exception cref="VaultException">The master secret is not the one this vault was made with.</exception>
    public static async Task<VaultFoundation> OpenAsync(VaultSettings settings, TimeProvider time, CancellationToken cancellationToken)
    {
        var account = StorageAccount.Connect(settings, time);
        var rows = new TableRowStore(account.Tables, account.Prefix);
        var keys = await KeyRingTable.OpenAsync(rows.Table(VaultTables.Vault), settings.MasterSecret, cancellationToken);
        return new VaultFoundation(account, rows, keys);
    }
}
