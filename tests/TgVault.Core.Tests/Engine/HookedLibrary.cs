using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using TgVault.Core.Library;
using TgVault.Core.Library.Lists;
using TgVault.Core.Videos;
using TgVault.Testing;

namespace TgVault.Core.Tests.Engine;

/// <summary>Rows in memory that say when they changed, and calls that a test can hold or break.</summary>
sealed class HookedLibrary(Signal changes) : ILibrary
{
    readonly MemoryLibrary _rows = new();

    /// <summary>Runs before unfinished rows are listed.</summary>
    public Func<Task> BeforeUnfinished { get; set; } = () => Task.CompletedTask;

    /// <summary>Runs before a row is read.</summary>
    public Func<VideoId, Task> BeforeFind { get; set; } = _ => Task.CompletedTask;

    /// <summary>Runs before a row is written.</summary>
    public Func<Video, Task> BeforeReplace { get; set; } = _ => Task.CompletedTask;

    /// <summary>Runs after a row was written, before the writer knows.</summary>
    public Func<Video, Task> AfterReplace { get; set; } = _ => Task.CompletedTask;

    /// <summary>Runs before chunks are listed.</summary>
    public Func<VideoId, Task> BeforeChunks { get; set; } = _ => Task.CompletedTask;

    /// <summary>What indexing is.</summary>
    public Func<CancellationToken, Task<bool>> Index { get; set; } = _ => Task.FromResult(true);

    public Task<bool> IndexAsync(CancellationToken cancellationToken) => Index(cancellationToken);

    public Task<ImmutableArray<Video>> ListAllAsync(VideoId? after, int count, CancellationToken cancellationToken) =>
        _rows.ListAllAsync(after, count, cancellationToken);

    public Task PrepareAsync(CancellationToken cancellationToken) => _rows.PrepareAsync(cancellationToken);

    public async Task<bool> TryAddAsync(Video video, CancellationToken cancellationToken)
    {
        var isAdded = await _rows.TryAddAsync(video, cancellationToken);
        changes.Raise();
        return isAdded;
    }

    public async Task<Video?> FindAsync(VideoId id, CancellationToken cancellationToken)
    {
        await BeforeFind(id);
        return await _rows.FindAsync(id, cancellationToken);
    }

    /// <summary>The row as it is, past the hook.</summary>
    public Video? Show(VideoId id) => _rows.FindAsync(id, CancellationToken.None).Result;

    public async Task<Video?> TryReplaceAsync(Video video, CancellationToken cancellationToken)
    {
        await BeforeReplace(video);
        var stored = await _rows.TryReplaceAsync(video, cancellationToken);
        changes.Raise();
        if (stored is not null)
            await AfterReplace(stored);
        return stored;
    }

    public Task<VideoPage> ListAsync(VideoQuery query, CancellationToken cancellationToken) => _rows.ListAsync(query, cancellationToken);

    public Task<VideoCounts> CountAsync(CancellationToken cancellationToken) => _rows.CountAsync(cancellationToken);

    public Task<long> MeasureAsync(CancellationToken cancellationToken) => _rows.MeasureAsync(cancellationToken);

    public async IAsyncEnumerable<Video> ListUnfinishedAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await BeforeUnfinished();
        await foreach (var video in _rows.ListUnfinishedAsync(cancellationToken))
            yield return video;
    }

    public async Task RemoveAsync(VideoId id, CancellationToken cancellationToken)
    {
        await _rows.RemoveAsync(id, cancellationToken);
        changes.Raise();
    }

    public Task<ChunkRecord> AddChunkAsync(VideoId id, int attempt, ChunkRecord chunk, CancellationToken cancellationToken) =>
        _rows.AddChunkAsync(id, attempt, chunk, cancellationToken);

    public Task<ChunkRecord?> FindChunkAsync(VideoId id, int attempt, ChunkNumber number, CancellationToken cancellationToken) =>
        _rows.FindChunkAsync(id, attempt, number, cancellationToken);

    public Task RemoveChunkAsync(VideoId id, int attempt, ChunkNumber number, CancellationToken cancellationToken) =>
        _rows.RemoveChunkAsync(id, attempt, number, cancellationToken);

    public async IAsyncEnumerable<ChunkRecord> ListChunksAsync(
        VideoId id,
        int attempt,
        ChunkNumber first,
        int count,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await BeforeChunks(id);
        await foreach (var chunk in _rows.ListChunksAsync(id, attempt, first, count, cancellationToken))
            yield return chunk;
    }
}
