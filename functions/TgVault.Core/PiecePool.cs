using System.Buffers;

namespace TgVault.Core;

/// <summary>
/// Memory for copying a large file piece by piece. The runtime's shared pool keeps an array of each size for every thread that ever copied;
/// this one keeps a few in all, so that memory follows what is under way. What was in a piece is zeroed.
/// </summary>
static class PiecePool
{
    /// <summary>The largest piece.</summary>
    public const int MaxBytes = 4 << 20;

    // Of each size: two at once are the rule, more the exception.
    const int Kept = 2;

    static readonly ArrayPool<byte> Pool = ArrayPool<byte>.Create(MaxBytes, Kept);

    /// <summary>A piece of the size asked for, or where less is left, of that; give it back with <see cref="Return"/>.</summary>
    /// <param name="pieceBytes">Up to <see cref="MaxBytes"/>.</param>
    /// <param name="leftBytes">What is left to copy.</param>
    public static byte[] Rent(int pieceBytes, long leftBytes = MaxBytes) => Pool.Rent((int)Math.Clamp(leftBytes, 1, pieceBytes));

    public static void Return(byte[] piece) => Pool.Return(piece, clearArray: true);
}
