using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using TgVault.Core.Catalogue;
using TgVault.Core.Chunks;
using TgVault.Core.Crypto;
using TgVault.Core.Library;
using TgVault.Core.Replicas.Channel;
using TgVault.Core.Rows;
using TgVault.Core.Videos;

namespace TgVault.Core.Orphans;

/// <summary>What a document of the channel is to the rows.</summary>
public enum DocumentUse
{
    /// <summary>A part of a video, its manifest, or the catalogue.</summary>
    InUse,

    /// <summary>Nothing needs it any more, and the rows say so: it is deleted, or was too old for that.</summary>
    LeftOver,

    /// <summary>A record names it whose video has no row: nobody will delete it.</summary>
    Stray,
}

/// <summary>A document as the rows name it.</summary>
/// <param name="ChatId">The channel.</param>
/// <param name="MessageId">The message in it.</param>
/// <param name="Owner">What names it, for a message.</param>
public sealed record NamedDocument(long ChatId, int MessageId, DocumentUse Use, string Owner)
{
    /// <summary>Whether it is a chunk of a video.</summary>
    public bool IsChunk { get; init; }
}

/// <summary>Every document of the channel that the rows name: what is in the channel besides is an orphan.</summary>
public interface INamedDocuments
{
    /// <summary>Costs a look at every row of videos and chunks. Of what changes meanwhile either may be told.</summary>
    IAsyncEnumerable<NamedDocument> ListAsync(CancellationToken cancellationToken);
}

/// <inheritdoc/>
sealed class NamedDocuments(IRowStore rows, IDiscardedDocuments discarded, LeftDocuments left, IChunkStore store, KeyRing keys)
    : INamedDocuments
{
    readonly CatalogueTable _catalogue = new(rows.Table(VaultTables.Vault));
    readonly CatalogueDocuments _documents = new(store, keys);

    public async IAsyncEnumerable<NamedDocument> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var (chat, message) in await left.ListAsync(int.MaxValue, cancellationToken))
            yield return new NamedDocument(chat, message, DocumentUse.LeftOver, "a document that Telegram no longer deletes");
        await foreach (var receipt in discarded.ListAsync(cancellationToken))
            yield return Named(receipt, DocumentUse.LeftOver, "a document that could not be deleted yet");
        await foreach (var document in ListCatalogueAsync(cancellationToken))
            yield return document;
        await foreach (var document in ListReplicasAsync(cancellationToken))
            yield return document;
        var attempts = new Dictionary<string, (int Attempt, VideoStatus Status)>(StringComparer.Ordinal);
        await foreach (var row in rows.Table(VaultTables.Videos).ListAsync(RowRange.All, RowLimits.MostPageRows, null, cancellationToken))
        {
            var video = VideoRow.Read(row);
            attempts[row.Partition] = (video.Life.Attempt, video.Life.Status);
            if (video.Manifests.Newest is { } newest)
                yield return Named(newest, UseOf(video.Life.Status), $"the manifest of video {video.Id}");
            foreach (var former in video.Manifests.Former)
                yield return Named(former, DocumentUse.LeftOver, $"a former manifest of video {video.Id}");
        }

        await foreach (var row in rows.Table(VaultTables.Chunks).ListAsync(RowRange.All, RowLimits.MostPageRows, null, cancellationToken))
        {
            var (id, attempt) = row.Partition.Split('.') is [var first, var second] ? (first, second) : (row.Partition, "");
            var use =
                !attempts.TryGetValue(id, out var video) ? DocumentUse.Stray
                : $"{video.Attempt}" == attempt ? UseOf(video.Status)
                : DocumentUse.LeftOver;
            yield return Named(ChunkTable.Read(row).Receipt, use, $"chunk {row.Key} of video {id}, attempt {attempt}") with
            {
                IsChunk = true,
            };
        }
    }

    async IAsyncEnumerable<NamedDocument> ListCatalogueAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (await _catalogue.LoadAsync(cancellationToken) is not { } state)
            yield break;
        if (state.Head is { } head)
            yield return Named(head, DocumentUse.InUse, "the catalogue");
        foreach (var former in NotNewest(state))
            yield return Named(former, DocumentUse.LeftOver, "of a catalogue that is not the newest");
        var segments = ImmutableStack.CreateRange(state.Segments);
        while (!segments.IsEmpty)
        {
            segments = segments.Pop(out var segment);
            yield return Named(segment.Receipt, DocumentUse.InUse, "a segment of the catalogue");
            if (segment.Level == 0)
                continue;
            foreach (var below in (await _documents.ReadSegmentAsync(segment, cancellationToken)).Below)
                segments = segments.Push(below);
        }
    }

    /// <summary>What lies in the channels of replicas, and their catalogues, but for the segments of these.</summary>
    async IAsyncEnumerable<NamedDocument> ListReplicasAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var table = rows.Table(VaultTables.Vault);
        // '/' follows '.': all partitions that begin so.
        var copies = RowRange.Partitions(ReceiptTable.Prefix, ReceiptTable.Prefix.Replace('.', '/'));
        await foreach (var row in table.ListAsync(copies, RowLimits.MostPageRows, null, cancellationToken))
        {
            if (ReceiptTable.ReceiptIn(row) is { } receipt)
                yield return Named(receipt, DocumentUse.InUse, $"a copy in a replica, {row.Key}");
        }

        var catalogues = RowRange.Partitions(CatalogueTable.ReplicaPrefix, CatalogueTable.ReplicaPrefix.Replace('.', '/'));
        await foreach (var row in table.ListAsync(catalogues, RowLimits.MostPageRows, null, cancellationToken))
        {
            var state = CatalogueState.Read(row);
            if (state.Head is { } head)
                yield return Named(head, DocumentUse.InUse, "the catalogue of a replica");
            foreach (var segment in state.Segments)
                yield return Named(segment.Receipt, DocumentUse.InUse, "a segment of the catalogue of a replica");
            foreach (var former in NotNewest(state))
                yield return Named(former, DocumentUse.LeftOver, "of a catalogue of a replica that is not the newest");
        }
    }

    static IEnumerable<ChunkReceipt> NotNewest(CatalogueState state) =>
        [.. state.Former, .. state.Unpinned, .. state.Posted is { } posted ? (ChunkReceipt[])[posted] : []];

    // Of a video that is being removed everything goes.
    static DocumentUse UseOf(VideoStatus status) => status == VideoStatus.Deleting ? DocumentUse.LeftOver : DocumentUse.InUse;

    static NamedDocument Named(ChunkReceipt receipt, DocumentUse use, string owner) => new(receipt.ChatId, receipt.MessageId, use, owner);
}
