using System.Buffers;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using TgVault.Core.Caching;
using TgVault.Core.Files;
using TgVault.Core.Videos;

namespace TgVault.Core.Staging.Folder;

/// <summary>
/// Staging in a folder of this machine: <c>uploads</c> and <c>prepared</c>, in each a folder for each blob (<see cref="BlobFolder"/>).
/// Uploads come through the vault's own port (<see cref="FolderUploads"/>).
/// </summary>
sealed class FolderStaging(StagingFolder folder, UploadLedgers ledgers, UploadUrls urls, TimeProvider time, ILogger<FolderStaging> log)
    : IStaging,
        IDisposable
{
    /// <summary>As long as Azure keeps them, after the last one came.</summary>
    static readonly TimeSpan BlocksWait = TimeSpan.FromDays(7);

    const int CopyBytes = 64 << 10;
    const long ListBytes = 16 << 20;

    // By their tags, so that what is kept never goes stale.
    readonly SharedCache<string, CommittedBlocks> _lists = new(ListBytes, list => list.Bytes);

    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        foreach (var area in Enum.GetValues<StagingArea>())
        {
            DurableFolder.Create(folder.PathOf(area));
            foreach (var name in folder.Names(area, "").ToList())
                folder.Of(area, name).RemoveTemporary();
        }

        await SweepAsync(cancellationToken);
    }

    public Task<UploadPermit> CreateUploadAsync(VideoId id, TimeSpan lifetime, CancellationToken cancellationToken) =>
        Task.FromResult(urls.Sign(id.ToString(), lifetime));

    // Blocks that were replaced are gone; what is being written is not counted until it is there.
    public Task<long?> MeasureUploadAsync(VideoId id, CancellationToken cancellationToken)
    {
        try
        {
            return Task.FromResult<long?>(folder.Of(StagingArea.Uploads, id.ToString()).BlockFiles().Sum(file => file.Length));
        }
        catch (IOException)
        {
            // One of them went while they were counted.
            return Task.FromResult<long?>(null);
        }
    }

    public IAsyncEnumerable<StagedBlob> ListUploadsAsync(CancellationToken cancellationToken) =>
        ListAsync(StagingArea.Uploads, "", cancellationToken);

    public IAsyncEnumerable<StagedBlob> ListPreparedAsync(string start, CancellationToken cancellationToken) =>
        ListAsync(StagingArea.Prepared, start, cancellationToken);

    public async Task<StagedBlob?> FindAsync(StagingArea area, string name, CancellationToken cancellationToken) =>
        await folder.Of(area, name).FindAsync(cancellationToken) is { } version ? Staged(area, name, version) : null;

    public async Task ReadAsync(StagedBlob blob, long offset, Memory<byte> destination, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, blob.LengthBytes - destination.Length);
        if (destination.IsEmpty)
            return;
        var at = folder.Of(blob.Area, blob.Name);
        try
        {
            if (await at.FindAsync(cancellationToken) is not { } newest || newest.ETag != blob.ETag)
                throw Changed(blob, null);
            var list = await _lists.GetAsync(newest.Tag, token => ListOfAsync(at, blob, token), cancellationToken);
            while (!destination.IsEmpty)
            {
                var (file, from) = list.At(offset);
                var count = (int)Math.Min(destination.Length, file.LengthBytes - from);
                await ReadFileAsync(Path.Combine(at.Path, file.File), from, destination[..count], cancellationToken);
                destination = destination[count..];
                offset += count;
            }
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw Changed(blob, exception);
        }
    }

    public async Task SaveUploadAsync(VideoId id, Stream content, CancellationToken cancellationToken)
    {
        folder.EnsureRoom(content.Length);
        await SaveAsync(StagingArea.Uploads, id.ToString(), content, cancellationToken);
    }

    public Task<StagedBlob> SavePreparedAsync(string name, Stream content, CancellationToken cancellationToken) =>
        SaveAsync(StagingArea.Prepared, name, content, cancellationToken);

    async Task<StagedBlob> SaveAsync(StagingArea area, string name, Stream content, CancellationToken cancellationToken)
    {
        var blob = folder.Of(area, name);
        using var file = await folder.BeginFileAsync(blob, cancellationToken);
        var buffer = ArrayPool<byte>.Shared.Rent(CopyBytes);
        try
        {
            while (await content.ReadAsync(buffer, cancellationToken) is > 0 and var read)
                await file.AppendAsync(buffer.AsMemory(0, read), cancellationToken);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        file.Flush();
        using var turn = await folder.EnterAsync(blob, cancellationToken);
        return Staged(area, name, await StagingFolder.CommitWholeAsync(blob, file, time.GetUtcNow(), cancellationToken));
    }

    public async Task DeleteAsync(StagedBlob blob, CancellationToken cancellationToken)
    {
        var at = folder.Of(blob.Area, blob.Name);
        string? gone = null;
        using (await folder.EnterAsync(at, cancellationToken))
        {
            var newest = await at.FindAsync(cancellationToken);
            if (newest?.ETag == blob.ETag)
            {
                gone = at.TakeAway();
                ledgers.Forget(at);
            }
            else if (newest is not null)
                log.StagedBlobKept(blob.Name);
        }

        if (gone is not null)
            BlobFolder.Erase(gone);
    }

    public async Task DiscardUploadAsync(VideoId id, CancellationToken cancellationToken)
    {
        var at = folder.Of(StagingArea.Uploads, id.ToString());
        string? gone;
        using (await folder.EnterAsync(at, cancellationToken))
        {
            gone = at.TakeAway();
            ledgers.Forget(at);
        }

        if (gone is not null)
            BlobFolder.Erase(gone);
    }

    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        var before = time.GetUtcNow() - BlocksWait;
        foreach (var area in Enum.GetValues<StagingArea>())
        {
            foreach (var path in Directory.EnumerateDirectories(folder.PathOf(area), BlobFolder.GoneStart + "*"))
                BlobFolder.Erase(path);
            foreach (var name in folder.Names(area, "").ToList())
                await SweepAsync(folder.Of(area, name), name, before, cancellationToken);
        }
    }

    async Task SweepAsync(BlobFolder blob, string name, DateTimeOffset before, CancellationToken cancellationToken)
    {
        using var turn = await folder.EnterAsync(blob, cancellationToken);
        var newest = await blob.ReadAsync(cancellationToken);
        if (newest is null && blob.HasList)
        {
            // What it named cannot be told from what is to be swept.
            log.StagedBlobDamaged(name);
            return;
        }

        var tag = newest?.Version.Tag ?? BlobVersion.NoTag;
        var isOld = blob.BlockFiles()
            .Where(file => BlobFolder.IdStagedUpon(tag, file.Name) is not null)
            .All(file => file.LastWriteTimeUtc < before.UtcDateTime);
        blob.RemoveOthers(newest, _ => isOld);
        if (isOld)
            ledgers.Forget(blob);
        if (newest is null)
            blob.RemoveIfEmpty();
    }

    async IAsyncEnumerable<StagedBlob> ListAsync(
        StagingArea area,
        string start,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        foreach (var name in folder.Names(area, start).ToList())
        {
            if (await FindAsync(area, name, cancellationToken) is { } blob)
                yield return blob;
        }
    }

    static async Task<CommittedBlocks> ListOfAsync(BlobFolder at, StagedBlob blob, CancellationToken cancellationToken) =>
        await at.ReadAsync(cancellationToken) is { } list && list.Version.ETag == blob.ETag ? list : throw Changed(blob, null);

    static async Task ReadFileAsync(string path, long offset, Memory<byte> destination, CancellationToken cancellationToken)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        while (!destination.IsEmpty)
        {
            var read = await RandomAccess.ReadAsync(file, destination, offset, cancellationToken);
            if (read == 0)
                throw new IntegrityException($"The staged file {path} is shorter than when it was written: the disk lost bytes.");
            destination = destination[read..];
            offset += read;
        }
    }

    static StagedBlobChangedException Changed(StagedBlob blob, Exception? exception) =>
        new($"The staged blob {blob.Name} was replaced or removed while it was being read.", exception);

    static StagedBlob Staged(StagingArea area, string name, BlobVersion version) =>
        new(area, name, version.ETag, version.LengthBytes, version.Modified);

    public void Dispose() => _lists.Dispose();
}
