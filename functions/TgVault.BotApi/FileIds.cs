using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using TgVault.BotApi.Store;

namespace TgVault.BotApi;

/// <summary>What became of a file id that was handed in.</summary>
enum FileIdState
{
    Good,

    /// <summary>No file id at all: cut, altered, made up.</summary>
    Undecodable,

    /// <summary>A file id, but of another bot, or dead.</summary>
    Foreign,
}

/// <summary>
/// Mints and checks file ids: authenticated, made for one bot, and each time another, since Telegram too gives several for one file.
/// Nothing is stored for them.
/// </summary>
sealed class FileIds(byte[] secret)
{
    const string Prefix = "BQACAgIAAx0C";
    const int BodyBytes = 8 + 8 + 4 + 4;
    const int TagBytes = 12;

    /// <summary>Reads the secret of this data folder, or makes it.</summary>
    public static FileIds Open(string folder)
    {
        var path = Path.Combine(folder, "ids.key");
        if (!File.Exists(path))
        {
            File.WriteAllBytes(path + ".new", RandomNumberGenerator.GetBytes(32));
            File.Move(path + ".new", path, overwrite: true);
        }

        return new FileIds(File.ReadAllBytes(path));
    }

    public string Mint(StoredDocument document, long botId)
    {
        Span<byte> bytes = stackalloc byte[BodyBytes + TagBytes];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, document.Number);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[8..], botId);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[16..], document.Generation);
        RandomNumberGenerator.Fill(bytes[20..24]);
        Tag(bytes[..BodyBytes], bytes[BodyBytes..]);
        return Prefix + Base64Url.EncodeToString(bytes);
    }

    public string Unique(StoredDocument document)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(bytes, document.Number);
        Span<byte> tag = stackalloc byte[TagBytes];
        Tag(bytes, tag);
        return "AgAD" + Base64Url.EncodeToString(tag[..9]);
    }

    /// <summary>The number and generation of the document that the id means, and whether this bot may use it.</summary>
    public (FileIdState State, long Document, int Generation) Read(string fileId, long botId)
    {
        Span<byte> bytes = stackalloc byte[BodyBytes + TagBytes];
        if (!fileId.StartsWith(Prefix, StringComparison.Ordinal) || fileId.Length > 200
            || !Base64Url.TryDecodeFromChars(fileId.AsSpan(Prefix.Length), bytes, out var written) || written != bytes.Length) return (FileIdState.Undecodable, 0, 0);
        Span<byte> tag = stackalloc byte[TagBytes];
        Tag(bytes[..BodyBytes], tag);
        if (!CryptographicOperations.FixedTimeEquals(tag, bytes[BodyBytes..])) return (FileIdState.Undecodable, 0, 0);
        var state = BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]) == botId ? FileIdState.Good : FileIdState.Foreign;
        return (state, BinaryPrimitives.ReadInt64LittleEndian(bytes), BinaryPrimitives.ReadInt32LittleEndian(bytes[16..]));
    }

    void Tag(ReadOnlySpan<byte> body, Span<byte> tag)
    {
        Span<byte> whole = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(secret, body, whole);
        whole[..TagBytes].CopyTo(tag);
    }
}
