using System.Security.Cryptography;
using System.Text;

namespace TgVault.Core.Crypto;

/// <summary>
/// One version of the vault key: wraps data keys, seals documents and labels. Its owner disposes it, which zeroes the bytes; afterwards
/// it can no longer be used. Safe for use by many threads at the same time.
/// </summary>
sealed class VaultKey : IDisposable
{
    public const int SizeBytes = 32;

    internal const int WrapSaltBytes = 32;
    internal const int WrappedBytes = WrapSaltBytes + DataKey.SizeBytes + SealedChunk.TagBytes;

    static ReadOnlySpan<byte> WrapInfo => "tgvault/v1/wrap"u8;

    // A fixed nonce is safe here: the wrapping key comes from a fresh random salt and seals exactly one data key.
    static ReadOnlySpan<byte> ZeroNonce => new byte[12];

    readonly SecretBytes _bytes;

    VaultKey(int version, ReadOnlySpan<byte> bytes, VaultKeyParameters? parameters)
    {
        Version = version;
        Parameters = parameters;
        _bytes = new SecretBytes(bytes);
    }

    public int Version { get; }

    /// <summary>How the key comes from the master secret; null where it was given as bytes. Documents carry this in clear.</summary>
    public VaultKeyParameters? Parameters { get; }

    internal ReadOnlySpan<byte> Bytes => _bytes.Span;

    /// <summary>A key from elsewhere. Documents sealed under it open with this key only: no master secret gives it again.</summary>
    /// <exception cref="ArgumentException">Not 32 bytes, or a version below 1.</exception>
    public static VaultKey FromBytes(int version, ReadOnlySpan<byte> bytes) => Create(version, bytes, null);

    internal static VaultKey Create(int version, ReadOnlySpan<byte> bytes, VaultKeyParameters? parameters) =>
        version > 0 && bytes.Length == SizeBytes
            ? new VaultKey(version, bytes, parameters)
            : throw new ArgumentException("A vault key has 32 bytes and a version of at least 1.", nameof(bytes));

    /// <summary>
    /// A key for one purpose only, links for example: HKDF-SHA256 of the vault key with <paramref name="purpose"/>. The caller zeroes it.
    /// </summary>
    public byte[] Derive(string purpose, int lengthBytes)
    {
        var key = new byte[lengthBytes];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, Bytes, key, [], Encoding.UTF8.GetBytes($"tgvault/v1/key/{purpose}"));
        return key;
    }

    /// <summary>
    /// Seals a data key. It opens only for the video, attempt, length and plan in <paramref name="binding"/>; see <see cref="KeyBinding"/>.
    /// </summary>
    public WrappedKey Wrap(DataKey dataKey, KeyBinding binding)
    {
        Span<byte> salt = stackalloc byte[WrapSaltBytes];
        RandomNumberGenerator.Fill(salt);
        return Wrap(dataKey, binding, salt);
    }

    internal WrappedKey Wrap(DataKey dataKey, KeyBinding binding, ReadOnlySpan<byte> salt)
    {
        var wrapped = new byte[WrappedBytes];
        salt.CopyTo(wrapped);
        using var aes = DeriveAes(salt, WrapInfo);
        var sealedKey = wrapped.AsSpan(WrapSaltBytes);
        aes.Encrypt(ZeroNonce, dataKey.Bytes, sealedKey[..DataKey.SizeBytes], sealedKey[DataKey.SizeBytes..], binding.ToBytes());
        return new WrappedKey(Version, wrapped);
    }

    /// <exception cref="IntegrityException">Not wrapped by this key, or for another video, attempt, length or plan.</exception>
    public DataKey Unwrap(WrappedKey wrapped, KeyBinding binding)
    {
        if (wrapped.VaultKeyVersion != Version || wrapped.Sealed.Length != WrappedBytes)
            throw new IntegrityException($"The key of video {binding.Video} is not wrapped by version {Version} of the vault key.");
        var sealedKey = wrapped.Sealed.Span[WrapSaltBytes..];
        Span<byte> bytes = stackalloc byte[DataKey.SizeBytes];
        using var aes = DeriveAes(wrapped.Sealed.Span[..WrapSaltBytes], WrapInfo);
        try
        {
            aes.Decrypt(ZeroNonce, sealedKey[..DataKey.SizeBytes], sealedKey[DataKey.SizeBytes..], bytes, binding.ToBytes());
            return DataKey.FromBytes(bytes);
        }
        catch (AuthenticationTagMismatchException exception)
        {
            throw new IntegrityException(
                $"The key of video {binding.Video} did not open: its record or the master secret is not the one it was made with.",
                exception
            );
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    public void Dispose() => _bytes.Dispose();

    internal AesGcm DeriveAes(ReadOnlySpan<byte> salt, ReadOnlySpan<byte> info) => DerivedKey.ForAes(Bytes, salt, info);
}
