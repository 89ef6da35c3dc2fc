using System.Collections.Concurrent;
using System.Globalization;
using TgVault.Core;
using TgVault.Core.Staging;
using TgVault.Core.Videos;

namespace TgVault.Testing;

/// <summary>Staging in memory that keeps the contract (StagingContract runs against it), except that its URLs lead nowhere:
/// tests upload with <see cref="Put"/>.</summary>
public class MemoryStaging(TimeProvider time) : IStaging
{
    readonly ConcurrentDictionary<(StagingArea Area, string Name), (StagedBlob Blob, byte[] Content)> _blobs = [];

    long _versions;

    /// <summary>What a client's finished upload leaves behind.</summary>
    public StagedBlob Put(StagingArea area, string name, byte[] content)
    {
        var etag = string.Create(CultureInfo.InvariantCulture, $"\"{Interlocked.Increment(ref _versions)}\"");
        var blob = new StagedBlob(area, name, etag, content.Length, time.GetUtcNow());
        _blobs[(area, name)] = (blob, content);
        return blob;
    }

    public Task PrepareAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<UploadPermit> CreateUploadAsync(VideoId id, TimeSpan lifetime, CancellationToken cancellationToken) =>
        Task.FromResult(new UploadPermit(new Uri($"memory://staging/{id}"), time.GetUtcNow() + lifetime));

    public IAsyncEnumerable<StagedBlob> ListUploadsAsync(CancellationToken cancellationToken) =>
        List(StagingArea.Uploads, "").ToAsyncEnumerable();

    public IAsyncEnumerable<StagedBlob> ListPreparedAsync(string start, CancellationToken cancellationToken) =>
        List(StagingArea.Prepared, start).ToAsyncEnumerable();

    public Task<StagedBlob?> FindAsync(StagingArea area, string name, CancellationToken cancellationToken) =>
        Task.FromResult(_blobs.TryGetValue((area, name), out var entry) ? entry.Blob : null);

    public Task ReadAsync(StagedBlob blob, long offset, Memory<byte> destination, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, blob.LengthBytes - destination.Length);
        if (destination.IsEmpty)
            return Task.CompletedTask;
        if (!_blobs.TryGetValue((blob.Area, blob.Name), out var entry) || entry.Blob.ETag != blob.ETag)
            throw new StagedBlobChangedException($"The staged blob {blob.Name} was replaced or removed while it was being read.");
        entry.Content.AsMemory((int)offset, destination.Length).CopyTo(destination);
        return Task.CompletedTask;
    }

    public async Task SaveUploadAsync(VideoId id, Stream content, CancellationToken cancellationToken)
    {
        using var copy = new MemoryStream();
        await content.CopyToAsync(copy, cancellationToken);
        Put(StagingArea.Uploads, id.ToString(), copy.ToArray());
    }

    public async Task<StagedBlob> SavePreparedAsync(string name, Stream content, CancellationToken cancellationToken)
    {
        using var copy = new MemoryStream();
        await content.CopyToAsync(copy, cancellationToken);
        return Put(StagingArea.Prepared, name, copy.ToArray());
    }

    public Task DeleteAsync(StagedBlob blob, CancellationToken cancellationToken)
    {
        if (_blobs.TryGetValue((blob.Area, blob.Name), out var entry) && entry.Blob.ETag == blob.ETag)
            _blobs.TryRemove(KeyValuePair.Create((blob.Area, blob.Name), entry));
        return Task.CompletedTask;
    }

    public async Task DiscardUploadAsync(VideoId id, CancellationToken cancellationToken)
    {
        if (await FindAsync(StagingArea.Uploads, id.ToString(), cancellationToken) is { } upload)
            await DeleteAsync(upload, cancellationToken);
    }

    public Task SweepAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    IEnumerable<StagedBlob> List(StagingArea area, string start) =>
        _blobs
            .Values.Select(entry => entry.Blob)
            .Where(blob => blob.Area == area && blob.Name.StartsWith(start, StringComparison.Ordinal))
            .OrderBy(blob => blob.Name, StringComparer.Ordinal);
}
