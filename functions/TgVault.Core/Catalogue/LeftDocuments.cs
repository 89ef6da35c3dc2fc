using System.Globalization;
using TgVault.Core.Chunks;
using TgVault.Core.Rows;

namespace TgVault.Core.Catalogue;

/// <summary>
/// Documents of the vault that nothing refers to any more and that Telegram no longer deletes for a bot: where they lie, in partition
/// <c>left</c> of the vault's table. A person can still delete them in the channel.
/// </summary>
/// <param name="table"><see cref="VaultTables.Vault"/>; it must exist.</param>
sealed class LeftDocuments(IRowTable table) : ILeftDocuments
{
    const string Partition = "left";

    /// <inheritdoc/>
    public Task AddAsync(ChunkReceipt receipt, CancellationToken cancellationToken) =>
        table.PutAsync(
            new Row(Partition, string.Create(CultureInfo.InvariantCulture, $"{receipt.ChatId}:{receipt.MessageId:D10}")),
            cancellationToken
        );

    /// <summary>Where the first of them lie, and how many there are; of very many as many as are asked for.</summary>
    /// <param name="most">From 1.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    public async Task<List<(long Chat, int Message)>> ListAsync(int most, CancellationToken cancellationToken) =>
        await table
            .ListAsync(RowRange.Of(Partition), Math.Min(most, RowLimits.MostPageRows), [], cancellationToken)
            .Take(most)
            .Select(row => row.Key.Split(':'))
            .Select(parts => (long.Parse(parts[0], CultureInfo.InvariantCulture), int.Parse(parts[1], CultureInfo.InvariantCulture)))
            .ToListAsync(cancellationToken);
}
