using System.Security.Cryptography;

namespace TgVault.Core.Crypto;

/// <summary>
/// The 256-bit key of one stored file: the prepared file or a companion. Its owner disposes it, which zeroes the bytes; it cannot be used
/// after that.
/// </summary>
sealed class DataKey : IDisposable
{
    public const int SizeBytes = 32;

    readonly SecretBytes _bytes;

    DataKey(ReadOnlySpan<byte> bytes) => _bytes = new SecretBytes(bytes);

    public static DataKey Generate()
    {
        Span<byte> bytes = stackalloc byte[SizeBytes];
        RandomNumberGenerator.Fill(bytes);
        try
        {
            return new DataKey(bytes);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    /// <summary>Copies the key; the source stays the caller's to zero.</summary>
    /// <exception cref="ArgumentException">Not 32 bytes.</exception>
    public static DataKey FromBytes(ReadOnlySpan<byte> bytes) =>
        bytes.Length == SizeBytes ? new DataKey(bytes) : throw new ArgumentException("A data key has 32 bytes.", nameof(bytes));

    internal ReadOnlySpan<byte> Bytes => _bytes.Span;

    public void Dispose() => _bytes.Dispose();
}

/// <summary>
/// A data key sealed under the vault key of that version. It is bound to the video, the attempt, and the length and plan of its file.
/// </summary>
public sealed record WrappedKey(int VaultKeyVersion, ReadOnlyMemory<byte> Sealed);
