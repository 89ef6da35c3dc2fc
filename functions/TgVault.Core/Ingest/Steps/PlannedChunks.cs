using TgVault.Core.Library;
using TgVault.Core.Videos;

namespace TgVault.Core.Ingest.Steps;

/// <summary>
/// The chunks of attempts under way. Once they are planned they stay the same to the attempt's end, so the whole row is read and parsed for
/// the first of them, and for the others only whether the attempt goes on.
/// </summary>
sealed class PlannedChunks(ILibrary library)
{
    // More than are ever under way on one machine; each holds a few kilobytes.
    const int MostAttempts = 64;

    readonly Lock _lock = new();
    readonly Dictionary<IngestRun, FileChunks> _known = [];
    readonly Queue<IngestRun> _order = new();

    /// <summary>The chunk with this ordinal, as long as the attempt is current.</summary>
    /// <exception cref="AttemptAbandonedException">The attempt is over.</exception>
    internal async Task<FileChunk> FindAsync(IngestRun run, int ordinal, CancellationToken cancellationToken)
    {
        if (Find(run) is { } known)
            return await library.IsIngestingAsync(run.Video, run.Attempt, cancellationToken)
                ? known[ordinal]
                : throw new AttemptAbandonedException();
        var video = await library.ReadAsync(run, cancellationToken);
        var chunks = new FileChunks(video.FilesOf(CompanionState.Waiting));
        if (video.Files.Plan is not null)
            Keep(run, chunks);
        return chunks[ordinal];
    }

    FileChunks? Find(IngestRun run)
    {
        lock (_lock)
            return _known.GetValueOrDefault(run);
    }

    void Keep(IngestRun run, FileChunks chunks)
    {
        lock (_lock)
        {
            if (!_known.TryAdd(run, chunks))
                return;
            _order.Enqueue(run);
            if (_order.Count > MostAttempts)
                _known.Remove(_order.Dequeue());
        }
    }
}
