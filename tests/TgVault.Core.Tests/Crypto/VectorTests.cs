using System.Diagnostics;
using System.Text.Json.Nodes;
using TgVault.Core.Crypto;

namespace TgVault.Core.Tests.Crypto;

/// <summary>Stored bytes outlive the code: what once was sealed must open, and open the same, for ever.</summary>
public sealed class VectorTests
{
    public static TheoryData<string> AllNames => [.. Vectors.Names];

    public static TheoryData<string> NamesOfSealed => [.. Vectors.Names.Where(name => name != "vault-key")];

    [Theory]
    [MemberData(nameof(AllNames))]
    public void Sealing_gives_the_bytes_of_the_vector_file(string name)
    {
        var made = Vectors.Make(name);
        var stored = File.Exists(Vectors.PathOf(name)) ? File.ReadAllText(Vectors.PathOf(name)) : "";
        if (made == stored)
            return;

        var kept = Path.Combine(AppContext.BaseDirectory, "Vectors.new", name + ".json");
        Directory.CreateDirectory(Path.GetDirectoryName(kept)!);
        File.WriteAllText(kept, made);
        Assert.Fail(
            $"The code no longer gives the bytes of Vectors/{name}.json: what is stored already would not open. What it gives now is "
                + $"in {kept}."
        );
    }

    [Theory]
    [MemberData(nameof(NamesOfSealed))]
    public void The_stored_bytes_open(string name)
    {
        var vector = JsonNode.Parse(File.ReadAllText(Vectors.PathOf(name)))!;
        using var vaultKey = VaultKey.FromBytes((int)vector["vaultKeyVersion"]!, Hex(vector, "vaultKey"));
        if (name == "wrapped-key")
        {
            var binding = new KeyBinding(
                VideoId.Parse((string)vector["videoId"]!),
                (int)vector["attempt"]!,
                (long)vector["preparedLength"]!,
                (string)vector["chunkPlan"]!
            );
            using var unwrapped = vaultKey.Unwrap(new WrappedKey(1, Hex(vector, "wrapped")), binding);
            Assert.Equal(Hex(vector, "dataKey"), unwrapped.Bytes.ToArray());
            return;
        }

        var stored = Convert.FromBase64String((string)vector["sealed"]!);
        var plaintext = CryptoSamples.Plaintext((int)vector["plaintextLength"]!);
        if (name.StartsWith("document", StringComparison.Ordinal))
        {
            var kind = name == "document-manifest" ? DocumentKind.Manifest : DocumentKind.Catalogue;
            Assert.Equal(plaintext, SealedDocument.Open(kind, stored, (string)vector["masterSecret"]!));
            return;
        }

        var identity = new ChunkIdentity(
            VideoId.Parse((string)vector["videoId"]!),
            (int)vector["attempt"]!,
            new ChunkNumber((int)vector["index"]!)
        );
        using var dataKey = DataKey.FromBytes(Hex(vector, "dataKey"));
        using var cipher = ChunkCipher.Create(dataKey, vaultKey, identity, Hex(vector, "salt"), plaintext.Length);
        var opened = new byte[plaintext.Length];
        cipher.Open(stored, opened);
        Assert.Equal(plaintext, opened);
    }

    [Theory(Timeout = 30_000)]
    [MemberData(nameof(NamesOfSealed))]
    public async Task A_program_written_from_FORMAT_md_alone_opens_them(string name)
    {
        var (code, output) = await RunReaderAsync(Vectors.PathOf(name));

        Assert.Equal((0, $"opened {name}"), (code, output));
    }

    [Fact(Timeout = 30_000)]
    public async Task That_program_refuses_a_damaged_one()
    {
        var vector = JsonNode.Parse(await File.ReadAllTextAsync(Vectors.PathOf("chunk-65537")))!;
        var damaged = Convert.FromBase64String((string)vector["sealed"]!);
        damaged[^1] ^= 1;
        vector["sealed"] = Convert.ToBase64String(damaged);
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".json");
        await File.WriteAllTextAsync(path, vector.ToJsonString());
        try
        {
            Assert.NotEqual(0, (await RunReaderAsync(path)).Code);
        }
        finally
        {
            File.Delete(path);
        }
    }

    static byte[] Hex(JsonNode vector, string name) => Convert.FromHexString((string)vector[name]!);

    static async Task<(int Code, string Output)> RunReaderAsync(string vectorPath)
    {
        var start = new ProcessStartInfo("node") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "format", "open-chunk.mjs"));
        start.ArgumentList.Add(vectorPath);
        using var reader = Process.Start(start)!;
        var error = reader.StandardError.ReadToEndAsync();
        var output = await reader.StandardOutput.ReadToEndAsync();
        await reader.WaitForExitAsync();
        return (reader.ExitCode, (output + await error).Trim());
    }
}
