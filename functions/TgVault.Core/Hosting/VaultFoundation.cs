using TgVault.Core.Crypto;
using TgVault.Core.Keys;
using TgVault.Core.Rows;
using TgVault.Core.Rows.Sqlite;
using TgVault.Core.Settings;
using TgVault.Core.Storage;

namespace TgVault.Core.Hosting;

/// <summary>What must be open before a vault can answer: its storage, and the key ring opened with the master secret.</summary>
public sealed class VaultFoundation
{
    VaultFoundation(StorageAccount? account, IRowStore rows, KeyRing keys)
    {
        Account = account;
        Rows = rows;
        Keys = keys;
    }

    /// <summary>Where blobs are; null where the vault keeps them in a folder, the one of <see cref="Rows"/>.</summary>
    internal StorageAccount? Account { get; }

    /// <summary>The container of the vault disposes of it, where it has to be.</summary>
    internal IRowStore Rows { get; }

    internal KeyRing Keys { get; }

    /// <summary>
    /// Opens the vault that the settings name; makes it on the first run. Slow on purpose: the key is derived from the master secret.
    /// </summary>
    /// <exception cref="StorageException">The vault's folder cannot be used; the message says why and what to do.</exception>
    /// <exception cref="VaultException">The master secret is not the one this vault was made with.</exception>
    public static async Task<VaultFoundation> OpenAsync(VaultSettings settings, TimeProvider time, CancellationToken cancellationToken)
    {
        if (StorageFolder.IsNamedBy(settings))
        {
            var store = SqliteRowStore.Open(settings.Storage, time);
            try
            {
                return new VaultFoundation(null, store, await OpenKeysAsync(store, settings, cancellationToken));
            }
            catch
            {
                store.Dispose();
                throw;
            }
        }

        var account = StorageAccount.Connect(settings, time);
        var rows = new TableRowStore(account.Tables, account.Prefix);
        return new VaultFoundation(account, rows, await OpenKeysAsync(rows, settings, cancellationToken));
    }

    static Task<KeyRing> OpenKeysAsync(IRowStore rows, VaultSettings settings, CancellationToken cancellationToken) =>
        KeyRingTable.OpenAsync(rows.Table(VaultTables.Vault), settings.MasterSecret, cancellationToken);
}
