using System.Collections.Immutable;
using TgVault.Core.Catalogue;
using TgVault.Core.Chunks;
using TgVault.Core.Crypto;

namespace TgVault.Core.Replicas.Copies;

/// <summary>What a look at a catalogue in one place found.</summary>
/// <param name="Pin">Whether the newest head is what is pinned; null where nothing is pinned anywhere: in a folder.</param>
/// <param name="Pinned">What is.</param>
/// <param name="Head">How the newest head is.</param>
/// <param name="Segments">How each segment is, by where the vault's channels have it.</param>
sealed record CatalogueFound(
    CopyLook? Pin,
    ChunkReceipt? Pinned,
    CopyLook Head,
    IReadOnlyList<(ChunkReceipt Receipt, CopyLook Look)> Segments
)
{
    /// <summary>Every document, by the name that people are told.</summary>
    public IEnumerable<(string Document, CopyLook Look)> All =>
        [
            .. Pin is { } pin ? [("pin", pin)] : Array.Empty<(string, CopyLook)>(),
            ("catalogue", Head),
            .. Segments.Select(segment => ($"segment {segment.Receipt.ChatId}.{segment.Receipt.MessageId}", segment.Look)),
        ];

    public bool IsAnyLost => All.Any(document => document.Look.IsLost);
}

/// <summary>Looks at every document of a catalogue: reads it as a whole and opens it.</summary>
sealed class CatalogueLooks(IChunkStore store, KeyRing keys)
{
    readonly CatalogueDocuments _documents = new(store, keys);

    /// <summary>In a channel: where the receipts lead, and what is pinned.</summary>
    /// <param name="state">What the rows say of the catalogue, with a head.</param>
    /// <param name="pinboard">Of the channel.</param>
    /// <param name="memory">Forgets what it knows, so that Telegram itself is asked.</param>
    /// <param name="cancellationToken">Stops looking.</param>
    public async Task<CatalogueFound> InChannelAsync(
        CatalogueState state,
        IPinboard pinboard,
        IDocumentMemory memory,
        CancellationToken cancellationToken
    )
    {
        ChunkReceipt? pinned = null;
        var head = state.Head!;
        var pin = await ChunkCopies.LookAsync(async () =>
        {
            pinned = await pinboard.FindPinnedAsync(cancellationToken);
            if (pinned is null)
                throw new ChunkStoreException(ChunkStoreFailure.Gone, "Nothing is pinned.");
            if (pinned.ChatId != head.ChatId || pinned.MessageId != head.MessageId)
                throw new ChunkStoreException(ChunkStoreFailure.Gone, $"Message {pinned.MessageId} is pinned in its place.");
        });
        var found = await LookTwiceAsync(async () => await OpenHeadAsync(await ReadAsync(head), cancellationToken));
        var segments = await SegmentsAsync([.. state.Older, .. state.Segments], segment => ReadAsync(segment.Receipt), cancellationToken);
        return new CatalogueFound(pin, pinned, found, segments);

        async Task<byte[]> ReadAsync(ChunkReceipt receipt)
        {
            if (receipt.SealedLengthBytes is < SealedDocument.HeaderBytes or > SealedDocument.MaxBytes)
                throw new IntegrityException("It is recorded with a length that cannot be.");
            memory.Forget(receipt);
            var document = new byte[receipt.SealedLengthBytes];
            await store.ReadAsync(receipt, 0, document, cancellationToken);
            return document;
        }
    }

    /// <summary>In a folder or a container: under their names. One that is behind the newest is told by nobody: it follows.</summary>
    public async Task<CatalogueFound> InReplicaAsync(CatalogueState state, IReplica replica, CancellationToken cancellationToken)
    {
        CatalogueHead? head = null;
        var found = await LookTwiceAsync(async () =>
            head = await OpenHeadAsync(await ReadAsync(ReplicaNames.Catalogue), cancellationToken)
        );
        var segments = await SegmentsAsync(
            head?.Segments ?? [.. state.Older, .. state.Segments],
            segment => ReadAsync(ReplicaNames.Segment(segment.Receipt)),
            cancellationToken
        );
        return new CatalogueFound(null, null, found, segments);

        async Task<byte[]> ReadAsync(string name)
        {
            var length = await replica.FindLengthAsync(name, cancellationToken);
            if (length is null)
                throw new ChunkStoreException(ChunkStoreFailure.Gone, "It is not there.");
            if (length is < SealedDocument.HeaderBytes or > SealedDocument.MaxBytes)
                throw new IntegrityException("It has a length that cannot be.");
            var document = new byte[length.Value];
            return await replica.TryReadAsync(name, 0, document, cancellationToken)
                ? document
                : throw new ChunkStoreException(ChunkStoreFailure.Gone, "It is not there any more.");
        }
    }

    /// <summary>Nothing is called lost on one proof.</summary>
    static async Task<CopyLook> LookTwiceAsync(Func<Task> look) =>
        await ChunkCopies.LookAsync(look) is { IsLost: false } good ? good : await ChunkCopies.LookAsync(look);

    Task<CatalogueHead> OpenHeadAsync(byte[] document, CancellationToken cancellationToken) =>
        SealedDocument.IsDocument(document)
            ? _documents.OpenHeadAsync(document, cancellationToken)
            : throw new IntegrityException("It is no document of a vault.");

    /// <summary>All of them, at every level, as far as those above can be read.</summary>
    async Task<List<(ChunkReceipt, CopyLook)>> SegmentsAsync(
        ImmutableArray<CatalogueSegment> segments,
        Func<CatalogueSegment, Task<byte[]>> read,
        CancellationToken cancellationToken
    )
    {
        var looks = new List<(ChunkReceipt, CopyLook)>();
        var left = new Stack<CatalogueSegment>(segments);
        while (left.TryPop(out var segment))
        {
            var look = await LookTwiceAsync(async () =>
            {
                var (_, below) = await _documents.OpenSegmentAsync(segment, await read(segment), cancellationToken);
                foreach (var older in below)
                    left.Push(older);
            });
            looks.Add((segment.Receipt, look));
        }

        return looks;
    }
}
