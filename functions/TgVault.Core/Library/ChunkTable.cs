using System.Globalization;
using System.Runtime.CompilerServices;
using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;
using TgVault.Core.Chunks;
using TgVault.Core.Videos;

namespace TgVault.Core.Library;

/// <summary>
/// The chunk records: the partition is video and attempt, the row is the number. So a run of numbers is a run of rows, whichever files
/// it belongs to.
/// </summary>
sealed class ChunkTable(TableClient table)
{
    /// <summary>What one page of a query and one transaction may hold (Table service limits).</summary>
    const int MostPerPage = 1000;
    const int MostPerTransaction = 100;

    /// <summary>One more than the largest number of any file.</summary>
    const int EndOfNumbers = (Companion.MaxNumber + 1) * ChunkNumber.PerFile;

    // Rows of seven digits were there first; longer numbers begin with what sorts behind all digits.
    const int EndOfShort = 10_000_000;
    const char Long = 'x';

    public Task CreateAsync(CancellationToken cancellationToken) => table.CreateIfNotExistsAsync(cancellationToken);

    public async Task<ChunkRecord> AddAsync(VideoId id, int attempt, ChunkRecord chunk, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await table.AddEntityAsync(Write(id, attempt, chunk), cancellationToken);
                return chunk;
            }
            catch (RequestFailedException exception)
                when (exception.Status == 409 && exception.ErrorCode == TableErrorCode.EntityAlreadyExists)
            {
                if (await FindAsync(id, attempt, chunk.Number, cancellationToken) is { } earlier)
                    return earlier;
            }
        }
    }

    public async Task<ChunkRecord?> FindAsync(VideoId id, int attempt, ChunkNumber number, CancellationToken cancellationToken)
    {
        var found = await table.GetEntityIfExistsAsync<TableEntity>(
            Partition(id, attempt),
            Row(number.Value),
            cancellationToken: cancellationToken
        );
        return found.HasValue ? Read(found.Value!) : null;
    }

    public async IAsyncEnumerable<ChunkRecord> ListAsync(
        VideoId id,
        int attempt,
        ChunkNumber first,
        int count,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var end = (int)Math.Min((long)first.Value + count, EndOfNumbers);
        if (first.Value < 0 || first.Value >= end)
            yield break;
        var filter = TableClient.CreateQueryFilter(
            $"PartitionKey eq {Partition(id, attempt)} and RowKey ge {Row(first.Value)} and RowKey lt {Row(end)}"
        );
        await foreach (
            var row in table.QueryAsync<TableEntity>(filter, Math.Min(end - first.Value, MostPerPage), cancellationToken: cancellationToken)
        )
            yield return Read(row);
    }

    public Task RemoveAsync(VideoId id, int attempt, ChunkNumber number, CancellationToken cancellationToken) =>
        table.DeleteEntityAsync(Partition(id, attempt), Row(number.Value), ETag.All, cancellationToken);

    public Task RemoveAsync(VideoId id, int attempt, CancellationToken cancellationToken) =>
        RemoveAsync(TableClient.CreateQueryFilter($"PartitionKey eq {Partition(id, attempt)}"), cancellationToken);

    /// <summary>Removes the chunks of every attempt.</summary>
    public Task RemoveAllAsync(VideoId id, CancellationToken cancellationToken) =>
        // '/' follows '.': all keys that begin with the id and a dot.
        RemoveAsync(TableClient.CreateQueryFilter($"PartitionKey ge {$"{id}."} and PartitionKey lt {$"{id}/"}"), cancellationToken);

    async Task RemoveAsync(string filter, CancellationToken cancellationToken)
    {
        var rows = table.QueryAsync<TableEntity>(filter, MostPerPage, ["PartitionKey", "RowKey"], cancellationToken);
        await foreach (var page in rows.AsPages())
        foreach (var partition in page.Values.GroupBy(row => row.PartitionKey, StringComparer.Ordinal))
        foreach (var batch in partition.Chunk(MostPerTransaction))
            await RemoveAsync(batch, cancellationToken);
    }

    async Task RemoveAsync(TableEntity[] batch, CancellationToken cancellationToken)
    {
        try
        {
            await table.SubmitTransactionAsync(
                batch.Select(row => new TableTransactionAction(TableTransactionActionType.Delete, row, ETag.All)),
                cancellationToken
            );
        }
        catch (RequestFailedException exception) when (exception.Status == 404)
        {
            // Somebody removes the same rows: a transaction fails as a whole, single deletes of what is gone succeed.
            foreach (var row in batch)
                await table.DeleteEntityAsync(row.PartitionKey, row.RowKey, ETag.All, cancellationToken);
        }
    }

    static string Partition(VideoId id, int attempt) => string.Create(CultureInfo.InvariantCulture, $"{id}.{attempt}");

    static string Row(int number) =>
        number < EndOfShort
            ? number.ToString("D7", CultureInfo.InvariantCulture)
            : Long + number.ToString("D10", CultureInfo.InvariantCulture);

    static TableEntity Write(VideoId id, int attempt, ChunkRecord chunk) =>
        new(Partition(id, attempt), Row(chunk.Number.Value))
        {
            ["LengthBytes"] = chunk.LengthBytes,
            ["Salt"] = chunk.Salt.ToArray(),
            ["BotId"] = chunk.Receipt.BotId,
            ["ChatId"] = chunk.Receipt.ChatId,
            ["MessageId"] = chunk.Receipt.MessageId,
            ["FileId"] = chunk.Receipt.FileId,
            ["FileUniqueId"] = chunk.Receipt.FileUniqueId,
            ["SealedLengthBytes"] = chunk.Receipt.SealedLengthBytes,
        };

    static ChunkRecord Read(TableEntity row) =>
        new(
            new ChunkNumber(int.Parse(row.RowKey.AsSpan().TrimStart(Long), NumberStyles.None, CultureInfo.InvariantCulture)),
            Number(row.GetInt32("LengthBytes")),
            row.GetBinary("Salt"),
            new ChunkReceipt(
                Number(row.GetInt64("BotId")),
                Number(row.GetInt64("ChatId")),
                Number(row.GetInt32("MessageId")),
                row.GetString("FileId"),
                row.GetString("FileUniqueId"),
                Number(row.GetInt32("SealedLengthBytes"))
            )
        );

    static T Number<T>(T? value)
        where T : struct => value ?? throw new VaultException("A chunk record lacks a number: it was not written by this vault.");
}
