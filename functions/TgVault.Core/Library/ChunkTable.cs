using System.Globalization;
using System.Runtime.CompilerServices;
using TgVault.Core.Chunks;
using TgVault.Core.Rows;
using TgVault.Core.Videos;

namespace TgVault.Core.Library;

/// <summary>
/// The chunk records: the partition is video and attempt, the row is the number. So a run of numbers is a run of rows, whichever files
/// it belongs to.
/// </summary>
sealed class ChunkTable(IRowTable table)
{
    /// <summary>One more than the largest number of any file.</summary>
    const int EndOfNumbers = (Companion.MaxNumber + 1) * ChunkNumber.PerFile;

    // Rows of seven digits were there first; longer numbers begin with what sorts behind all digits.
    const int EndOfShort = 10_000_000;
    const char Long = 'x';

    public Task CreateAsync(CancellationToken cancellationToken) => table.CreateAsync(cancellationToken);

    public async Task<ChunkRecord> AddAsync(VideoId id, int attempt, ChunkRecord chunk, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (await table.TryInsertAsync(Write(id, attempt, chunk), cancellationToken) is not null)
                return chunk;
            if (await FindAsync(id, attempt, chunk.Number, cancellationToken) is { } earlier)
                return earlier;
        }
    }

    /// <summary>In place of an earlier record, in one step.</summary>
    public Task PutAsync(VideoId id, int attempt, ChunkRecord chunk, CancellationToken cancellationToken) =>
        table.PutAsync(Write(id, attempt, chunk), cancellationToken);

    public async Task<ChunkRecord?> FindAsync(VideoId id, int attempt, ChunkNumber number, CancellationToken cancellationToken) =>
        await table.FindAsync(Partition(id, attempt), Key(number.Value), null, cancellationToken) is { } row ? Read(row) : null;

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
        var range = RowRange.Keys(Partition(id, attempt), Key(first.Value), Key(end));
        var page = Math.Min(end - first.Value, RowLimits.MostPageRows);
        await foreach (var row in table.ListAsync(range, page, null, cancellationToken))
            yield return Read(row);
    }

    public Task RemoveAsync(VideoId id, int attempt, ChunkNumber number, CancellationToken cancellationToken) =>
        table.DeleteAsync(Partition(id, attempt), Key(number.Value), cancellationToken);

    /// <summary>Removes the chunks of every attempt.</summary>
    public Task RemoveAllAsync(VideoId id, CancellationToken cancellationToken) =>
        // '/' follows '.': all keys that begin with the id and a dot.
        table.DeleteRangeAsync(RowRange.Partitions($"{id}.", $"{id}/"), cancellationToken);

    static string Partition(VideoId id, int attempt) => string.Create(CultureInfo.InvariantCulture, $"{id}.{attempt}");

    static string Key(int number) =>
        number < EndOfShort
            ? number.ToString("D7", CultureInfo.InvariantCulture)
            : Long + number.ToString("D10", CultureInfo.InvariantCulture);

    static Row Write(VideoId id, int attempt, ChunkRecord chunk) =>
        new(Partition(id, attempt), Key(chunk.Number.Value))
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

    /// <exception cref="VaultException">The row was not written by this vault.</exception>
    public static ChunkRecord Read(Row row) =>
        new(
            new ChunkNumber(int.Parse(row.Key.AsSpan().TrimStart(Long), NumberStyles.None, CultureInfo.InvariantCulture)),
            Number(row.Int32("LengthBytes")),
            row.Bytes("Salt"),
            new ChunkReceipt(
                Number(row.Int64("BotId")),
                Number(row.Int64("ChatId")),
                Number(row.Int32("MessageId")),
                Text(row, "FileId"),
                Text(row, "FileUniqueId"),
                Number(row.Int32("SealedLengthBytes"))
            )
        );

    static T Number<T>(T? value)
        where T : struct => value ?? throw Foreign("number");

    static string Text(Row row, string name) => row.Text(name) ?? throw Foreign("text");

    static VaultException Foreign(string what) => new($"A chunk record lacks a {what}: it was not written by this vault.");
}
