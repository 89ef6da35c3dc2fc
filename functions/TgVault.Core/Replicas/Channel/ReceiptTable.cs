using System.Runtime.CompilerServices;
using TgVault.Core.Catalogue;
using TgVault.Core.Chunks;
using TgVault.Core.Rows;

namespace TgVault.Core.Replicas.Channel;

/// <summary>
/// Where the documents of a replica lie in its channel: partition <c>copies.</c> and the channel's id of the vault's table, one row for
/// each, under the name that it has in every replica.
/// </summary>
sealed class ReceiptTable(IRowTable table, long channel)
{
    /// <summary>What the partitions of all channels begin with.</summary>
    public const string Prefix = "copies.";

    const string Receipt = "Receipt";

    readonly string _partition = FormattableString.Invariant($"{Prefix}{channel}");

    public async Task<ChunkReceipt?> FindAsync(string name, CancellationToken cancellationToken) =>
        await table.FindAsync(_partition, KeyOf(name), null, cancellationToken) is { } row ? ReceiptIn(row) : null;

    public Task PutAsync(string name, ChunkReceipt receipt, CancellationToken cancellationToken) =>
        table.PutAsync(new Row(_partition, KeyOf(name)) { [Receipt] = CatalogueState.WriteReceipt(receipt) }, cancellationToken);

    public Task RemoveAsync(string name, CancellationToken cancellationToken) =>
        table.DeleteAsync(_partition, KeyOf(name), cancellationToken);

    /// <summary>What has this name and a slash before its own.</summary>
    public async IAsyncEnumerable<(string Name, ChunkReceipt Receipt)> ListBelowAsync(
        string name,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        // ';' follows ':'.
        var range = RowRange.Keys(_partition, $"{KeyOf(name)}:", $"{KeyOf(name)};");
        await foreach (var row in table.ListAsync(range, RowLimits.MostPageRows, null, cancellationToken))
        {
            if (ReceiptIn(row) is { } receipt)
                yield return (row.Key.Replace(':', '/'), receipt);
        }
    }

    /// <summary>The receipt in a row of any channel.</summary>
    public static ChunkReceipt? ReceiptIn(Row row) => CatalogueState.ReadReceipt(row.Text(Receipt));

    // Keys have no slashes.
    static string KeyOf(string name) => name.Replace('/', ':');
}
