using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace TgVault.Core.Crypto;

/// <summary>One version of the vault key: wraps data keys and seals documents. Its owner disposes it, which zeroes the bytes.</summary>
public sealed class VaultKey : IDisposable
{
    public const int SizeBytes = 32;

    const int WrapSaltBytes = 32;

    static ReadOnlySpan<byte> WrapInfo => "tgvault/v1/wrap"u8;
    static ReadOnlySpan<byte> ZeroNonce => new byte[12];

    readonly byte[] _bytes;

    VaultKey(int version, byte[] bytes)
    {
        Version = version;
        _bytes = bytes;
    }

    public int Version { get; }

    /// <exception cref="ArgumentException">Not 32 bytes, or a version below 1.</exception>
    public static VaultKey FromBytes(int version, ReadOnlySpan<byte> bytes) =>
        version > 0 && bytes.Length == SizeBytes
            ? new VaultKey(version, bytes.ToArray())
            : throw new ArgumentException("A vault key has 32 bytes and a version of at least 1.", nameof(bytes));

    /// <summary>A key for one purpose only (HKDF-SHA256 of the vault key with <paramref name="purpose"/>): links, for example.</summary>
    public byte[] Derive(string purpose, int lengthBytes)
    {
        var key = new byte[lengthBytes];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, _bytes, key, [], Encoding.UTF8.GetBytes($"tgvault/v1/{purpose}"));
        return key;
    }

    /// <summary>Seals a data key for the video, attempt, length and chunk plan that <paramref name="binding"/> describes; see <see cref="KeyBinding"/>.</summary>
    public WrappedKey Wrap(DataKey dataKey, KeyBinding binding)
    {
        var sealedKey = new byte[WrapSaltBytes + DataKey.SizeBytes + SealedChunk.TagBytes];
        var salt = sealedKey.AsSpan(0, WrapSaltBytes);
        RandomNumberGenerator.Fill(salt);
        using var aes = DeriveAes(salt, WrapInfo);
        // A fixed nonce is safe here: the wrapping key comes from a fresh random salt and seals exactly one data key.
        aes.Encrypt(ZeroNonce, dataKey.Bytes, sealedKey.AsSpan(WrapSaltBytes, DataKey.SizeBytes), sealedKey.AsSpan(WrapSaltBytes + DataKey.SizeBytes), binding.ToBytes());
        return new WrappedKey(Version, sealedKey);
    }

    /// <exception cref="IntegrityException">Not wrapped by this key, or for another video, attempt, length or plan.</exception>
    public DataKey Unwrap(WrappedKey wrapped, KeyBinding binding)
    {
        var sealedKey = wrapped.Sealed.Span;
        if (wrapped.VaultKeyVersion != Version || sealedKey.Length != WrapSaltBytes + DataKey.SizeBytes + SealedChunk.TagBytes)
            throw new IntegrityException($"The key of video {binding.Video} is not wrapped by version {Version} of the vault key.");
        Span<byte> bytes = stackalloc byte[DataKey.SizeBytes];
        using var aes = DeriveAes(sealedKey[..WrapSaltBytes], WrapInfo);
        try
        {
            aes.Decrypt(ZeroNonce, sealedKey.Slice(WrapSaltBytes, DataKey.SizeBytes), sealedKey[(WrapSaltBytes + DataKey.SizeBytes)..], bytes, binding.ToBytes());
            return DataKey.FromBytes(bytes);
        }
        catch (AuthenticationTagMismatchException exception)
        {
            throw new IntegrityException($"The key of video {binding.Video} did not open: its record or the master secret is not the one it was made with.", exception);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    public void Dispose() => CryptographicOperations.ZeroMemory(_bytes);

    internal AesGcm DeriveAes(ReadOnlySpan<byte> salt, ReadOnlySpan<byte> info)
    {
        Span<byte> key = stackalloc byte[32];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, _bytes, key, salt, info);
        try
        {
            return new AesGcm(key, SealedChunk.TagBytes);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }
}

/// <summary>
/// What a wrapped data key is bound to (its associated data): so the length and the cut of a file cannot be changed in the records
/// without its key failing to open.
/// </summary>
public readonly record struct KeyBinding(VideoId Video, int Attempt, long LengthBytes, string ChunkPlan)
{
    internal byte[] ToBytes()
    {
        var plan = Encoding.UTF8.GetBytes(ChunkPlan);
        var bytes = new byte[VideoId.SizeBytes + 4 + 8 + plan.Length];
        Video.WriteTo(bytes);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(VideoId.SizeBytes), Attempt);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(VideoId.SizeBytes + 4), LengthBytes);
        plan.CopyTo(bytes, VideoId.SizeBytes + 12);
        return bytes;
    }
}
