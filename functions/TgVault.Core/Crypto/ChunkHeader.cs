using System.Buffers.Binary;
using System.Security.Cryptography;

namespace TgVault.Core.Crypto;

/// <summary>
/// The first bytes of a sealed chunk (FORMAT.md, "Chunk"). Blocks are bound to magic, version and salt. The label behind them, which says
/// whose chunk this is when all records are lost, stands on its own under the vault key: were blocks bound to it, no chunk could be
/// opened once that version of the vault key is retired.
/// </summary>
static class ChunkHeader
{
    /// <summary>magic 4, version 1, zero 3, salt 32: what every block is bound to.</summary>
    public const int BoundBytes = SaltOffset + SealedChunk.SaltBytes;

    const int VersionOffset = 4;
    const int SaltOffset = 8;
    const int LabelOffset = BoundBytes + 4;

    static ReadOnlySpan<byte> Magic => "TGVC"u8;
    static ReadOnlySpan<byte> LabelInfo => "tgvault/v1/chunk-label"u8;

    // A fixed nonce is safe here: the label key comes from the chunk's random salt and seals exactly one label.
    static ReadOnlySpan<byte> ZeroNonce => new byte[12];

    public static void WriteBound(Span<byte> header, ReadOnlySpan<byte> salt)
    {
        header[..SaltOffset].Clear();
        Magic.CopyTo(header);
        header[VersionOffset] = SealedChunk.Version;
        salt.CopyTo(header[SaltOffset..]);
    }

    public static void Write(Span<byte> header, VaultKey vaultKey, ChunkLabel label, ReadOnlySpan<byte> salt)
    {
        WriteBound(header, salt);
        BinaryPrimitives.WriteInt32BigEndian(header[BoundBytes..], vaultKey.Version);
        Span<byte> plain = stackalloc byte[ChunkLabel.SizeBytes];
        label.WriteTo(plain);
        using var aes = vaultKey.DeriveAes(salt, LabelInfo);
        aes.Encrypt(
            ZeroNonce,
            plain,
            header.Slice(LabelOffset, ChunkLabel.SizeBytes),
            header[(LabelOffset + ChunkLabel.SizeBytes)..SealedChunk.HeaderBytes],
            header[..LabelOffset]
        );
    }

    /// <summary>Whether these are the header bytes that blocks under this salt are bound to.</summary>
    public static bool HasSalt(ReadOnlySpan<byte> header, ReadOnlySpan<byte> salt)
    {
        Span<byte> expected = stackalloc byte[BoundBytes];
        WriteBound(expected, salt);
        return header.StartsWith(expected);
    }

    /// <summary>Which version of the vault key the label is sealed under; whatever stands there, if it is none.</summary>
    public static int VaultKeyVersionOf(ReadOnlySpan<byte> header) => BinaryPrimitives.ReadInt32BigEndian(header[BoundBytes..]);

    public static ChunkLabel? TryReadLabel(ReadOnlySpan<byte> header, VaultKey vaultKey)
    {
        if (header.Length < SealedChunk.HeaderBytes || !HasSalt(header, header.Slice(SaltOffset, SealedChunk.SaltBytes)))
            return null;
        if (BinaryPrimitives.ReadInt32BigEndian(header[BoundBytes..]) != vaultKey.Version)
            return null;
        Span<byte> plain = stackalloc byte[ChunkLabel.SizeBytes];
        using var aes = vaultKey.DeriveAes(header.Slice(SaltOffset, SealedChunk.SaltBytes), LabelInfo);
        try
        {
            aes.Decrypt(
                ZeroNonce,
                header.Slice(LabelOffset, ChunkLabel.SizeBytes),
                header[(LabelOffset + ChunkLabel.SizeBytes)..SealedChunk.HeaderBytes],
                plain,
                header[..LabelOffset]
            );
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }

        return ChunkLabel.Read(plain);
    }
}

/// <summary>Which chunk, and how long: 32 bytes, big-endian, sealed into the header and part of the key derivation.</summary>
readonly record struct ChunkLabel(ChunkIdentity Identity, int PlainBytes)
{
    public const int SizeBytes = VideoId.SizeBytes + 4 + 4 + 8;

    public void WriteTo(Span<byte> destination)
    {
        Identity.Video.WriteTo(destination);
        BinaryPrimitives.WriteInt32BigEndian(destination[VideoId.SizeBytes..], Identity.Attempt);
        BinaryPrimitives.WriteInt32BigEndian(destination[(VideoId.SizeBytes + 4)..], Identity.Number.Value);
        BinaryPrimitives.WriteInt64BigEndian(destination[(VideoId.SizeBytes + 8)..], PlainBytes);
    }

    public static ChunkLabel Read(ReadOnlySpan<byte> source) =>
        new(
            new ChunkIdentity(
                VideoId.Read(source),
                BinaryPrimitives.ReadInt32BigEndian(source[VideoId.SizeBytes..]),
                new ChunkNumber(BinaryPrimitives.ReadInt32BigEndian(source[(VideoId.SizeBytes + 4)..]))
            ),
            checked((int)BinaryPrimitives.ReadInt64BigEndian(source[(VideoId.SizeBytes + 8)..]))
        );
}
