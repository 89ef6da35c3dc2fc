using Azure.Data.Tables;
using TgVault.Core.Settings;

namespace TgVault.Core.Storage;

/// <summary>The table of what belongs to the vault as a whole: the key ring and the state of the catalogue log.</summary>
static class VaultTable
{
    /// <param name="prefix"><see cref="VaultSettings.StoragePrefix"/>.</param>
    public static TableClient In(TableServiceClient tables, string prefix) => tables.GetTableClient(prefix + "vault");
}
