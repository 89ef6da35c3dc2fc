using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using TgVault.Core.Chunks;
using TgVault.Core.Rows;

namespace TgVault.Core.Library;

/// <summary>Discarded documents as rows of the vault's table, in partition <c>discarded</c>: one for each message.</summary>
/// <param name="table"><see cref="VaultTables.Vault"/>; it must exist.</param>
sealed class DiscardedDocuments(IRowTable table) : IDiscardedDocuments
{
    const string Partition = "discarded";
    const string Receipt = "Receipt";

    public Task AddAsync(ChunkReceipt receipt, CancellationToken cancellationToken) =>
        table.PutAsync(
            new Row(Partition, Key(receipt)) { [Receipt] = JsonSerializer.Serialize(receipt, VideoRowJson.Default.ChunkReceipt) },
            cancellationToken
        );

    public Task RemoveAsync(ChunkReceipt receipt, CancellationToken cancellationToken) =>
        table.DeleteAsync(Partition, Key(receipt), cancellationToken);

    public async IAsyncEnumerable<ChunkReceipt> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var row in table.ListAsync(RowRange.Of(Partition), RowLimits.MostPageRows, null, cancellationToken))
        {
            if (row.Text(Receipt) is { } text && JsonSerializer.Deserialize(text, VideoRowJson.Default.ChunkReceipt) is { } receipt)
                yield return receipt;
        }
    }

    static string Key(ChunkReceipt receipt) => string.Create(CultureInfo.InvariantCulture, $"{receipt.ChatId}.{receipt.MessageId}");
}
