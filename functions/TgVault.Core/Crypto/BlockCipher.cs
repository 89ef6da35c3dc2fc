using System.Buffers.Binary;
using System.Security.Cryptography;

namespace TgVault.Core.Crypto;

/// <summary>
/// The one place where blocks are sealed and opened, for chunks and documents alike (FORMAT.md, "Blocks"): AES-256-GCM per 64 KiB. The
/// nonce is the block's number and whether it is the last, so blocks cannot be reordered, dropped or added. The key must be born with
/// this plaintext: that is what makes counting nonces safe. Safe for use by one thread at a time.
/// </summary>
sealed class BlockCipher : IDisposable
{
    const int NonceBytes = 12;

    readonly AesGcm _aes;
    readonly byte[] _associated;
    readonly int _plainBytes;
    readonly int _lastBlock;

    /// <param name="secret">The key above; stays the caller's.</param>
    /// <param name="salt">32 bytes, fresh for every plaintext.</param>
    /// <param name="info">What the key is for; no two uses share it.</param>
    /// <param name="associated">Header bytes that every block is bound to; copied.</param>
    /// <param name="plainBytes">Length of the whole plaintext, at least 1.</param>
    public BlockCipher(
        ReadOnlySpan<byte> secret,
        ReadOnlySpan<byte> salt,
        ReadOnlySpan<byte> info,
        ReadOnlySpan<byte> associated,
        int plainBytes
    )
    {
        _lastBlock = SealedChunk.BlockCount(plainBytes) - 1;
        _plainBytes = plainBytes;
        _associated = associated.ToArray();
        _aes = DerivedKey.ForAes(secret, salt, info);
    }

    /// <summary>Seals block <paramref name="block"/>: <paramref name="destination"/> gets the ciphertext and then the tag.</summary>
    public void Seal(int block, ReadOnlySpan<byte> plaintext, Span<byte> destination)
    {
        CheckLengths(block, plaintext.Length, destination.Length);
        Span<byte> nonce = stackalloc byte[NonceBytes];
        WriteNonce(nonce, block);
        _aes.Encrypt(nonce, plaintext, destination[..plaintext.Length], destination[plaintext.Length..], _associated);
    }

    /// <summary>
    /// Opens block <paramref name="block"/>. False where these are not the bytes that were sealed; the destination is zeroed then.
    /// </summary>
    public bool TryOpen(int block, ReadOnlySpan<byte> sealedBlock, Span<byte> destination)
    {
        CheckLengths(block, destination.Length, sealedBlock.Length);
        Span<byte> nonce = stackalloc byte[NonceBytes];
        WriteNonce(nonce, block);
        try
        {
            _aes.Decrypt(nonce, sealedBlock[..destination.Length], sealedBlock[destination.Length..], destination, _associated);
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            destination.Clear();
            return false;
        }
    }

    /// <summary>Seals blocks from <paramref name="first"/> on, each behind the one before.</summary>
    /// <param name="first">The number of the first.</param>
    /// <param name="plaintext">Whole blocks; the plaintext's last may be shorter.</param>
    /// <param name="destination">Gets ciphertext and tag of each.</param>
    public void SealRun(int first, ReadOnlySpan<byte> plaintext, Span<byte> destination)
    {
        for (var block = first; !plaintext.IsEmpty; block++)
        {
            var length = SealedChunk.BlockLength(_plainBytes, block);
            Seal(block, plaintext[..length], destination[..(length + SealedChunk.TagBytes)]);
            plaintext = plaintext[length..];
            destination = destination[(length + SealedChunk.TagBytes)..];
        }
    }

    /// <summary>
    /// Opens blocks from <paramref name="first"/> on and returns null; the number of the first that did not open otherwise, and then the
    /// whole destination is zeroed.
    /// </summary>
    /// <param name="first">The number of the first.</param>
    /// <param name="sealedBlocks">Ciphertext and tag of each, as <see cref="SealRun"/> wrote them.</param>
    /// <param name="destination">Gets the plaintext of as many whole blocks as fit in it exactly.</param>
    public int? OpenRun(int first, ReadOnlySpan<byte> sealedBlocks, Span<byte> destination)
    {
        var left = destination;
        for (var block = first; !left.IsEmpty; block++)
        {
            var length = SealedChunk.BlockLength(_plainBytes, block);
            if (!TryOpen(block, sealedBlocks[..(length + SealedChunk.TagBytes)], left[..length]))
            {
                destination.Clear();
                return block;
            }

            sealedBlocks = sealedBlocks[(length + SealedChunk.TagBytes)..];
            left = left[length..];
        }

        return null;
    }

    /// <summary>
    /// Opens blocks from <paramref name="first"/> on, each over its own ciphertext, and returns null; the number of the first that did not
    /// open otherwise, and then nothing of the plaintext is left.
    /// </summary>
    public int? OpenRunInPlace(int first, Span<byte> sealedBlocks)
    {
        var left = sealedBlocks;
        for (var block = first; !left.IsEmpty; block++)
        {
            var length = SealedChunk.BlockLength(_plainBytes, block);
            // AES-GCM may write over its own input, which saves a second buffer.
            if (!TryOpen(block, left[..(length + SealedChunk.TagBytes)], left[..length]))
            {
                sealedBlocks.Clear();
                return block;
            }

            left = left[(length + SealedChunk.TagBytes)..];
        }

        return null;
    }

    public void Dispose() => _aes.Dispose();

    void WriteNonce(Span<byte> nonce, int block)
    {
        nonce.Clear();
        BinaryPrimitives.WriteInt32BigEndian(nonce[(NonceBytes - 5)..], block);
        nonce[NonceBytes - 1] = block == _lastBlock ? (byte)1 : (byte)0;
    }

    void CheckLengths(int block, int plain, int sealedLength)
    {
        var expected = SealedChunk.BlockLength(_plainBytes, block);
        if (plain != expected || sealedLength != expected + SealedChunk.TagBytes)
            throw new ArgumentException(
                $"Block {block} has {expected} bytes of plaintext and {expected + SealedChunk.TagBytes} sealed; "
                    + $"it was given {plain} and {sealedLength}."
            );
    }
}
