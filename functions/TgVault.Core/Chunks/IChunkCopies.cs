using TgVault.Core.Crypto;

namespace TgVault.Core.Chunks;

/// <summary>Where the copies of chunks lie that are in other channels: what a manifest says besides.</summary>
interface ICopyReceipts
{
    /// <summary>By chunk number, those of one attempt; in the order of the settings.</summary>
    Task<ILookup<ChunkNumber, ChunkReceipt>> FindAsync(VideoId video, int attempt, CancellationToken cancellationToken);
}

/// <summary>Places besides the chunk store that hold the same sealed chunks. What they give is not authenticated either.</summary>
interface IChunkCopies
{
    /// <summary>How many places there are.</summary>
    int Places { get; }

    /// <summary>Whether that place has the chunk, as long as it should be. Never throws but for cancellation.</summary>
    Task<bool> HasAsync(int place, ChunkIdentity chunk, int sealedBytes, CancellationToken cancellationToken);

    /// <summary>
    /// Fills the destination from <paramref name="offset"/> of the sealed chunk; false where that place does not have it, or cannot
    /// be read.
    /// </summary>
    Task<bool> TryReadAsync(int place, ChunkIdentity chunk, long offset, Memory<byte> destination, CancellationToken cancellationToken);
}
