using System.Collections.Immutable;
using System.Text.Json;
using TgVault.Core.Chunks;
using TgVault.Core.Rows;

namespace TgVault.Core.Catalogue;

/// <summary>
/// The row that says what the catalogue's head is and who may replace it. Its partition is <c>catalogue</c>, in the vault's table.
/// </summary>
sealed record CatalogueState
{
    public const string Partition = "catalogue";
    public const string Key = "head";

    /// <summary>Of the last head that was posted.</summary>
    public long Sequence { get; init; }

    /// <summary>The pinned head; null before the first.</summary>
    public ChunkReceipt? Head { get; init; }

    /// <summary>
    /// A head that was posted and perhaps pinned. Set only while a head is being published, or after a crash in between.
    /// </summary>
    public ChunkReceipt? Posted { get; init; }

    public ImmutableArray<CatalogueSegment> Segments { get; init; } = [];

    /// <summary>Former heads that are still to be deleted.</summary>
    public ImmutableArray<ChunkReceipt> Former { get; init; } = [];

    public string LeaseOwner { get; init; } = "";

    public DateTimeOffset LeaseEnds { get; init; } = DateTimeOffset.UnixEpoch;

    /// <summary>Of the row that was read.</summary>
    public string Version { get; init; } = "";

    public static CatalogueState Read(Row row) =>
        new()
        {
            Sequence = row.Int64(nameof(Sequence)) ?? 0,
            Head = ReadReceipt(row.Text(nameof(Head))),
            Posted = ReadReceipt(row.Text(nameof(Posted))),
            Segments = JsonSerializer.Deserialize(row.Bytes(nameof(Segments)), CatalogueJson.Default.ImmutableArrayCatalogueSegment),
            Former = JsonSerializer.Deserialize(row.Bytes(nameof(Former)), CatalogueJson.Default.ImmutableArrayChunkReceipt),
            LeaseOwner = row.Text(nameof(LeaseOwner)) ?? "",
            LeaseEnds = row.Time(nameof(LeaseEnds)) ?? DateTimeOffset.UnixEpoch,
            Version = row.Version,
        };

    public Row ToRow() =>
        new(Partition, Key)
        {
            [nameof(Sequence)] = Sequence,
            [nameof(Head)] = WriteReceipt(Head),
            [nameof(Posted)] = WriteReceipt(Posted),
            // At most 31 on each of three levels, some 300 bytes each: a binary property holds 64 KiB.
            [nameof(Segments)] = JsonSerializer.SerializeToUtf8Bytes(Segments, CatalogueJson.Default.ImmutableArrayCatalogueSegment),
            [nameof(Former)] = JsonSerializer.SerializeToUtf8Bytes(Former, CatalogueJson.Default.ImmutableArrayChunkReceipt),
            [nameof(LeaseOwner)] = LeaseOwner,
            [nameof(LeaseEnds)] = LeaseEnds,
        };

    public static string? WriteReceipt(ChunkReceipt? receipt) =>
        receipt is null ? null : JsonSerializer.Serialize(receipt, CatalogueJson.Default.ChunkReceipt);

    public static ChunkReceipt? ReadReceipt(string? text) =>
        text is null ? null : JsonSerializer.Deserialize(text, CatalogueJson.Default.ChunkReceipt);
}
