using System.Collections.Immutable;
using TgVault.Core;
using TgVault.Core.Library;
using TgVault.Core.Library.Lists;
using TgVault.Core.Videos;

namespace TgVault.Testing.Playback;

/// <summary>A library in memory that counts what playback asks of it.</summary>
sealed class PlaybackRows : ILibrary
{
    readonly MemoryLibrary _rows = new();
    int _rowsRead;
    int _pagesRead;

    public int RowsRead => _rowsRead;

    public int PagesRead => _pagesRead;

    public Task PrepareAsync(CancellationToken cancellationToken) => _rows.PrepareAsync(cancellationToken);

    public Task<bool> TryAddAsync(Video video, CancellationToken cancellationToken) => _rows.TryAddAsync(video, cancellationToken);

    public Task<Video?> FindAsync(VideoId id, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _rowsRead);
        return _rows.FindAsync(id, cancellationToken);
    }

    public Task<Video?> TryReplaceAsync(Video video, CancellationToken cancellationToken) =>
        _rows.TryReplaceAsync(video, cancellationToken);

    public Task<VideoPage> ListAsync(VideoQuery query, CancellationToken cancellationToken) => _rows.ListAsync(query, cancellationToken);

    public Task<VideoCounts> CountAsync(CancellationToken cancellationToken) => _rows.CountAsync(cancellationToken);

    public Task<long> MeasureAsync(CancellationToken cancellationToken) => _rows.MeasureAsync(cancellationToken);

    public Task<ImmutableArray<Video>> ListAllAsync(VideoId? after, int count, CancellationToken cancellationToken) =>
        _rows.ListAllAsync(after, count, cancellationToken);

    public IAsyncEnumerable<Video> ListUnfinishedAsync(CancellationToken cancellationToken) => _rows.ListUnfinishedAsync(cancellationToken);

    public Task RemoveAsync(VideoId id, CancellationToken cancellationToken) => _rows.RemoveAsync(id, cancellationToken);

    public Task<ChunkRecord> AddChunkAsync(VideoId id, int attempt, ChunkRecord chunk, CancellationToken cancellationToken) =>
        _rows.AddChunkAsync(id, attempt, chunk, cancellationToken);

    public Task<ChunkRecord?> FindChunkAsync(VideoId id, int attempt, ChunkNumber number, CancellationToken cancellationToken) =>
        _rows.FindChunkAsync(id, attempt, number, cancellationToken);

    public IAsyncEnumerable<ChunkRecord> ListChunksAsync(
        VideoId id,
        int attempt,
        ChunkNumber first,
        int count,
        CancellationToken cancellationToken
    )
    {
        Interlocked.Increment(ref _pagesRead);
        return _rows.ListChunksAsync(id, attempt, first, count, cancellationToken);
    }

    public Task RemoveChunkAsync(VideoId id, int attempt, ChunkNumber number, CancellationToken cancellationToken) =>
        _rows.RemoveChunkAsync(id, attempt, number, cancellationToken);
}
