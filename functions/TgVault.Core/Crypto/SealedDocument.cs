using System.Security.Cryptography;

namespace TgVault.Core.Crypto;

/// <summary>What a document holds; part of its key derivation, so that none passes for another.</summary>
enum DocumentKind
{
    /// <summary>Everything needed to play one video.</summary>
    Manifest,

    /// <summary>The newest state of the list of manifests: what is pinned in the channel.</summary>
    Catalogue,

    /// <summary>An older part of that list, never changed again.</summary>
    Segment,
}

/// <summary>
/// Seals and opens small documents as a whole (FORMAT.md, "Document"): the header carries in clear what makes the vault key of the master
/// secret, so that the secret alone opens them; the blocks are those of a chunk.
/// </summary>
static class SealedDocument
{
    /// <summary>The longest sealed document: what Telegram gives back.</summary>
    public const int MaxBytes = 20 << 20;

    public const int HeaderBytes = DocumentHeader.SizeBytes;

    /// <summary>The most plaintext that fits.</summary>
    public const int MaxPlainBytes = 319 * SealedChunk.BlockBytes;

    /// <summary>Seals <paramref name="plaintext"/> under this version of the vault key.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No plaintext, or more than <see cref="MaxPlainBytes"/>.</exception>
    public static byte[] Seal(DocumentKind kind, ReadOnlySpan<byte> plaintext, VaultKey key)
    {
        Span<byte> salt = stackalloc byte[SealedChunk.SaltBytes];
        RandomNumberGenerator.Fill(salt);
        return Seal(kind, plaintext, key, salt);
    }

    /// <summary>Opens a document under the version of the vault key that it names.</summary>
    /// <exception cref="IntegrityException">Not a document of this kind, not of this vault, or not all of it.</exception>
    public static byte[] Open(DocumentKind kind, ReadOnlySpan<byte> document, KeyRing keys)
    {
        var header = ReadHeader(document);
        return Open(kind, document, header, keys.Get(header.VaultKeyVersion));
    }

    /// <summary>Opens a document with nothing but the master secret. Slow: it derives the vault key.</summary>
    /// <exception cref="IntegrityException">As for a key ring; or its key does not come from a master secret at all.</exception>
    /// <exception cref="VaultException">The master secret is not the one this vault was made with.</exception>
    public static byte[] Open(DocumentKind kind, ReadOnlySpan<byte> document, string masterSecret)
    {
        var header = ReadHeader(document);
        using var key = MasterKey.Derive(
            masterSecret,
            header.Parameters ?? throw new IntegrityException("The document's key does not come from a master secret.")
        );
        return Open(kind, document, header, key);
    }

    /// <summary>What the header says: nothing of it is authenticated before the document opens.</summary>
    /// <exception cref="IntegrityException">No document of this format.</exception>
    public static DocumentHeader ReadHeader(ReadOnlySpan<byte> document) =>
        DocumentHeader.TryRead(document)
        ?? throw new IntegrityException("The bytes are not a sealed document of a version this vault knows.");

    /// <summary>Whether the bytes begin as a document of this format does, of whatever vault.</summary>
    public static bool IsDocument(ReadOnlySpan<byte> document) => DocumentHeader.TryRead(document) is not null;

    internal static byte[] Seal(DocumentKind kind, ReadOnlySpan<byte> plaintext, VaultKey key, ReadOnlySpan<byte> salt)
    {
        ArgumentOutOfRangeException.ThrowIfZero(plaintext.Length, nameof(plaintext));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(plaintext.Length, MaxPlainBytes, nameof(plaintext));
        var document = new byte[HeaderBytes + plaintext.Length + (SealedChunk.BlockCount(plaintext.Length) * SealedChunk.TagBytes)];
        DocumentHeader.Write(document, key, salt);
        using var blocks = new BlockCipher(key.Bytes, salt, InfoOf(kind), document.AsSpan(0, HeaderBytes), plaintext.Length);
        blocks.SealRun(0, plaintext, document.AsSpan(HeaderBytes));
        return document;
    }

    static byte[] Open(DocumentKind kind, ReadOnlySpan<byte> document, DocumentHeader header, VaultKey key)
    {
        var plain = new byte[PlainLength(document.Length)];
        using var blocks = new BlockCipher(key.Bytes, header.Salt.Span, InfoOf(kind), document[..HeaderBytes], plain.Length);
        if (blocks.OpenRun(0, document[HeaderBytes..], plain) is { } block)
            throw new IntegrityException(
                $"Block {block} of the {NameOf(kind)} document did not open: the stored bytes are not the ones that were sealed."
            );
        return plain;
    }

    static int PlainLength(int documentBytes)
    {
        var sealedBytes = documentBytes - HeaderBytes;
        var whole = sealedBytes / SealedChunk.SealedBlockBytes * SealedChunk.BlockBytes;
        var rest = sealedBytes % SealedChunk.SealedBlockBytes;
        if (documentBytes > MaxBytes || sealedBytes <= SealedChunk.TagBytes || rest is > 0 and <= SealedChunk.TagBytes)
            throw new IntegrityException($"No sealed document has {documentBytes} bytes.");
        return whole + (rest == 0 ? 0 : rest - SealedChunk.TagBytes);
    }

    static ReadOnlySpan<byte> InfoOf(DocumentKind kind) =>
        kind switch
        {
            DocumentKind.Manifest => "tgvault/v1/document/manifest"u8,
            DocumentKind.Catalogue => "tgvault/v1/document/catalogue"u8,
            DocumentKind.Segment => "tgvault/v1/document/segment"u8,
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        };

    static string NameOf(DocumentKind kind) =>
        kind switch
        {
            DocumentKind.Manifest => "manifest",
            DocumentKind.Catalogue => "catalogue",
            _ => "catalogue segment",
        };
}
