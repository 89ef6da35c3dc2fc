using TgVault.Core.Library;
using TgVault.Core.Videos;

namespace TgVault.Core.Playback.Open;

/// <summary>
/// Where the chunks of one file are. Read from the catalogue in pages of <see cref="PageChunks"/> when a range needs them, so a range
/// costs the same wherever it lies; the pages used last are kept, so memory does not grow with the file.
/// </summary>
internal sealed class ChunkRecords(ILibrary library, StoredFile file) : IDisposable
{
    public const int PageChunks = 32;
    const int KeptPages = 8;

    readonly SemaphoreSlim _turn = new(1, 1);
    readonly List<(int Page, ChunkRecord?[] Records)> _newestFirst = [];

    /// <summary>The record of the file's chunk with this number, from 0; null where there is none.</summary>
    public async ValueTask<ChunkRecord?> FindAsync(int chunk, CancellationToken cancellationToken)
    {
        var (page, within) = Math.DivRem(chunk, PageChunks);
        await _turn.WaitAsync(cancellationToken);
        try
        {
            var place = _newestFirst.FindIndex(kept => kept.Page == page);
            var records = place >= 0 ? _newestFirst[place].Records : await ReadAsync(page, cancellationToken);
            if (place >= 0)
                _newestFirst.RemoveAt(place);
            _newestFirst.Insert(0, (page, records));
            if (_newestFirst.Count > KeptPages)
                _newestFirst.RemoveAt(KeptPages);
            return records[within];
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    async Task<ChunkRecord?[]> ReadAsync(int page, CancellationToken cancellationToken)
    {
        var records = new ChunkRecord?[Math.Min(PageChunks, file.Plan.Count - (page * PageChunks))];
        var first = file.NumberOf(page * PageChunks);
        await foreach (var record in library.ListChunksAsync(file.Video, file.Attempt, first, records.Length, cancellationToken))
        {
            records[record.Number.Value - first.Value] = record;
        }

        return records;
    }
}
