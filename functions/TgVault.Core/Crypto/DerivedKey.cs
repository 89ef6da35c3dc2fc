using System.Security.Cryptography;

namespace TgVault.Core.Crypto;

/// <summary>Keys made from keys: HKDF-SHA256 (RFC 5869), with the derived bytes zeroed as soon as the cipher has them.</summary>
static class DerivedKey
{
    public const int SizeBytes = 32;

    public static AesGcm ForAes(ReadOnlySpan<byte> secret, ReadOnlySpan<byte> salt, ReadOnlySpan<byte> info)
    {
        Span<byte> key = stackalloc byte[SizeBytes];
        try
        {
            HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, key, salt, info);
            return new AesGcm(key, SealedChunk.TagBytes);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }
}

/// <summary>
/// Key bytes that one owner zeroes. Pinned, so that the garbage collector leaves no copy behind when it moves things; refusing to be
/// read afterwards, because sealing with a zeroed key would work and protect nothing.
/// </summary>
sealed class SecretBytes : IDisposable
{
    readonly byte[] _bytes;
    bool _disposed;

    public SecretBytes(ReadOnlySpan<byte> source)
    {
        _bytes = GC.AllocateUninitializedArray<byte>(source.Length, pinned: true);
        source.CopyTo(_bytes);
    }

    /// <exception cref="ObjectDisposedException">The owner has zeroed the key.</exception>
    public ReadOnlySpan<byte> Span
    {
        get
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return _bytes;
        }
    }

    public void Dispose()
    {
        _disposed = true;
        CryptographicOperations.ZeroMemory(_bytes);
    }
}
