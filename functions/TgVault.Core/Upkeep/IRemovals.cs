namespace TgVault.Core.Upkeep;

/// <summary>Removes videos: first a mark in the row, then the parts.</summary>
public interface IRemovals
{
    /// <summary>Marks the video; from here on it neither plays nor ingests.</summary>
    Task BeginAsync(VideoId id, CancellationToken cancellationToken);

    /// <summary>
    /// Removes documents, blobs and rows of a marked video. Safe to repeat; a crash in between is taken up again from the row.
    /// </summary>
    /// <exception cref="ChunkStoreException">The store failed; ask again.</exception>
    Task FinishAsync(VideoId id, CancellationToken cancellationToken);
}
