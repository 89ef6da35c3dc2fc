using System.Buffers.Binary;
using System.Security.Cryptography;

namespace TgVault.Core.Crypto;

/// <summary>
/// Seals and opens the blocks of one chunk (FORMAT.md, "Chunk"). The key is HKDF-SHA256 of the data key with the chunk's random salt
/// and its identity, so the counter nonces below never meet the same key twice, even where an activity runs twice. The last block's
/// nonce says that it is the last: a chunk cannot be cut short or extended. Every block is bound to the header.
/// Safe for use by one thread at a time.
/// </summary>
public sealed class ChunkCipher : IDisposable
{
    static ReadOnlySpan<byte> Magic => "TGVC"u8;
    static ReadOnlySpan<byte> ChunkInfo => "tgvault/v1/chunk"u8;
    static ReadOnlySpan<byte> LabelInfo => "tgvault/v1/chunk-label"u8;

    readonly AesGcm _aes;
    readonly byte[] _header;
    readonly int _plainBytes;

    ChunkCipher(AesGcm aes, byte[] header, int plainBytes)
    {
        _aes = aes;
        _header = header;
        _plainBytes = plainBytes;
    }

    /// <summary>The chunk's first <see cref="SealedChunk.HeaderBytes"/> bytes.</summary>
    public ReadOnlySpan<byte> Header => _header;

    /// <param name="dataKey">The attempt's key; stays the caller's.</param>
    /// <param name="vaultKey">The vault key that the label in the header is sealed under; stays the caller's.</param>
    /// <param name="identity">Which chunk this is.</param>
    /// <param name="salt">32 bytes: fresh random ones to seal, the recorded ones to open.</param>
    /// <param name="plainBytes">The chunk's plaintext length.</param>
    public static ChunkCipher Create(DataKey dataKey, VaultKey vaultKey, ChunkIdentity identity, ReadOnlySpan<byte> salt, int plainBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(salt.Length, SealedChunk.SaltBytes, nameof(salt));
        ArgumentOutOfRangeException.ThrowIfNegative(identity.Index);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(identity.Attempt);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(plainBytes);

        Span<byte> label = stackalloc byte[SealedChunk.LabelBytes];
        identity.Video.WriteTo(label);
        BinaryPrimitives.WriteInt32BigEndian(label[VideoId.SizeBytes..], identity.Attempt);
        BinaryPrimitives.WriteInt32BigEndian(label[(VideoId.SizeBytes + 4)..], identity.Index);
        BinaryPrimitives.WriteInt64BigEndian(label[(VideoId.SizeBytes + 8)..], plainBytes);

        var header = new byte[SealedChunk.HeaderBytes];
        Magic.CopyTo(header);
        header[4] = SealedChunk.Version;
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(8), vaultKey.Version);
        salt.CopyTo(header.AsSpan(12));
        SealLabel(vaultKey, salt, label, header);

        Span<byte> key = stackalloc byte[32];
        Span<byte> info = stackalloc byte[ChunkInfo.Length + label.Length];
        ChunkInfo.CopyTo(info);
        label.CopyTo(info[ChunkInfo.Length..]);
        HKDF.DeriveKey(HashAlgorithmName.SHA256, dataKey.Bytes, key, salt, info);
        try
        {
            return new ChunkCipher(new AesGcm(key, SealedChunk.TagBytes), header, plainBytes);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    /// <summary>Seals block <paramref name="block"/>: <paramref name="destination"/> gets the ciphertext and then the tag.</summary>
    public void SealBlock(int block, ReadOnlySpan<byte> plaintext, Span<byte> destination)
    {
        CheckLengths(block, plaintext.Length, destination.Length);
        Span<byte> nonce = stackalloc byte[12];
        WriteNonce(nonce, block);
        _aes.Encrypt(nonce, plaintext, destination[..plaintext.Length], destination[plaintext.Length..], _header);
    }

    /// <summary>Opens block <paramref name="block"/>, given as ciphertext and tag, into <paramref name="destination"/>.</summary>
    /// <exception cref="IntegrityException">These are not the bytes that were sealed as this block of this chunk; the destination is zeroed.</exception>
    public void OpenBlock(int block, ReadOnlySpan<byte> sealedBlock, Span<byte> destination)
    {
        CheckLengths(block, destination.Length, sealedBlock.Length);
        Span<byte> nonce = stackalloc byte[12];
        WriteNonce(nonce, block);
        try
        {
            _aes.Decrypt(nonce, sealedBlock[..destination.Length], sealedBlock[destination.Length..], destination, _header);
        }
        catch (AuthenticationTagMismatchException exception)
        {
            throw new IntegrityException($"Block {block} did not open: the stored bytes are not the ones that were sealed.", exception);
        }
    }

    /// <summary>
    /// Reads which chunk a document is, with nothing but the vault key: for recovery, when the records are lost.
    /// Null where the bytes are no chunk header of this version or not sealed under this key.
    /// </summary>
    public static (ChunkIdentity Identity, int PlainBytes)? TryReadLabel(ReadOnlySpan<byte> header, VaultKey vaultKey)
    {
        if (header.Length < SealedChunk.HeaderBytes || !header.StartsWith(Magic) || header[4] != SealedChunk.Version) return null;
        if (BinaryPrimitives.ReadInt32BigEndian(header[8..]) != vaultKey.Version) return null;
        var sealedLabel = header.Slice(12 + SealedChunk.SaltBytes, SealedChunk.LabelBytes + SealedChunk.TagBytes);
        Span<byte> label = stackalloc byte[SealedChunk.LabelBytes];
        using var aes = vaultKey.DeriveAes(header.Slice(12, SealedChunk.SaltBytes), LabelInfo);
        try
        {
            aes.Decrypt(ZeroNonce, sealedLabel[..SealedChunk.LabelBytes], sealedLabel[SealedChunk.LabelBytes..], label, header[..12]);
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }

        var identity = new ChunkIdentity(
            VideoId.Read(label),
            BinaryPrimitives.ReadInt32BigEndian(label[VideoId.SizeBytes..]),
            BinaryPrimitives.ReadInt32BigEndian(label[(VideoId.SizeBytes + 4)..]));
        return (identity, checked((int)BinaryPrimitives.ReadInt64BigEndian(label[(VideoId.SizeBytes + 8)..])));
    }

    public void Dispose() => _aes.Dispose();

    // A fixed nonce is safe here: the label key comes from a fresh random salt and seals exactly one label.
    static ReadOnlySpan<byte> ZeroNonce => new byte[12];

    static void SealLabel(VaultKey vaultKey, ReadOnlySpan<byte> salt, ReadOnlySpan<byte> label, Span<byte> header)
    {
        var sealedLabel = header[(12 + SealedChunk.SaltBytes)..];
        using var aes = vaultKey.DeriveAes(salt, LabelInfo);
        aes.Encrypt(ZeroNonce, label, sealedLabel[..SealedChunk.LabelBytes], sealedLabel[SealedChunk.LabelBytes..], header[..12]);
    }

    void WriteNonce(Span<byte> nonce, int block)
    {
        nonce.Clear();
        BinaryPrimitives.WriteInt32BigEndian(nonce[7..], block);
        nonce[11] = block == SealedChunk.BlockCount(_plainBytes) - 1 ? (byte)1 : (byte)0;
    }

    void CheckLengths(int block, int plain, int sealedLength)
    {
        var expected = SealedChunk.BlockLength(_plainBytes, block);
        if (plain != expected || sealedLength != expected + SealedChunk.TagBytes) throw new ArgumentException($"Block {block} has {expected} bytes of plaintext.");
    }
}
