using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace TgVault.BotApi.Store;

/// <summary>What a file id turned out to be.</summary>
enum FileIdVerdict
{
    /// <summary>Not decodable: cut short or never one.</summary>
    Malformed,

    /// <summary>Decodable, but minted for another bot.</summary>
    Foreign,

    Valid,
}

/// <summary>
/// File ids, sealed to the bot they are given to: the same document has other ids for other bots, and several for one. Made by arithmetic
/// from the token, so that they hold over restarts.
/// </summary>
static class FileIds
{
    const int TagBytes = 12;
    const int ChecksumBytes = 4;
    const int BodyBytes = 3 + sizeof(long) + sizeof(int);
    const int Bytes = BodyBytes + TagBytes + ChecksumBytes;

    // Documents' ids begin with "BQAC", their unique ids with "AgAD".
    static ReadOnlySpan<byte> IdPrefix => [0x05, 0x00, 0x02];

    static ReadOnlySpan<byte> UniquePrefix => [0x02, 0x00, 0x03];

    public static string Mint(string token, long file)
    {
        Span<byte> id = stackalloc byte[Bytes];
        IdPrefix.CopyTo(id);
        BinaryPrimitives.WriteInt64BigEndian(id[3..], file);
        RandomNumberGenerator.Fill(id[11..BodyBytes]);
        Tag(token, id[..BodyBytes]).CopyTo(id[BodyBytes..]);
        Checksum(id[..^ChecksumBytes]).CopyTo(id[^ChecksumBytes..]);
        return Base64Url.EncodeToString(id);
    }

    public static FileIdVerdict Open(string token, string text, out long file)
    {
        file = 0;
        Span<byte> id = stackalloc byte[Bytes];
        if (
            !Base64Url.IsValid(text, out var bytes)
            || bytes != Bytes
            || !Base64Url.TryDecodeFromChars(text, id, out var length)
            || length != Bytes
        )
            return FileIdVerdict.Malformed;
        if (!id.StartsWith(IdPrefix) || !Checksum(id[..^ChecksumBytes]).SequenceEqual(id[^ChecksumBytes..]))
            return FileIdVerdict.Malformed;
        if (!Tag(token, id[..BodyBytes]).SequenceEqual(id[BodyBytes..^ChecksumBytes]))
            return FileIdVerdict.Foreign;
        file = BinaryPrimitives.ReadInt64BigEndian(id[3..]);
        return FileIdVerdict.Valid;
    }

    /// <summary>The same for all bots; opens nothing.</summary>
    public static string Unique(long file)
    {
        Span<byte> id = stackalloc byte[3 + sizeof(long)];
        UniquePrefix.CopyTo(id);
        BinaryPrimitives.WriteInt64BigEndian(id[3..], file);
        return Base64Url.EncodeToString(id);
    }

    static ReadOnlySpan<byte> Tag(string token, ReadOnlySpan<byte> body) =>
        HMACSHA256.HashData(Encoding.UTF8.GetBytes(token), body).AsSpan(0, TagBytes);

    static ReadOnlySpan<byte> Checksum(ReadOnlySpan<byte> body) => SHA256.HashData(body).AsSpan(0, ChecksumBytes);
}
