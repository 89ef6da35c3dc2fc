namespace TgVault.Core.Crypto;

/// <summary>Reads bytes from <paramref name="offset"/> on, as many as the destination takes.</summary>
delegate Task ReadBytes(long offset, Memory<byte> destination, CancellationToken cancellationToken);

/// <summary>
/// Whole chunks, piece by piece: how one is sealed, and beside it how one is opened. Plaintext is in memory a piece at a time and is
/// zeroed.
/// </summary>
static class ChunkSealing
{
    /// <summary>A piece is 1 MiB: few reads, and little memory beside the chunk itself.</summary>
    const int PieceBlocks = 16;

    /// <summary>Seals a chunk, header first, into the whole of <paramref name="destination"/>.</summary>
    /// <param name="cipher">Made to seal.</param>
    /// <param name="readPlain">Reads the chunk's plaintext.</param>
    /// <param name="destination">Exactly the sealed length.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    public static async Task SealAsync(
        this ChunkCipher cipher,
        ReadBytes readPlain,
        Memory<byte> destination,
        CancellationToken cancellationToken
    )
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(destination.Length, SealedChunk.SealedLength(cipher.PlainBytes), nameof(destination));
        cipher.Header.CopyTo(destination.Span);
        var piece = PiecePool.Rent(PieceBlocks * SealedChunk.BlockBytes, cipher.PlainBytes);
        try
        {
            var blocks = SealedChunk.BlockCount(cipher.PlainBytes);
            for (var first = 0; first < blocks; first += PieceBlocks)
            {
                var start = first * SealedChunk.BlockBytes;
                var plain = piece.AsMemory(0, Math.Min(PieceBlocks * SealedChunk.BlockBytes, cipher.PlainBytes - start));
                await readPlain(start, plain, cancellationToken);
                cipher.SealBlocks(first, plain.Span, destination.Span[SealedChunk.BlockOffset(first)..]);
            }
        }
        finally
        {
            PiecePool.Return(piece);
        }
    }

    /// <summary>Reads a sealed chunk and opens all of it; the plaintext is not kept.</summary>
    /// <param name="cipher">Made to seal or to open.</param>
    /// <param name="readSealed">Reads the sealed chunk; the header comes with the first blocks.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <exception cref="IntegrityException">It is not the chunk that was sealed.</exception>
    public static async Task CheckAsync(this ChunkCipher cipher, ReadBytes readSealed, CancellationToken cancellationToken)
    {
        var piece = PiecePool.Rent(SealedChunk.BlockOffset(PieceBlocks), SealedChunk.SealedLength(cipher.PlainBytes));
        try
        {
            var blocks = SealedChunk.BlockCount(cipher.PlainBytes);
            for (var first = 0; first < blocks; first += PieceBlocks)
            {
                var start = first == 0 ? 0 : SealedChunk.BlockOffset(first);
                var end =
                    first + PieceBlocks < blocks
                        ? SealedChunk.BlockOffset(first + PieceBlocks)
                        : SealedChunk.SealedLength(cipher.PlainBytes);
                var bytes = piece.AsMemory(0, end - start);
                await readSealed(start, bytes, cancellationToken);
                if (first == 0)
                    cipher.CheckHeader(bytes.Span[..SealedChunk.HeaderBytes]);
                cipher.OpenBlocksInPlace(first, bytes.Span[(first == 0 ? SealedChunk.HeaderBytes : 0)..]);
            }
        }
        finally
        {
            PiecePool.Return(piece);
        }
    }
}
