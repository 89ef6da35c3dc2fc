using TgVault.Core.Catalogue;
using TgVault.Core.Chunks;
using TgVault.Core.Crypto;
using TgVault.Core.Library;
using TgVault.Core.Replicas.Channel;
using TgVault.Core.Rows;
using TgVault.Core.Videos;

namespace TgVault.Core.Replicas.Copies;

/// <summary>
/// The copies of a video's manifest, which come last: where a replica has the newest manifest, it has all that it names. One that is lost
/// in the channel is posted anew from the rows.
/// </summary>
sealed class ManifestCopies(
    ILibrary library,
    IChunkStore store,
    IDocumentMemory memory,
    KeyRing keys,
    ChunkCopies copies,
    CopyMending mending,
    SuspectTable suspects,
    IRowStore rows
)
{
    const string Document = "manifest";

    readonly ReplicaTable _table = new(rows.Table(VaultTables.Vault));

    public async Task CheckAsync(CopyRun run, CancellationToken cancellationToken)
    {
        var request = run.Request;
        if (request.Share is { Part: not 1 } || (request.OnlySuspects && !run.Suspects.ContainsKey(Document)))
            return;
        if (await library.FindAsync(run.Video.Id, cancellationToken) is not { IsStored: true, Manifests.Newest: { } newest } video)
            return;
        byte[]? document = null;
        var look = newest.IsNowhere
            ? new CopyLook(CopyState.Missing, "It was not posted.")
            : await copies.LookAtTelegramAsync(async () => document = await ReadAsync(video.Id, newest, cancellationToken), newest);
        await CheckTelegramAsync(run, newest, look, cancellationToken);
        // What the row asks for is posted soon, and then copied.
        if (video.NeedsAmending)
            return;
        for (var replica = 0; replica < run.Replicas.Length; replica++)
            await CheckReplicaAsync(run, replica, video, document, cancellationToken);
    }

    async Task CheckTelegramAsync(CopyRun run, ChunkReceipt newest, CopyLook look, CancellationToken cancellationToken)
    {
        var isCertain = newest.IsNowhere || await mending.IsCertainAsync(run, Document, look, cancellationToken);
        var isMended = look.IsLost && isCertain && run.Request is { Mends: true, Depth: not CopyDepth.Listed };
        if (isMended)
        {
            await mending.NameAnewAsync(run.Video, cancellationToken);
            await suspects.RemoveAsync(run.Video.Id, Document, cancellationToken);
        }

        if (look.State == CopyState.Throttled)
            run.Wait = look.RetryAfter;
        else if (look.State == CopyState.Unreachable && !(look.IsRefused && run.Replicas.Length > 0))
            run.Stopped = look.Reason;
        run.Add(Document, 0, look, isMended, look.IsLost && !isCertain);
    }

    async Task<byte[]> ReadAsync(VideoId video, ChunkReceipt receipt, CancellationToken cancellationToken)
    {
        if (receipt.SealedLengthBytes is < SealedDocument.HeaderBytes or > SealedDocument.MaxBytes)
            throw new IntegrityException("It is recorded with a length that cannot be.");
        memory.Forget(receipt);
        var document = new byte[receipt.SealedLengthBytes];
        await store.ReadAsync(receipt, 0, document, cancellationToken);
        Open(video, document);
        return document;
    }

    void Open(VideoId video, ReadOnlySpan<byte> document)
    {
        if (ManifestDocument.Open(document, keys).Id != video)
            throw new IntegrityException("It is the manifest of another video.");
    }

    async Task CheckReplicaAsync(CopyRun run, int replica, Video video, byte[]? document, CancellationToken cancellationToken)
    {
        var look = run.IsUsable(replica)
            ? await LookAsync(run.Replicas[replica].Documents, video.Id, document, cancellationToken)
            : new CopyLook(CopyState.Unreachable, run.Replicas[replica].Failure);
        var isMended = false;
        if (document is not null && run.Request.Mends && run.IsUsable(replica))
        {
            // A channel's documents are found by what the manifest says, so it has to say it.
            if (!await NamesCopiesAsync(run.Replicas[replica].Documents, video, document, cancellationToken))
            {
                await mending.NameAnewAsync(video, cancellationToken);
                return;
            }

            isMended = look.IsLost && await TryMakeAsync(run, replica, video, document, cancellationToken);
        }

        run.Add(Document, replica + 1, look, isMended, isSuspected: false);
        if (run.Request.Mends && (isMended || look.State == CopyState.Good))
            await FinishAsync(run, replica, video, cancellationToken);
    }

    async Task<bool> TryMakeAsync(CopyRun run, int replica, Video video, byte[] document, CancellationToken cancellationToken)
    {
        var name = ReplicaNames.Manifest(video.Id);
        return await mending.TryTakeAsync(run, replica, name, video.Manifests.Newest!, cancellationToken)
            || await mending.TryWriteAsync(run, replica, name, document, cancellationToken);
    }

    /// <summary>Whether the manifest says where every chunk lies that this channel has; of other replicas it need not.</summary>
    async Task<bool> NamesCopiesAsync(IReplica replica, Video video, byte[] document, CancellationToken cancellationToken)
    {
        if (replica.Kind != ReplicaKind.Channel)
            return true;
        var receipts = await replica.FindReceiptsAsync(ReplicaNames.Video(video.Id), cancellationToken);
        var manifest = ManifestDocument.Open(document, keys);
        return manifest
            .ToChunkRecords()
            .All(chunk =>
                !receipts.TryGetValue(ReplicaNames.Chunk(new ChunkIdentity(video.Id, manifest.Attempt, chunk.Number)), out var receipt)
                || chunk.Copies.Any(copy => copy.ChatId == receipt.ChatId && copy.MessageId == receipt.MessageId)
            );
    }

    async Task<CopyLook> LookAsync(IReplica replica, VideoId video, byte[]? document, CancellationToken cancellationToken)
    {
        try
        {
            var name = ReplicaNames.Manifest(video);
            var length = await replica.FindLengthAsync(name, cancellationToken);
            if (length is null)
                return new CopyLook(CopyState.Missing, "It is not there.");
            if (length is < SealedDocument.HeaderBytes or > SealedDocument.MaxBytes)
                return new CopyLook(CopyState.Damaged, "It has a length that cannot be.");
            var content = new byte[length.Value];
            if (!await replica.TryReadAsync(name, 0, content, cancellationToken))
                return new CopyLook(CopyState.Missing, "It is not there any more.");
            if (document is not null && !content.AsSpan().SequenceEqual(document))
                return new CopyLook(CopyState.Missing, "An older one is there.");
            Open(video, content);
            return new CopyLook(CopyState.Good);
        }
        catch (IntegrityException damage)
        {
            return new CopyLook(CopyState.Damaged, damage.Message);
        }
        catch (ReplicaException failure)
        {
            return new CopyLook(CopyState.Unreachable, failure.Message);
        }
    }

    /// <summary>Notes that the replica has all of a video, if it has, and removes what is of the video no more.</summary>
    async Task FinishAsync(CopyRun run, int replica, Video video, CancellationToken cancellationToken)
    {
        var (bound, newest) = (run.Replicas[replica], video.Manifests.Newest!);
        try
        {
            var state = await bound.OpenAsync(cancellationToken);
            if (await _table.IsWholeAsync(state.Id, video.Id, newest, cancellationToken))
                return;
            foreach (var file in video.FilesOf(CompanionState.Stored))
            {
                for (var index = 0; index < file.Plan.Count; index++)
                {
                    var name = ReplicaNames.Chunk(new ChunkIdentity(file.Video, file.Attempt, file.NumberOf(index)));
                    var length = await bound.Documents.FindLengthAsync(name, cancellationToken);
                    if (length != SealedChunk.SealedLength(file.Plan[index].LengthBytes))
                        return;
                }
            }

            var below = await bound
                .Documents.ListBelowAsync(ReplicaNames.Video(video.Id), cancellationToken)
                .ToListAsync(cancellationToken);
            foreach (var name in below.Where(name => IsOver(name, video)))
                await bound.Documents.DeleteAsync(name, cancellationToken);
            if (bound.Documents is ChannelReplica channel)
                await channel.NameAsync(video.Id, cancellationToken);
            await _table.SetWholeAsync(state.Id, video.Id, newest, cancellationToken);
        }
        catch (ReplicaException failure)
        {
            bound.Failed(failure);
        }
    }

    /// <summary>
    /// Whether a chunk is of an attempt before, or of a companion that left. What a row does not know yet is not over.
    /// </summary>
    static bool IsOver(string name, Video video)
    {
        if (ReplicaNames.ChunkOf(name) is not { } chunk)
            return false;
        var (attempt, file) = (chunk.Attempt, chunk.Number.Value / ChunkNumber.PerFile);
        return attempt < video.Life.Attempt
            || (
                attempt == video.Life.Attempt
                && file > 0
                && file <= video.Files.LastCompanion
                && !video.Files.Companions.Any(companion => companion.Number == file && companion.State != CompanionState.Leaving)
            );
    }
}
