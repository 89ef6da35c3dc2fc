using System.Collections.Immutable;
using TgVault.Core.Files;
using TgVault.Core.Videos;

namespace TgVault.Core.Staging.Folder;

/// <summary>
/// Writes uploads to the staging folder as clients of blob storage do: whole, or in blocks that a list then makes one blob. What returns is
/// on the disk. Blocks stay files of their own and the blob is a list of them: nothing is copied when a film is committed, a client may
/// send blocks in any order, and each is safe once it is acknowledged.
/// </summary>
public sealed class FolderUploads
{
    const int MaxIdBytes = 64;

    readonly StagingFolder _folder;
    readonly UploadLedgers _ledgers;
    readonly TimeProvider _time;

    internal FolderUploads(StagingFolder folder, UploadLedgers ledgers, TimeProvider time) =>
        (_folder, _ledgers, _time) = (folder, ledgers, time);

    /// <summary>Put Blob: one request brings all of it and replaces what was there.</summary>
    /// <exception cref="UploadRefusedException">It was not taken.</exception>
    public async Task<StagedBlob> PutBlobAsync(
        UploadTarget target,
        UploadContent content,
        WriteConditions conditions,
        CancellationToken cancellationToken
    )
    {
        if (target.IsTakenUp)
            throw TakenUp();
        CheckLength(content.LengthBytes, target.AnnouncedBytes);
        var blob = _folder.Of(StagingArea.Uploads, target.Name);
        conditions.Check(await blob.FindAsync(cancellationToken));
        return await ReceiveAsync(
            blob,
            null,
            target,
            content,
            async (file, turned) =>
            {
                conditions.Check(await blob.FindAsync(turned));
                var version = await StagingFolder.CommitWholeAsync(blob, file, _time.GetUtcNow(), turned);
                _ledgers.Forget(blob);
                return Staged(target.Name, version);
            },
            cancellationToken
        );
    }

    /// <summary>Put Block: a piece of a later blob, in place of one of the same id that was not committed yet.</summary>
    /// <exception cref="UploadRefusedException">It was not taken.</exception>
    public async Task PutBlockAsync(UploadTarget target, string blockId, UploadContent content, CancellationToken cancellationToken)
    {
        var id = HexOf(blockId);
        if (target.IsTakenUp)
            throw TakenUp();
        if (content.LengthBytes == 0)
            throw new UploadRefusedException(UploadRefusal.InvalidBlock, "A block must have bytes.");
        var blob = _folder.Of(StagingArea.Uploads, target.Name);
        await ReceiveAsync(
            blob,
            id,
            target,
            content,
            async (file, turned) =>
            {
                var tag = await TagAsync(blob, turned);
                file.RenameTo(BlobFolder.BlockName(tag, id));
                _ledgers.Of(blob, tag).Add(id, file.LengthBytes);
                return true;
            },
            cancellationToken
        );
        // Outside of the turn: blocks that come at the same time wait for the disk together.
        Guard(() => DurableFolder.Sync(blob.Path));
    }

    /// <summary>
    /// Put Block List: makes these blocks the blob, discards the others that wait. A list that says what the blob is already makes no new
    /// version, whatever the conditions: a client repeats it whose first answer was lost (RFC 9110 §13.1.1 lets it succeed).
    /// </summary>
    /// <exception cref="UploadRefusedException">It was not taken; the blocks wait as before.</exception>
    public async Task<StagedBlob> PutBlockListAsync(
        UploadTarget target,
        IReadOnlyList<ListedBlock> list,
        WriteConditions conditions,
        CancellationToken cancellationToken
    )
    {
        if (list.Count > CommittedBlocks.Most)
            throw new UploadRefusedException(UploadRefusal.TooManyBlocks, $"A blob has at most {CommittedBlocks.Most} blocks.");
        var ids = list.Select(block => (block.Source, Id: HexOf(block.Id))).ToArray();
        var blob = _folder.Of(StagingArea.Uploads, target.Name);
        using var turn = await _folder.EnterAsync(blob, cancellationToken);
        var newest = await blob.ReadAsync(cancellationToken);
        var files = Find(ids, newest, blob);
        if (newest is not null && files is not null && newest.Files.SequenceEqual(files.Value))
        {
            Discard(blob, newest);
            return Staged(target.Name, newest.Version);
        }

        if (target.IsTakenUp)
            throw TakenUp();
        conditions.Check(newest?.Version);
        if (files is null)
            throw new UploadRefusedException(UploadRefusal.InvalidBlockList, "The list names a block that is not there.");
        var blocks = new CommittedBlocks(BlobVersion.NewTag(), _time.GetUtcNow(), files.Value);
        CheckLength(blocks.Version.LengthBytes, target.AnnouncedBytes);
        // Little would become much.
        if (files.Value.Distinct().Count() != files.Value.Length)
            throw new UploadRefusedException(UploadRefusal.InvalidBlockList, "The list names a block more than once.");
        try
        {
            DurableFolder.Create(blob.Path);
            await blob.CommitAsync(blocks, cancellationToken);
        }
        catch (IOException exception) when (DiskErrors.IsFull(exception))
        {
            throw StagingFolder.DiskFull(exception);
        }

        Discard(blob, blocks);
        return Staged(target.Name, blocks.Version);
    }

    void Discard(BlobFolder blob, CommittedBlocks kept)
    {
        _ledgers.Forget(blob);
        blob.RemoveOthers(kept, _ => true);
    }

    ImmutableArray<BlockFile>? Find((BlockSource Source, string Id)[] ids, CommittedBlocks? newest, BlobFolder blob)
    {
        var committed = new Dictionary<string, BlockFile>(StringComparer.Ordinal);
        foreach (var file in newest?.Files ?? [])
        {
            if (BlobFolder.IdOf(file.File) is { } id)
                committed.TryAdd(id, file);
        }

        var tag = newest?.Version.Tag ?? BlobVersion.NoTag;
        var ledger = _ledgers.Of(blob, tag);
        var files = ImmutableArray.CreateBuilder<BlockFile>(ids.Length);
        foreach (var (source, id) in ids)
        {
            if (source != BlockSource.Committed && ledger.LengthOf(id) is { } length)
                files.Add(new BlockFile(BlobFolder.BlockName(tag, id), length));
            else if (source != BlockSource.Uncommitted && committed.TryGetValue(id, out var file))
                files.Add(file);
            else
                return null;
        }

        return files.MoveToImmutable();
    }

    /// <summary>Writes the content beside what is there, then lets <paramref name="place"/> give it its place in turn.</summary>
    async Task<T> ReceiveAsync<T>(
        BlobFolder blob,
        string? id,
        UploadTarget target,
        UploadContent content,
        Func<DurableFile, CancellationToken, Task<T>> place,
        CancellationToken cancellationToken
    )
    {
        UploadLedger ledger;
        using (await _folder.EnterAsync(blob, cancellationToken))
        {
            ledger = _ledgers.Of(blob, await TagAsync(blob, cancellationToken));
            ledger.Begin(id, content.LengthBytes, target.AnnouncedBytes);
        }

        try
        {
            _folder.EnsureRoom(content.LengthBytes);
            using var file = await _folder.BeginFileAsync(blob, cancellationToken);
            await content.WriteToAsync(file, cancellationToken);
            file.Flush();
            using var turn = await _folder.EnterAsync(blob, cancellationToken);
            return await place(file, cancellationToken);
        }
        catch (IOException exception)
        {
            throw Refused(exception) ?? (Exception)exception;
        }
        finally
        {
            using var turn = await _folder.EnterAsync(blob, CancellationToken.None);
            ledger.End(content.LengthBytes);
        }
    }

    static void Guard(Action act)
    {
        try
        {
            act();
        }
        catch (IOException exception) when (Refused(exception) is { } refused)
        {
            throw refused;
        }
    }

    static UploadRefusedException? Refused(IOException exception) =>
        DiskErrors.IsFull(exception) ? StagingFolder.DiskFull(exception)
        : exception is FileNotFoundException or DirectoryNotFoundException
            ? new UploadRefusedException(UploadRefusal.Gone, "The upload was removed meanwhile.", exception)
        : null;

    static async Task<string> TagAsync(BlobFolder blob, CancellationToken cancellationToken) =>
        (await blob.FindAsync(cancellationToken))?.Tag ?? BlobVersion.NoTag;

    static void CheckLength(long lengthBytes, long announcedBytes)
    {
        if (lengthBytes > announcedBytes)
            throw new UploadRefusedException(
                UploadRefusal.TooLarge,
                $"This upload was announced with {announcedBytes} bytes, and {lengthBytes} came. Announce the file anew, with its length."
            );
        if (lengthBytes < announcedBytes)
            throw new UploadRefusedException(
                UploadRefusal.OtherLength,
                $"This upload was announced with {announcedBytes} bytes, and only {lengthBytes} came. Send the rest, or announce the file "
                    + "anew with its length."
            );
    }

    static UploadRefusedException TakenUp() =>
        new(UploadRefusal.TakenUp, "This upload has arrived already, and the vault has taken it up. Announce a new one.");

    /// <summary>A block's id as part of a file's name.</summary>
    static string HexOf(string blockId)
    {
        Span<byte> id = stackalloc byte[MaxIdBytes];
        // 64 bytes are 88 characters.
        return blockId.Length is > 0 and <= 88 && Convert.TryFromBase64String(blockId, id, out var length) && length > 0
            ? Convert.ToHexStringLower(id[..length])
            : throw new UploadRefusedException(UploadRefusal.InvalidBlockId, "A block id must be base64 of 1 to 64 bytes.");
    }

    static StagedBlob Staged(string name, BlobVersion version) =>
        new(StagingArea.Uploads, name, version.ETag, version.LengthBytes, version.Modified);
}
