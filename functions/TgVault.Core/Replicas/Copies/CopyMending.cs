using System.Buffers;
using Microsoft.Extensions.Logging;
using TgVault.Core.Chunks;
using TgVault.Core.Crypto;
using TgVault.Core.Library;
using TgVault.Core.Replicas.Channel;
using TgVault.Core.Videos;

namespace TgVault.Core.Replicas.Copies;

/// <summary>
/// Makes lost copies of chunks anew from good ones, which are opened first; from channel to channel Telegram copies them itself. A copy in
/// a replica is made at once; a document in the vault's channels once a second look has found it lost, and the one before is left where it
/// is.
/// </summary>
sealed class CopyMending(
    ILibrary library,
    IChunkStore store,
    IDocumentForwarding forwarding,
    IDiscardedDocuments discarded,
    ILeftDocuments left,
    ChunkCopies copies,
    SuspectTable suspects,
    ILogger<CopyMending> log
)
{
    /// <summary>What a chunk is called among the suspects.</summary>
    public static string NameOf(FileChunk chunk) => FormattableString.Invariant($"{chunk.File.Attempt}.{chunk.Number}");

    /// <summary>Mends what can be mended, and notes all in the run.</summary>
    public async Task MendAsync(CopyRun run, ChunkLooks looks, CancellationToken cancellationToken)
    {
        var document = $"chunk {looks.Planned.Number}";
        var isCertain =
            looks.Chunk is { Record.Receipt.IsNowhere: true }
            || await IsCertainAsync(run, NameOf(looks.Planned), looks.InTelegram, cancellationToken);
        var isLostInTelegram = looks.InTelegram.IsLost && isCertain && run.Request.Depth != CopyDepth.Listed;
        var lostReplicas = Enumerable.Range(0, looks.InReplicas.Length).Where(place => looks.InReplicas[place].IsLost).ToList();
        var mended = new HashSet<int>();
        if (run.Request.Mends && looks.Chunk is { } chunk && (isLostInTelegram || lostReplicas.Count > 0))
            mended = await MakeAsync(run, looks, chunk, isLostInTelegram, lostReplicas, cancellationToken);
        run.Add(document, 0, looks.InTelegram, mended.Contains(0), looks.InTelegram.IsLost && !isCertain);
        for (var replica = 0; replica < looks.InReplicas.Length; replica++)
            run.Add(document, replica + 1, looks.InReplicas[replica], mended.Contains(replica + 1), isSuspected: false);
        // What is suspected is looked at again, and counted then.
        if (!looks.InTelegram.IsLost || isCertain)
            run.CountCopies(mended.Count + looks.InReplicas.Append(looks.InTelegram).Count(look => look.IsThere));
    }

    /// <summary>The manifest names other receipts than the rows now: it is posted anew, as after an edit.</summary>
    public Task NameAnewAsync(Video video, CancellationToken cancellationToken) =>
        library.ChangeAsync(
            video.Id,
            current => current.IsStored ? current with { Manifests = current.Manifests with { IsStale = true } } : null,
            cancellationToken
        );

    /// <summary>Whether what a look found lost in a channel was found so before. What is good again is not suspected any more.</summary>
    public async Task<bool> IsCertainAsync(CopyRun run, string name, CopyLook look, CancellationToken cancellationToken)
    {
        var isSuspected = run.Suspects.TryGetValue(name, out var first);
        if (look.State == CopyState.Good && isSuspected && run.Request.Depth != CopyDepth.Listed)
            await suspects.RemoveAsync(run.Video.Id, name, cancellationToken);
        if (!look.IsLost)
            return false;
        if (isSuspected && suspects.IsDue(first))
            return true;
        if (!isSuspected)
            await suspects.AddAsync(run.Video.Id, name, cancellationToken);
        run.LookAgain = SuspectTable.SecondLook;
        return false;
    }

    /// <summary>The places that have a good copy now and had none: 0 is Telegram.</summary>
    async Task<HashSet<int>> MakeAsync(
        CopyRun run,
        ChunkLooks looks,
        CheckedChunk chunk,
        bool isLostInTelegram,
        List<int> lostReplicas,
        CancellationToken cancellationToken
    )
    {
        var mended = await TakeAsync(run, looks, chunk, isLostInTelegram, lostReplicas, cancellationToken);
        var missing = lostReplicas.Where(replica => run.IsUsable(replica) && !mended.Contains(replica + 1)).ToList();
        isLostInTelegram &= !mended.Contains(0);
        if (run.Wait is not null || run.Stopped.Length > 0 || !(isLostInTelegram || missing.Count > 0))
            return mended;
        var buffer = ArrayPool<byte>.Shared.Rent(chunk.SealedBytes);
        try
        {
            var content = buffer.AsMemory(0, chunk.SealedBytes);
            if (!await TryReadGoodAsync(run, looks, chunk, content, cancellationToken))
                return mended;
            foreach (var replica in missing)
            {
                if (await TryWriteAsync(run, replica, ReplicaNames.Chunk(chunk.Identity), content, cancellationToken))
                    mended.Add(replica + 1);
            }

            var document = new ChunkDocument(DocumentName.Random(), content);
            if (isLostInTelegram && await TryPostAsync(run, chunk, () => store.PutAsync(document, cancellationToken), cancellationToken))
                mended.Add(0);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return mended;
    }

    /// <summary>The same, as far as Telegram itself can copy it from one channel into another.</summary>
    async Task<HashSet<int>> TakeAsync(
        CopyRun run,
        ChunkLooks looks,
        CheckedChunk chunk,
        bool isLostInTelegram,
        List<int> lostReplicas,
        CancellationToken cancellationToken
    )
    {
        var mended = new HashSet<int>();
        var name = ReplicaNames.Chunk(chunk.Identity);
        if (looks.InTelegram.State == CopyState.Good)
        {
            foreach (var replica in lostReplicas)
            {
                if (await TryTakeAsync(run, replica, name, chunk.Record.Receipt, cancellationToken))
                    mended.Add(replica + 1);
            }
        }

        for (var replica = 0; isLostInTelegram && run.Wait is null && replica < looks.InReplicas.Length; replica++)
        {
            if (
                looks.InReplicas[replica].State != CopyState.Good
                || run.Replicas[replica].Documents is not ChannelReplica { Store.Forwarding: not null } channel
                || await channel.FindReceiptAsync(name, cancellationToken) is not { } copy
                || !await TryPostAsync(run, chunk, () => ForwardAsync(copy, cancellationToken), cancellationToken)
            )
                continue;
            mended.Add(0);
            break;
        }

        return mended;
    }

    /// <summary>What may not be forwarded can still be uploaded, so it does not end the run.</summary>
    async Task<ChunkReceipt> ForwardAsync(ChunkReceipt copy, CancellationToken cancellationToken)
    {
        try
        {
            return await forwarding.ForwardAsync(copy, cancellationToken);
        }
        catch (ChunkStoreException failure) when (failure.Failure == ChunkStoreFailure.Permanent)
        {
            throw new ChunkStoreException(ChunkStoreFailure.Gone, failure.Message, null, failure);
        }
    }

    /// <summary>Has a channel take a document from another one; false also where it has to be written.</summary>
    public Task<bool> TryTakeAsync(CopyRun run, int replica, string name, ChunkReceipt source, CancellationToken cancellationToken) =>
        TryAsync(run, replica, documents => documents.TryTakeAsync(name, source, cancellationToken));

    /// <summary>Reads the chunk from the first place whose copy opens: replicas first, which cost Telegram nothing.</summary>
    async Task<bool> TryReadGoodAsync(
        CopyRun run,
        ChunkLooks looks,
        CheckedChunk chunk,
        Memory<byte> content,
        CancellationToken cancellationToken
    )
    {
        for (var replica = 0; replica < looks.InReplicas.Length; replica++)
        {
            if (looks.InReplicas[replica].State != CopyState.Good)
                continue;
            var read = ChunkCopies.ReadReplica(run.Replicas[replica].Documents, ReplicaNames.Chunk(chunk.Identity));
            if (await TryReadAsync(read))
                return true;
        }

        return looks.InTelegram.State == CopyState.Good && await TryReadAsync(copies.ReadTelegram(chunk.Record.Receipt));

        async Task<bool> TryReadAsync(ReadBytes read)
        {
            try
            {
                await ChunkCopies.ReadWholeAsync(chunk, read, content, cancellationToken);
                return true;
            }
            catch (VaultException failure)
            {
                if (failure is ChunkStoreException { RetryAfter: { } wait })
                    run.Wait = wait;
                log.CopyNotRead(run.Video.Id, chunk.Planned.Number, failure.Message);
                return false;
            }
        }
    }

    /// <summary>Writes a document into a replica. One that does not take it is not asked again in this run.</summary>
    public Task<bool> TryWriteAsync(
        CopyRun run,
        int replica,
        string name,
        ReadOnlyMemory<byte> content,
        CancellationToken cancellationToken
    ) =>
        TryAsync(
            run,
            replica,
            async documents =>
            {
                await documents.WriteAsync(name, content, cancellationToken);
                return true;
            }
        );

    async Task<bool> TryAsync(CopyRun run, int replica, Func<IReplica, Task<bool>> make)
    {
        if (!run.IsUsable(replica))
            return false;
        try
        {
            return await make(run.Replicas[replica].Documents);
        }
        catch (ReplicaException failure)
        {
            run.Replicas[replica].Failed(failure);
            run.GiveUp(replica);
            run.Wait = failure.RetryAfter ?? run.Wait;
            log.CopyNotMade(run.Video.Id, failure.Message);
            return false;
        }
    }

    async Task<bool> TryPostAsync(CopyRun run, CheckedChunk chunk, Func<Task<ChunkReceipt>> post, CancellationToken cancellationToken)
    {
        var identity = chunk.Identity;
        try
        {
            // Before the first: where this is killed, rows and manifest are brought together all the same.
            if (run.Posted == 0)
                await NameAnewAsync(run.Video, cancellationToken);
            var receipt = await post();
            run.Posted++;
            if (
                !await ComesBackAsync(run, chunk, receipt, cancellationToken)
                || !await IsCurrentAsync(identity.Video, identity.Attempt, cancellationToken)
            )
            {
                await discarded.DiscardAsync(store, receipt);
                return false;
            }

            // From here on also where everything stops just now: nobody else knows of the document, nor of the one before.
            await library.ReplaceChunkAsync(
                identity.Video,
                identity.Attempt,
                chunk.Record with
                {
                    Receipt = receipt,
                },
                CancellationToken.None
            );
            if (!chunk.Record.Receipt.IsNowhere)
                await left.AddAsync(chunk.Record.Receipt, CancellationToken.None);
            await suspects.RemoveAsync(identity.Video, NameOf(chunk.Planned), cancellationToken);
            log.ChunkPostedAnew(identity.Video, identity.Number);
            return true;
        }
        catch (ChunkStoreException failure)
        {
            run.Wait = failure.RetryAfter;
            // One document that is gone says nothing of the others.
            if (failure is { RetryAfter: null, Failure: not ChunkStoreFailure.Gone })
                run.Stopped = failure.Message;
            log.CopyNotMade(identity.Video, failure.Message);
            return false;
        }
    }

    /// <summary>
    /// Whether what was posted can be read and opened. Where it cannot, nothing that seemed lost need be: Telegram gives nothing, for now.
    /// </summary>
    async Task<bool> ComesBackAsync(CopyRun run, CheckedChunk chunk, ChunkReceipt receipt, CancellationToken cancellationToken)
    {
        var look = await copies.LookInTelegramAsync(
            chunk with
            {
                Record = chunk.Record with { Receipt = receipt },
            },
            CopyDepth.Whole,
            cancellationToken
        );
        if (look.State == CopyState.Good)
            return true;
        run.Stopped = $"What was posted anew did not come back, so nothing is taken to be lost: {look.Reason}";
        return false;
    }

    async Task<bool> IsCurrentAsync(VideoId video, int attempt, CancellationToken cancellationToken) =>
        await library.FindAsync(video, cancellationToken) is { IsStored: true } current && current.Life.Attempt == attempt;
}
