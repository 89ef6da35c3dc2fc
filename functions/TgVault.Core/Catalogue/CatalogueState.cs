using System.Collections.Immutable;
using System.Text.Json;
using TgVault.Core.Chunks;
using TgVault.Core.Rows;

namespace TgVault.Core.Catalogue;

/// <summary>
/// The row that says what a catalogue's head is and who may replace it. That of the vault's own is in partition <c>catalogue</c>.
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

    /// <summary>
    /// Segments from before <see cref="KeyVersion"/>, older than all others. They are never rolled together with those, so that they can be
    /// left out as a whole once newer changes stand for all that they hold.
    /// </summary>
    public ImmutableArray<CatalogueSegment> Older { get; init; } = [];

    /// <summary>The version of the vault key that <see cref="Segments"/> are sealed under; 0: whichever.</summary>
    public int KeyVersion { get; init; }

    /// <summary>Former heads that are still to be deleted.</summary>
    public ImmutableArray<ChunkReceipt> Former { get; init; } = [];

    /// <summary>
    /// Segments of heads that were posted and never became <see cref="Head"/>: to be deleted with those, once another head is pinned.
    /// </summary>
    public ImmutableArray<ChunkReceipt> Unpinned { get; init; } = [];

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
            Older = row.Bytes(nameof(Older)) is { } older
                ? JsonSerializer.Deserialize(older, CatalogueJson.Default.ImmutableArrayCatalogueSegment)
                : [],
            KeyVersion = row.Int32(nameof(KeyVersion)) ?? 0,
            Former = JsonSerializer.Deserialize(row.Bytes(nameof(Former)), CatalogueJson.Default.ImmutableArrayChunkReceipt),
            Unpinned = row.Bytes(nameof(Unpinned)) is { } unpinned
                ? JsonSerializer.Deserialize(unpinned, CatalogueJson.Default.ImmutableArrayChunkReceipt)
                : [],
            LeaseOwner = row.Text(nameof(LeaseOwner)) ?? "",
            LeaseEnds = row.Time(nameof(LeaseEnds)) ?? DateTimeOffset.UnixEpoch,
            Version = row.Version,
        };

    public Row ToRow(string partition) =>
        new(partition, Key)
        {
            [nameof(Sequence)] = Sequence,
            [nameof(Head)] = WriteReceipt(Head),
            [nameof(Posted)] = WriteReceipt(Posted),
            // At most 31 on each of three levels, some 300 bytes each: a binary property holds 64 KiB.
            [nameof(Segments)] = JsonSerializer.SerializeToUtf8Bytes(Segments, CatalogueJson.Default.ImmutableArrayCatalogueSegment),
            [nameof(Older)] = Older.IsEmpty
                ? null
                : JsonSerializer.SerializeToUtf8Bytes(Older, CatalogueJson.Default.ImmutableArrayCatalogueSegment),
            [nameof(KeyVersion)] = KeyVersion == 0 ? null : KeyVersion,
            [nameof(Former)] = JsonSerializer.SerializeToUtf8Bytes(Former, CatalogueJson.Default.ImmutableArrayChunkReceipt),
            [nameof(Unpinned)] = Unpinned.IsEmpty
                ? null
                : JsonSerializer.SerializeToUtf8Bytes(Unpinned, CatalogueJson.Default.ImmutableArrayChunkReceipt),
            [nameof(LeaseOwner)] = LeaseOwner,
            [nameof(LeaseEnds)] = LeaseEnds,
        };

    public static string? WriteReceipt(ChunkReceipt? receipt) =>
        receipt is null ? null : JsonSerializer.Serialize(receipt, CatalogueJson.Default.ChunkReceipt);

    public static ChunkReceipt? ReadReceipt(string? text) =>
        text is null ? null : JsonSerializer.Deserialize(text, CatalogueJson.Default.ChunkReceipt);
}
