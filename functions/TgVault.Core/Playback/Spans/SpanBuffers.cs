using TgVault.Core.Crypto;
using TgVault.Core.Telemetry;

namespace TgVault.Core.Playback.Spans;

/// <summary>
/// The memory of the span cache: buffers of one to eight sealed blocks, kept for reuse. What is handed out and what lies free together
/// never exceed the capacity. Not safe for use by several threads; the cache's lock guards it.
/// </summary>
internal sealed class SpanBuffers(long capacityBytes)
{
    readonly Stack<byte[]>[] _free = [.. Enumerable.Range(0, PlaySpan.MaxBlocks).Select(_ => new Stack<byte[]>())];

    /// <summary>Bytes that exist now, in use or free.</summary>
    public long AllocatedBytes
    {
        get;
        private set
        {
            VaultMeter.CacheSize.Add(value - field);
            field = value;
        }
    }

    /// <summary>A buffer for so many sealed blocks; null where nothing is left.</summary>
    public byte[]? TryRent(int blocks)
    {
        if (_free[blocks - 1].TryPop(out var buffer))
            return buffer;
        var size = SizeBytes(blocks);
        for (var other = PlaySpan.MaxBlocks; other > 0 && AllocatedBytes + size > capacityBytes; other--)
        {
            while (AllocatedBytes + size > capacityBytes && _free[other - 1].TryPop(out var unused))
            {
                AllocatedBytes -= unused.Length;
                LargeGarbage.Add(unused.Length);
            }
        }

        if (AllocatedBytes + size > capacityBytes)
            return null;
        AllocatedBytes += size;
        return GC.AllocateUninitializedArray<byte>(size);
    }

    public void Return(byte[] buffer) => _free[(buffer.Length / SealedChunk.SealedBlockBytes) - 1].Push(buffer);

    public static int SizeBytes(int blocks) => blocks * SealedChunk.SealedBlockBytes;
}
