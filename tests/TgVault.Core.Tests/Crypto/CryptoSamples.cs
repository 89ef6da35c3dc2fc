using TgVault.Core.Crypto;

namespace TgVault.Core.Tests.Crypto;

/// <summary>Fixed inputs, so that a failing test can be repeated byte for byte.</summary>
static class CryptoSamples
{
    public static VideoId Video { get; } = VideoId.Read(Bytes(16, 0x40));

    public static ChunkIdentity Identity { get; } = new(Video, 1, new ChunkNumber(3));

    public static DataKey DataKey(byte seed = 1) => Core.Crypto.DataKey.FromBytes(Bytes(32, seed));

    public static VaultKey VaultKey(int version = 1, byte seed = 2) => Core.Crypto.VaultKey.FromBytes(version, Bytes(32, seed));

    public static byte[] Salt(byte seed = 3) => Bytes(32, seed);

    /// <summary>seed, seed + 1, seed + 2, ...</summary>
    public static byte[] Bytes(int length, byte seed)
    {
        var bytes = new byte[length];
        for (var i = 0; i < length; i++)
            bytes[i] = (byte)(seed + i);
        return bytes;
    }

    /// <summary>The plaintext of all vectors: byte i is (i x 131 + i / 256) mod 256.</summary>
    public static byte[] Plaintext(int length)
    {
        var bytes = new byte[length];
        for (var i = 0; i < length; i++)
            bytes[i] = (byte)((i * 131) + (i >> 8));
        return bytes;
    }

    public static byte[] Seal(byte[] plaintext, ChunkIdentity? identity = null, byte[]? salt = null)
    {
        using var dataKey = DataKey();
        using var vaultKey = VaultKey();
        using var cipher = ChunkCipher.Create(dataKey, vaultKey, identity ?? Identity, salt ?? Salt(), plaintext.Length);
        var chunk = new byte[SealedChunk.SealedLength(plaintext.Length)];
        cipher.Seal(plaintext, chunk);
        return chunk;
    }
}
