using System.Collections.Immutable;
using System.Text.Json.Serialization.Metadata;
using TgVault.Core.Chunks;
using TgVault.Core.Crypto;

namespace TgVault.Core.Catalogue;

/// <summary>The catalogue's documents in the chunk store: heads and segments, sealed and posted, fetched and opened.</summary>
sealed class CatalogueDocuments(IChunkStore store, IDocumentKeys keys)
{
    const int Version = 1;

    /// <summary>16 million entries need three levels; more are damage, and would be walked for ever.</summary>
    const int MaxLevel = 8;

    public Task<ChunkReceipt> PutAsync(CatalogueHead head, CancellationToken cancellationToken)
    {
        var written = new WrittenHead
        {
            Version = Version,
            Sequence = head.Sequence,
            Written = head.Written,
            Recent = [.. head.Recent.Select(WrittenEntry.From)],
            Segments = head.Segments,
        };
        return PutAsync(DocumentKind.Catalogue, written, CatalogueJson.Default.WrittenHead, cancellationToken);
    }

    public async Task<CatalogueSegment> PutSegmentAsync(ImmutableArray<CatalogueEntry> entries, CancellationToken cancellationToken)
    {
        var written = new WrittenSegment
        {
            Version = Version,
            Level = 0,
            Entries = [.. entries.Select(WrittenEntry.From)],
        };
        return new CatalogueSegment(
            0,
            entries.Length,
            await PutAsync(DocumentKind.Segment, written, CatalogueJson.Default.WrittenSegment, cancellationToken)
        );
    }

    /// <summary>One segment that stands for these, all of the same level.</summary>
    public async Task<CatalogueSegment> PutSegmentAsync(ImmutableArray<CatalogueSegment> below, CancellationToken cancellationToken)
    {
        var level = below[0].Level + 1;
        var written = new WrittenSegment
        {
            Version = Version,
            Level = level,
            Segments = below,
        };
        return new CatalogueSegment(
            level,
            below.Sum(segment => segment.Entries),
            await PutAsync(DocumentKind.Segment, written, CatalogueJson.Default.WrittenSegment, cancellationToken)
        );
    }

    /// <summary>Null where the document is not one of a vault at all.</summary>
    /// <exception cref="IntegrityException">A document of another vault, or damaged.</exception>
    public async Task<CatalogueHead?> TryReadHeadAsync(ChunkReceipt receipt, CancellationToken cancellationToken)
    {
        if (receipt.SealedLengthBytes is < SealedDocument.HeaderBytes or > SealedDocument.MaxBytes)
            return null;
        var document = await ReadAsync(receipt, cancellationToken);
        return SealedDocument.IsDocument(document) ? await OpenHeadAsync(document, cancellationToken) : null;
    }

    /// <exception cref="IntegrityException">A document of another vault, or damaged.</exception>
    public async Task<CatalogueHead> OpenHeadAsync(byte[] document, CancellationToken cancellationToken)
    {
        var opening = await keys.FindAsync(document, cancellationToken);
        var written = PackedJson.Unpack(
            SealedDocument.Open(DocumentKind.Catalogue, document, opening),
            CatalogueJson.Default.WrittenHead,
            Version
        );
        var segments = written.Segments;
        return !segments.IsDefault && segments.All(IsPossible)
            ? new CatalogueHead(written.Sequence, written.Written, EntriesOf(written.Recent), segments)
            : throw new IntegrityException("The catalogue opens, but what it says cannot be.");
    }

    /// <summary>What is in the segment: entries at level 0, otherwise the segments below it, oldest first.</summary>
    /// <exception cref="IntegrityException">It does not open, or is not the segment it was referred to as.</exception>
    public async Task<(ImmutableArray<CatalogueEntry> Entries, ImmutableArray<CatalogueSegment> Below)> ReadSegmentAsync(
        CatalogueSegment segment,
        CancellationToken cancellationToken
    )
    {
        if (segment.Receipt.SealedLengthBytes is < SealedDocument.HeaderBytes or > SealedDocument.MaxBytes)
            throw new IntegrityException("A catalogue segment has a length that cannot be.");
        return await OpenSegmentAsync(segment, await ReadAsync(segment.Receipt, cancellationToken), cancellationToken);
    }

    /// <inheritdoc cref="ReadSegmentAsync"/>
    public async Task<(ImmutableArray<CatalogueEntry> Entries, ImmutableArray<CatalogueSegment> Below)> OpenSegmentAsync(
        CatalogueSegment segment,
        byte[] document,
        CancellationToken cancellationToken
    )
    {
        var opening = await keys.FindAsync(document, cancellationToken);
        var written = PackedJson.Unpack(
            SealedDocument.Open(DocumentKind.Segment, document, opening),
            CatalogueJson.Default.WrittenSegment,
            Version
        );
        if (written.Level != segment.Level || written.Level is < 0 or > MaxLevel)
            throw new IntegrityException("A catalogue segment is not of the level it was referred to as.");
        return (written.Level, written.Entries, written.Segments) switch
        {
            (0, { } entries, _) => (EntriesOf(entries), []),
            (not 0, _, { IsDefault: false } below) when below.All(segment => IsPossible(segment) && segment.Level == written.Level - 1) => (
                [],
                below
            ),
            _ => throw new IntegrityException("A catalogue segment opens, but what it says cannot be."),
        };
    }

    // The JSON may hold null in a list of anything.
    static bool IsPossible(CatalogueSegment? segment) => segment is { Receipt: not null, Entries: >= 0, Level: >= 0 and <= MaxLevel };

    // Which of two would be the later one, nothing says.
    static ImmutableArray<CatalogueEntry> EntriesOf(ImmutableArray<WrittenEntry> written)
    {
        if (written.IsDefault || written.Any(entry => entry is null))
            throw new IntegrityException("A document of the catalogue opens, but what it says cannot be.");
        var entries = written.Select(entry => entry.ToEntry()).ToImmutableArray();
        return entries.DistinctBy(entry => entry.Video).Count() == entries.Length
            ? entries
            : throw new IntegrityException("A document of the catalogue names a video twice.");
    }

    async Task<ChunkReceipt> PutAsync<T>(DocumentKind kind, T written, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        var document = SealedDocument.Seal(kind, PackedJson.Pack(written, type), keys.Current);
        return await store.PutAsync(
            new ChunkDocument(DocumentName.Random(), document) { IsForPinning = kind == DocumentKind.Catalogue },
            cancellationToken
        );
    }

    async Task<byte[]> ReadAsync(ChunkReceipt receipt, CancellationToken cancellationToken)
    {
        var document = new byte[receipt.SealedLengthBytes];
        await store.ReadAsync(receipt, 0, document, cancellationToken);
        return document;
    }
}
