using Microsoft.Extensions.Logging;
using TgVault.Core.Mp4.Index;
using TgVault.Core.Playback.Open;
using TgVault.Core.Videos;

namespace TgVault.Core.Playback.Packaging;

/// <summary>
/// Indexes of the MP4s played last. Each is read, when it is asked for first, from what ingest stored beside the file; where that is not there, of another version or does
/// not fit, it is built from the file's own moov. One build however many ask, ended when nobody waits any more. A build that failed is not kept.
/// </summary>
/// <param name="reader">Opens the videos.</param>
/// <param name="maxBytes">Memory for indexes; the one in use is kept whatever its size.</param>
/// <param name="log">Is told what was stored and could not be used.</param>
public sealed class IndexCache(OpenVideos reader, long maxBytes, ILogger<IndexCache> log) : IDisposable
{
    /// <summary>More than any index that the format can describe usefully: a day of 60 fps video has some 8 MiB.</summary>
    const int MaxIndexBytes = 64 << 20;

    /// <summary>Ten three-hour films, or hundreds of clips.</summary>
    public const long DefaultBytes = 12 << 20;

    // A build may hold a moov of many megabytes.
    readonly SemaphoreSlim _turns = new(2, 2);
    readonly Lock _gate = new();
    readonly Dictionary<IndexKey, Entry> _entries = [];
    readonly LinkedList<Entry> _oldestFirst = [];
    long _keptBytes;

    /// <summary>Unpacked pages of the indexes that are kept; the vault's only ones.</summary>
    internal PageCache Pages { get; } = new(PageCache.DefaultBytes);

    /// <summary>The packaging of a ready video's prepared file.</summary>
    /// <exception cref="MediaException">The stored file is no MP4, or one that cannot be cut into segments; the message is for people.</exception>
    /// <exception cref="VaultException">The chunks could not be read, or the video was removed or replaced.</exception>
    public Task<PackagedVideo> GetAsync(Video video, CancellationToken cancellationToken) => GetAsync(video, 0, cancellationToken);

    /// <summary>The packaging of one of a ready video's files: the prepared file (0), or the companion with this number.</summary>
    /// <inheritdoc cref="GetAsync(Video, CancellationToken)"/>
    public async Task<PackagedVideo> GetAsync(Video video, int file, CancellationToken cancellationToken)
    {
        // Before a turn is taken: a rendition that waited for its original would keep it from it.
        var original = file == 0 ? null : await GetAsync(video, 0, cancellationToken);
        var key = new IndexKey(video.Id, video.Life.Attempt, file);
        Entry? entry;
        bool isFirst;
        lock (_gate)
        {
            isFirst = !_entries.TryGetValue(key, out entry);
            if (isFirst)
                _entries[key] = entry = new Entry(key);
            if (entry!.Age is { } age)
            {
                _oldestFirst.Remove(age);
                _oldestFirst.AddLast(age);
                return entry.Built.Task.Result;
            }

            entry.Waiters++;
        }

        if (isFirst)
            _ = BuildAsync(entry, original);
        try
        {
            return await entry.Built.Task.WaitAsync(cancellationToken);
        }
        finally
        {
            Leave(entry);
        }
    }

    public void Dispose() => _turns.Dispose();

    void Leave(Entry entry)
    {
        lock (_gate)
        {
            if (--entry.Waiters > 0 || entry.Built.Task.IsCompleted || entry.Age is not null)
                return;
            Remove(entry);
        }

        entry.Abandoned.Cancel();
    }

    // Never throws: what goes wrong is told to those who wait.
    async Task BuildAsync(Entry entry, PackagedVideo? original)
    {
        try
        {
            var token = entry.Abandoned.Token;
            await _turns.WaitAsync(token);
            PackagedVideo built;
            try
            {
                built = await ReadAsync(entry.Key, original, token);
            }
            finally
            {
                _turns.Release();
            }

            entry.Built.TrySetResult(built);
            Keep(entry, built);
        }
#pragma warning disable CA1031 // Whatever it is, the waiting ones get it.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            lock (_gate)
                Remove(entry);
            entry.Built.TrySetException(exception);
            _ = entry.Built.Task.Exception;
        }
    }

    async Task<PackagedVideo> ReadAsync(IndexKey key, PackagedVideo? original, CancellationToken cancellationToken)
    {
        await using var stream = await reader.OpenAsync(key.Video, key.File, cancellationToken);
        if (stream is null || stream.Video.Life.Attempt != key.Attempt)
            throw new VaultException($"Video {key.Video} was removed or replaced while it was opened.");
        if (await TryReadStoredAsync(stream.Video, key.File, stream.Length, cancellationToken) is { } stored)
            return new PackagedVideo(stored);
        var built = await Mp4Index.BuildAsync(
            async (offset, destination, token) =>
            {
                stream.Position = offset;
                stream.ReadEnd = offset + destination.Length;
                await stream.ReadExactlyAsync(destination, token);
            },
            stream.Length,
            cancellationToken
        );
        return new PackagedVideo(original is null ? built : Alignment.Align(built, original.Index));
    }

    async Task<Mp4Index?> TryReadStoredAsync(Video video, int of, long sourceBytes, CancellationToken cancellationToken)
    {
        var companion = video.Files.Companions.FirstOrDefault(companion =>
            companion is { Kind: CompanionKind.Index, State: CompanionState.Stored } && companion.Of == of
        );
        if (companion is not { LengthBytes: <= MaxIndexBytes })
            return null;
        try
        {
            await using var stream = await reader.OpenAsync(video.Id, companion.Number, cancellationToken);
            if (stream is null)
                return null;
            var encoded = new byte[stream.Length];
            stream.ReadEnd = stream.Length;
            await stream.ReadExactlyAsync(encoded, cancellationToken);
            var index = Mp4Index.Decode(encoded);
            if (index.SourceBytes == sourceBytes)
                return index;
            log.StoredIndexUnusable(video.Id, of, $"it is of a file of {index.SourceBytes} bytes, this one has {sourceBytes}");
        }
        catch (Exception exception)
            when (exception is MediaException or IntegrityException or ChunkStoreException { Failure: not ChunkStoreFailure.Transient })
        {
            log.StoredIndexUnusable(video.Id, of, exception.Message);
        }

        return null;
    }

    void Keep(Entry entry, PackagedVideo built)
    {
        lock (_gate)
        {
            if (!_entries.TryGetValue(entry.Key, out var current) || current != entry)
                return;
            entry.Bytes = built.MemoryBytes;
            entry.Age = _oldestFirst.AddLast(entry);
            _keptBytes += entry.Bytes;
            Pages.Add(built.Index);
            while (_keptBytes > maxBytes && _oldestFirst.First is { } oldest && oldest != entry.Age)
                Remove(oldest.Value);
        }
    }

    // Under the lock.
    void Remove(Entry entry)
    {
        if (_entries.TryGetValue(entry.Key, out var current) && current == entry)
            _entries.Remove(entry.Key);
        if (entry.Age is not { } age)
            return;
        _oldestFirst.Remove(age);
        _keptBytes -= entry.Bytes;
        entry.Age = null;
        Pages.Remove(entry.Built.Task.Result.Index);
    }

    readonly record struct IndexKey(VideoId Video, int Attempt, int File);

    /// <summary>One index that is being built or is kept. All members but <see cref="Built"/> are guarded by the cache's lock.</summary>
    sealed class Entry(IndexKey key)
    {
        public IndexKey Key => key;

        public TaskCompletionSource<PackagedVideo> Built { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Cancelled when nobody waits any more. Not disposed: it has no timer and no handle.</summary>
        public CancellationTokenSource Abandoned { get; } = new();

        public int Waiters { get; set; }

        public long Bytes { get; set; }

        /// <summary>Set as long as it is kept.</summary>
        public LinkedListNode<Entry>? Age { get; set; }
    }
}
