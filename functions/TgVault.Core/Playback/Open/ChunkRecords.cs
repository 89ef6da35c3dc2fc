using TgVault.Core.Caching;
using TgVault.Core.Library;
using TgVault.Core.Videos;

namespace TgVault.Core.Playback.Open;

/// <summary>
/// Where the chunks of files are. Read from the library in pages of <see cref="PageChunks"/> when a range needs them, so a range costs
/// the same wherever it lies; the pages used last are kept, so memory does not grow with the files.
/// </summary>
internal sealed class ChunkRecords(ILibrary library) : IDisposable
{
    public const int PageChunks = 32;

    // Some 400 pages: 25 GB at 2 MiB a chunk.
    const long MaxBytes = 400 * PageChunks * RecordBytes;
    const long RecordBytes = 600;

    readonly SharedCache<PageKey, ChunkRecord?[]> _pages = new(MaxBytes, page => page.Length * RecordBytes);

    /// <summary>The record of the file's chunk with this index, from 0; null where there is none.</summary>
    public async ValueTask<ChunkRecord?> FindAsync(StoredFile file, int index, CancellationToken cancellationToken)
    {
        var (page, within) = Math.DivRem(index, PageChunks);
        var key = new PageKey(file.Video, file.Attempt, file.Number, page);
        return (await _pages.GetAsync(key, token => ReadAsync(file, page, token), cancellationToken))[within];
    }

    /// <summary>The record as it is now: its document may have been posted anew.</summary>
    public ValueTask<ChunkRecord?> FindAnewAsync(StoredFile file, int index, CancellationToken cancellationToken)
    {
        var key = new PageKey(file.Video, file.Attempt, file.Number, index / PageChunks);
        if (_pages.TryGet(key, out var page))
            _pages.Remove(key, page);
        return FindAsync(file, index, cancellationToken);
    }

    public void Dispose() => _pages.Dispose();

    async Task<ChunkRecord?[]> ReadAsync(StoredFile file, int page, CancellationToken cancellationToken)
    {
        var records = new ChunkRecord?[Math.Min(PageChunks, file.Plan.Count - (page * PageChunks))];
        var first = file.NumberOf(page * PageChunks);
        await foreach (var record in library.ListChunksAsync(file.Video, file.Attempt, first, records.Length, cancellationToken))
        {
            records[record.Number.Value - first.Value] = record;
        }

        return records;
    }

    readonly record struct PageKey(VideoId Video, int Attempt, int File, int Page);
}
