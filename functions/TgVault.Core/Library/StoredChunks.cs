using TgVault.Core.Chunks;

namespace TgVault.Core.Library;

/// <summary>
/// Removes the documents and records of one attempt: one that was given up, or one of a video that goes. A record goes once its document
/// did: one that comes meanwhile stays, and so does what it names.
/// </summary>
sealed class StoredChunks(ILibrary library, IChunkStore store, ILeftDocuments lefts)
{
    const int AtOnce = 4;

    /// <summary>Deletes what the store still lets go, and notes what it does not. Safe to repeat.</summary>
    /// <returns>Documents deleted, and documents that are too old for Telegram to delete (unreadable once the key is gone).</returns>
    public async Task<(int Deleted, int Left)> RemoveAsync(VideoId id, int attempt, CancellationToken cancellationToken)
    {
        var deleted = 0;
        var left = 0;
        await Parallel.ForEachAsync(
            library.ListChunksAsync(id, attempt, default, int.MaxValue, cancellationToken),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
            async (chunk, cancellation) =>
            {
                if (await store.DeleteAsync(chunk.Receipt, cancellation))
                {
                    Interlocked.Increment(ref deleted);
                }
                else
                {
                    await lefts.AddAsync(chunk.Receipt, cancellation);
                    Interlocked.Increment(ref left);
                }

                await library.RemoveChunkAsync(id, attempt, chunk.Number, cancellation);
            }
        );
        return (deleted, left);
    }
}
