using System.Security.Cryptography;

namespace TgVault.Core.Crypto;

/// <summary>Which chunk sealed bytes are: part of the key derivation, so bytes moved to another place do not open.</summary>
readonly record struct ChunkIdentity(VideoId Video, int Attempt, ChunkNumber Number);

/// <summary>Sizes of the sealed format, version 1 (FORMAT.md, "Chunk"). The only place where sealed and plain sizes meet.</summary>
static class SealedChunk
{
    public const byte Version = 1;

    /// <summary>Plaintext sealed on its own inside a chunk, so that a range needs only its blocks.</summary>
    public const int BlockBytes = 64 * 1024;

    public const int TagBytes = 16;

    public const int SealedBlockBytes = BlockBytes + TagBytes;

    public const int SaltBytes = 32;

    /// <summary>magic 4, version 1, zero 3, salt 32, vault key version 4, sealed label 32, its tag 16.</summary>
    public const int HeaderBytes = ChunkHeader.BoundBytes + 4 + ChunkLabel.SizeBytes + TagBytes;

    /// <summary>A fresh salt for one chunk: every seal takes its own, also of the same plaintext.</summary>
    public static byte[] NewSalt() => RandomNumberGenerator.GetBytes(SaltBytes);

    /// <summary>How many blocks a chunk with this much plaintext has.</summary>
    public static int BlockCount(int plainBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(plainBytes);
        return (int)(((long)plainBytes + BlockBytes - 1) / BlockBytes);
    }

    /// <summary>The sealed length of a chunk with this much plaintext.</summary>
    public static int SealedLength(int plainBytes) => checked(HeaderBytes + plainBytes + (BlockCount(plainBytes) * TagBytes));

    /// <summary>Where block <paramref name="block"/> begins in the sealed chunk.</summary>
    public static int BlockOffset(int block) => checked(HeaderBytes + (block * SealedBlockBytes));

    /// <summary>Plaintext bytes of block <paramref name="block"/> in a chunk of <paramref name="plainBytes"/>.</summary>
    public static int BlockLength(int plainBytes, int block)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(block);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(block, BlockCount(plainBytes));
        return Math.Min(BlockBytes, plainBytes - (block * BlockBytes));
    }
}
