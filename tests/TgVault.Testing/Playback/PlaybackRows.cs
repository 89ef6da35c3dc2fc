using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using TgVault.Core;
using TgVault.Core.Catalogue;

namespace TgVault.Testing.Playback;

/// <summary>The rows of a playback test in memory; counts what is asked of it.</summary>
public sealed class PlaybackRows : ICatalogue
{
    readonly ConcurrentDictionary<VideoId, Video> _videos = new();
    readonly ConcurrentDictionary<(VideoId, int, int), ChunkRecord> _chunks = new();
    int _rowsRead;
    int _pagesRead;
    int _versions;

    public int RowsRead => _rowsRead;

    public int PagesRead => _pagesRead;

    public Task PrepareAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<bool> TryAddAsync(Video video, CancellationToken cancellationToken) => Task.FromResult(_videos.TryAdd(video.Id, Versioned(video)));

    public Task<Video?> FindAsync(VideoId id, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _rowsRead);
        return Task.FromResult(_videos.GetValueOrDefault(id));
    }

    public Task<Video?> TryReplaceAsync(Video video, CancellationToken cancellationToken)
    {
        var stored = Versioned(video);
        var isReplaced = _videos.TryGetValue(video.Id, out var current) && current.RowVersion == video.RowVersion && _videos.TryUpdate(video.Id, stored, current);
        return Task.FromResult(isReplaced ? stored : null);
    }

    public Task<VideoPage> ListAsync(VideoQuery query, CancellationToken cancellationToken)
    {
        if (query.Continuation is { } text && VideoId.TryParse(text) is null) throw new FormatException("Not a continuation of this list.");
        var after = VideoId.TryParse(query.Continuation);
        var matching = _videos.Values
            .Where(video => (query.Folder is null || video.Folder == query.Folder) && (query.Tag is null || video.Tags.Contains(query.Tag)))
            .OrderBy(video => video.Id)
            .Where(video => after is null || video.Id > after.Value)
            .Take(query.Limit + 1)
            .ToArray();
        var page = matching.Take(query.Limit).ToArray();
        return Task.FromResult(new VideoPage([.. page], matching.Length > page.Length ? page[^1].Id.ToString() : null));
    }

    public async IAsyncEnumerable<Video> ListUnfinishedAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        foreach (var video in _videos.Values.Where(video => video.Status is VideoStatus.Ingesting or VideoStatus.Deleting)) yield return video;
    }

    public Task RemoveAsync(VideoId id, CancellationToken cancellationToken)
    {
        _videos.TryRemove(id, out _);
        return Task.CompletedTask;
    }

    public Task<ChunkRecord> AddChunkAsync(VideoId id, int attempt, ChunkRecord chunk, CancellationToken cancellationToken) =>
        Task.FromResult(_chunks.GetOrAdd((id, attempt, chunk.Index), chunk));

    public Task<ChunkRecord?> FindChunkAsync(VideoId id, int attempt, int index, CancellationToken cancellationToken) =>
        Task.FromResult(_chunks.GetValueOrDefault((id, attempt, index)));

    public Task RemoveChunkAsync(VideoId id, int attempt, int index, CancellationToken cancellationToken)
    {
        _chunks.TryRemove((id, attempt, index), out _);
        return Task.CompletedTask;
    }

    public async IAsyncEnumerable<ChunkRecord> ListChunksAsync(
        VideoId id, int attempt, int first, int count, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        Interlocked.Increment(ref _pagesRead);
        for (var index = first; index < first + count; index++)
        {
            if (_chunks.TryGetValue((id, attempt, index), out var chunk)) yield return chunk;
        }
    }

    public Task RemoveChunksAsync(VideoId id, int attempt, CancellationToken cancellationToken)
    {
        foreach (var key in _chunks.Keys.Where(key => key.Item1 == id && key.Item2 == attempt)) _chunks.TryRemove(key, out _);
        return Task.CompletedTask;
    }

    /// <summary>Records a chunk over an earlier record, which the vault itself never does.</summary>
    public void Corrupt(VideoId id, int attempt, ChunkRecord chunk) => _chunks[(id, attempt, chunk.Index)] = chunk;

    Video Versioned(Video video) => video with { RowVersion = Interlocked.Increment(ref _versions).ToString(CultureInfo.InvariantCulture) };
}
