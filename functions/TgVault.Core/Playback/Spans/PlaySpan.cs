using TgVault.Core.Chunks;
using TgVault.Core.Crypto;

namespace TgVault.Core.Playback.Spans;

/// <summary>Which block of which attempt's chunk, numbered over all its files: what opened bytes are found by.</summary>
internal readonly record struct BlockKey(VideoId Video, int Attempt, ChunkNumber Number, int Block);

/// <summary>
/// A span: the blocks of one chunk that are fetched and opened at once: no more than are wanted, at most eight (512 KiB), never across
/// chunks. One block at a time would cost a round trip to Telegram per 64 KiB; a whole chunk of up to 16 MiB would make every seek wait
/// for it, and fifty readers with a span in hand and two ahead would not fit in the default cache. At 512 KiB a round trip of 100 ms
/// still gives 5 MB/s per fetch.
/// </summary>
/// <param name="Index">The chunk's index in its file's plan.</param>
/// <param name="FirstBlock">The number of its first block inside its chunk.</param>
/// <param name="Offset">Where its plaintext begins in the file.</param>
/// <param name="LengthBytes">Its plaintext length.</param>
/// <param name="ChunkBytes">The whole chunk's plaintext length.</param>
internal readonly record struct PlaySpan(int Index, int FirstBlock, long Offset, int LengthBytes, int ChunkBytes)
{
    public const int MaxBlocks = 8;
    public const int MaxBytes = MaxBlocks * SealedChunk.BlockBytes;
    public const int MaxSealedBytes = MaxBlocks * SealedChunk.SealedBlockBytes;

    public long End => Offset + LengthBytes;

    public int BlockCount => SealedChunk.BlockCount(LengthBytes);

    /// <summary>Where its first sealed block begins in the sealed chunk.</summary>
    public int SealedOffset => SealedChunk.BlockOffset(FirstBlock);

    public int SealedBytes => SealedChunk.SealedLength(LengthBytes) - SealedChunk.HeaderBytes;

    /// <summary>
    /// The first span of what lies from <paramref name="offset"/> to <paramref name="end"/> (exclusive) of the file, grown to whole
    /// blocks, of at most <paramref name="mostBlocks"/>.
    /// </summary>
    public static PlaySpan At(ChunkPlan plan, long offset, long end, int mostBlocks = MaxBlocks)
    {
        var chunk = plan.At(offset);
        var first = (int)((offset - chunk.Offset) / SealedChunk.BlockBytes);
        var start = chunk.Offset + ((long)first * SealedChunk.BlockBytes);
        var wanted = Math.Clamp(end - start, 1, mostBlocks * (long)SealedChunk.BlockBytes);
        var length = Math.Min(chunk.End - start, SealedChunk.BlockCount((int)wanted) * (long)SealedChunk.BlockBytes);
        return new PlaySpan(chunk.Index, first, start, (int)length, chunk.LengthBytes);
    }

    /// <summary>Its first <paramref name="blocks"/> blocks.</summary>
    public PlaySpan Take(int blocks) => this with { LengthBytes = Math.Min(LengthBytes, blocks * SealedChunk.BlockBytes) };
}
