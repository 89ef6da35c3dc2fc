using TgVault.Core.Chunks;
using TgVault.Core.Crypto;

namespace TgVault.Core.Playback;

/// <summary>Which span of which attempt's chunk, numbered over all its files: what opened bytes are shared under.</summary>
internal readonly record struct SpanKey(VideoId Video, int Attempt, int Chunk, int Number);

/// <summary>
/// The piece of one chunk that is fetched and opened at once: at most eight blocks (512 KiB), never across chunks. One block would cost
/// a round trip to Telegram per 64 KiB; a whole chunk of up to 16 MiB would make every seek wait for it, and fifty readers with a span
/// in hand and two ahead would not fit in the default cache. At 512 KiB a round trip of 100 ms still gives 5 MB/s per fetch.
/// </summary>
/// <param name="Chunk">The chunk's number within its file.</param>
/// <param name="Number">The span's number inside its chunk.</param>
/// <param name="Offset">Where its plaintext begins in the file.</param>
/// <param name="LengthBytes">Its plaintext length.</param>
/// <param name="ChunkBytes">The whole chunk's plaintext length.</param>
internal readonly record struct PlaySpan(int Chunk, int Number, long Offset, int LengthBytes, int ChunkBytes)
{
    public const int MaxBlocks = 8;
    public const int MaxBytes = MaxBlocks * SealedChunk.BlockBytes;
    public const int MaxSealedBytes = MaxBlocks * SealedChunk.SealedBlockBytes;

    public long End => Offset + LengthBytes;

    public int FirstBlock => Number * MaxBlocks;

    public int BlockCount => SealedChunk.BlockCount(LengthBytes);

    /// <summary>Where its first sealed block begins in the sealed chunk.</summary>
    public int SealedOffset => SealedChunk.BlockOffset(FirstBlock);

    public int SealedBytes => SealedChunk.SealedLength(LengthBytes) - SealedChunk.HeaderBytes;

    /// <summary>The span that holds the byte at <paramref name="offset"/> of the prepared file.</summary>
    public static PlaySpan At(ChunkPlan plan, long offset)
    {
        var chunk = plan.At(offset);
        var number = (int)((offset - chunk.Offset) / MaxBytes);
        var start = number * MaxBytes;
        return new PlaySpan(chunk.Index, number, chunk.Offset + start, Math.Min(MaxBytes, chunk.LengthBytes - start), chunk.LengthBytes);
    }
}
