using TgVault.Core.Crypto;

namespace TgVault.Core.Chunks;

/// <summary>Decides how a prepared file is cut: a pure function of its length and the setting.</summary>
static class ChunkSizes
{
    public const int MiB = 1 << 20;

    /// <summary>
    /// getFile gives back at most 20 MiB, exactly 20 MiB included (Bot API, "getFile"). A larger document could be stored but never read.
    /// </summary>
    public const int MaxSealedBytes = 20 * MiB;

    public const int MinSizeBytes = SealedChunk.BlockBytes;

    /// <summary>The most plaintext whole blocks whose sealed form Telegram still gives back.</summary>
    public const int MaxSizeBytes = 319 * SealedChunk.BlockBytes;

    const int LargestAutomaticBytes = 16 * MiB;
    const int SmallBytes = 2 * MiB;
    const int SmallLeadChunks = 4;
    const int WantedChunks = 256;

    /// <summary>
    /// Cuts <paramref name="lengthBytes"/> bytes. <paramref name="fixedSizeBytes"/> 0 means automatic: chunks of 2 MiB where at most 256
    /// of them are needed. Of longer files the first 8 MiB stay in chunks of 2 MiB, so that play starts as fast. The rest takes the
    /// size (a multiple of 64 KiB, at most 16 MiB) that keeps the number near 256.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The file is empty, the fixed size is no multiple of 64 KiB in range, or there would be more chunks than a plan may hold.
    /// </exception>
    public static ChunkPlan Plan(long lengthBytes, int fixedSizeBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(lengthBytes);
        if (fixedSizeBytes != 0)
        {
            if (!IsValidFixedSize(fixedSizeBytes))
                throw new ArgumentOutOfRangeException(
                    nameof(fixedSizeBytes),
                    fixedSizeBytes,
                    "A chunk size is a multiple of 64 KiB from 64 KiB to 319 x 64 KiB."
                );
            return Cut(lengthBytes, [], fixedSizeBytes);
        }

        if (lengthBytes <= (long)WantedChunks * SmallBytes)
            return Cut(lengthBytes, [], SmallBytes);
        var rest = lengthBytes - ((long)SmallLeadChunks * SmallBytes);
        var perChunk = (rest + WantedChunks - SmallLeadChunks - 1) / (WantedChunks - SmallLeadChunks);
        var rounded = (perChunk + SealedChunk.BlockBytes - 1) / SealedChunk.BlockBytes * SealedChunk.BlockBytes;
        return Cut(lengthBytes, [new ChunkRun(SmallLeadChunks, SmallBytes)], (int)Math.Min(rounded, LargestAutomaticBytes));
    }

    /// <summary>Whether a file of this length, cut so, stays within what a plan may hold.</summary>
    public static bool Fits(long lengthBytes, int fixedSizeBytes) =>
        lengthBytes <= (long)(ChunkPlan.MaxChunks - SmallLeadChunks) * (fixedSizeBytes == 0 ? LargestAutomaticBytes : fixedSizeBytes);

    /// <summary>Whether <paramref name="sizeBytes"/> may be set as the fixed chunk size.</summary>
    public static bool IsValidFixedSize(int sizeBytes) =>
        sizeBytes is >= MinSizeBytes and <= MaxSizeBytes && sizeBytes % SealedChunk.BlockBytes == 0;

    static ChunkPlan Cut(long lengthBytes, List<ChunkRun> runs, int sizeBytes)
    {
        var rest = lengthBytes - runs.Sum(run => (long)run.Count * run.SizeBytes);
        var whole = rest / sizeBytes;
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(whole, ChunkPlan.MaxChunks, nameof(lengthBytes));
        if (whole > 0)
            runs.Add(new ChunkRun((int)whole, sizeBytes));
        if (rest % sizeBytes != 0)
            runs.Add(new ChunkRun(1, (int)(rest % sizeBytes)));
        return ChunkPlan.FromRuns(runs);
    }
}
