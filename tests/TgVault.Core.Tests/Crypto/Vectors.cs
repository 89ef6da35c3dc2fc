using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using TgVault.Core.Crypto;

namespace TgVault.Core.Tests.Crypto;

/// <summary>
/// The vector files under Vectors/, and how each is made. Byte strings are lower-case hex, sealed documents base64; a plaintext of
/// length n has byte i = (i x 131 + i / 256) mod 256.
/// </summary>
static class Vectors
{
    static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    const string Secret = "correct horse battery staple, and then some";

    public static IReadOnlyList<string> Names { get; } =
    [
        "chunk-1",
        "chunk-65535",
        "chunk-65536",
        "chunk-65537",
        "chunk-131072",
        "wrapped-key",
        "vault-key",
        "document-manifest",
        "document-catalogue",
    ];

    /// <summary>Where the files are in the repository: tests compare with these, copied beside the tests.</summary>
    public static string PathOf(string name) => Path.Combine(AppContext.BaseDirectory, "Vectors", name + ".json");

    /// <summary>The file's text as today's code gives it.</summary>
    public static string Make(string name)
    {
        var node = name.Split('-') switch
        {
            ["chunk", var length] => Chunk(int.Parse(length, System.Globalization.CultureInfo.InvariantCulture)),
            ["wrapped", "key"] => Wrapped(),
            ["vault", "key"] => Derived(),
            ["document", "manifest"] => Document(DocumentKind.Manifest, 70_000),
            ["document", "catalogue"] => Document(DocumentKind.Catalogue, 5),
            _ => throw new ArgumentOutOfRangeException(nameof(name)),
        };
        return node.ToJsonString(Indented) + "\n";
    }

    static JsonObject Chunk(int length)
    {
        var identity = CryptoSamples.Identity;
        return new JsonObject
        {
            ["dataKey"] = Hex(CryptoSamples.Bytes(32, 1)),
            ["vaultKey"] = Hex(CryptoSamples.Bytes(32, 2)),
            ["vaultKeyVersion"] = 1,
            ["videoId"] = identity.Video.ToString(),
            ["videoIdBytes"] = Hex(CryptoSamples.Bytes(16, 0x40)),
            ["attempt"] = identity.Attempt,
            ["index"] = identity.Number.Value,
            ["salt"] = Hex(CryptoSamples.Salt()),
            ["plaintextLength"] = length,
            ["sealed"] = Convert.ToBase64String(CryptoSamples.Seal(CryptoSamples.Plaintext(length))),
        };
    }

    static JsonObject Wrapped()
    {
        var binding = new KeyBinding(CryptoSamples.Video, 1, 3_000_000, "1x2097152,1x902848");
        using var vaultKey = CryptoSamples.VaultKey();
        using var dataKey = CryptoSamples.DataKey();
        return new JsonObject
        {
            ["vaultKey"] = Hex(CryptoSamples.Bytes(32, 2)),
            ["vaultKeyVersion"] = 1,
            ["dataKey"] = Hex(CryptoSamples.Bytes(32, 1)),
            ["videoId"] = binding.Video.ToString(),
            ["videoIdBytes"] = Hex(CryptoSamples.Bytes(16, 0x40)),
            ["attempt"] = binding.Attempt,
            ["preparedLength"] = binding.LengthBytes,
            ["chunkPlan"] = binding.ChunkPlan,
            ["salt"] = Hex(CryptoSamples.Salt()),
            ["wrapped"] = Hex(vaultKey.Wrap(dataKey, binding, CryptoSamples.Salt()).Sealed.Span),
        };
    }

    static JsonObject Derived()
    {
        using var key = Key();
        return new JsonObject
        {
            ["masterSecret"] = Secret,
            ["version"] = key.Version,
            ["memoryKiB"] = key.Parameters!.MemoryKiB,
            ["passes"] = key.Parameters.Passes,
            ["salt"] = Hex(key.Parameters.Salt.Span),
            ["vaultKey"] = Hex(key.Bytes),
            ["check"] = Hex(key.Parameters.Check.Span),
            ["linksKey"] = Hex(key.Derive("links", 32)),
        };
    }

    static JsonObject Document(DocumentKind kind, int length)
    {
        using var key = Key();
        return new JsonObject
        {
            ["masterSecret"] = Secret,
            ["vaultKey"] = Hex(key.Bytes),
            ["vaultKeyVersion"] = key.Version,
            ["kind"] = kind == DocumentKind.Manifest ? "manifest" : "catalogue",
            ["salt"] = Hex(CryptoSamples.Salt()),
            ["plaintextLength"] = length,
            ["sealed"] = Convert.ToBase64String(SealedDocument.Seal(kind, CryptoSamples.Plaintext(length), key, CryptoSamples.Salt())),
        };
    }

    static VaultKey Key() => MasterKey.Make(Secret, 1, VaultKeyCost.Default, CryptoSamples.Bytes(16, 0x70));

    static string Hex(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(bytes);
}
