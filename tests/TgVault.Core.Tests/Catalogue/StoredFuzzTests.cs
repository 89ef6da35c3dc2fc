using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using TgVault.Core.Catalogue;
using TgVault.Core.Chunks;
using TgVault.Core.Crypto;
using TgVault.Core.Tests.Crypto;
using TgVault.Core.Tests.Mp4;
using TgVault.Testing;
using Xunit.Abstractions;

namespace TgVault.Core.Tests.Catalogue;

/// <summary>
/// Whatever comes back from a store, reading ends in what was stored or in IntegrityException: damaged chunks and documents, and documents
/// that open and say what cannot be, as a faulty writer would leave. <c>TGVAULT_FUZZ_SECONDS=600</c> makes it long, from other seeds.
/// </summary>
public sealed partial class StoredFuzzTests(ITestOutputHelper output) : IDisposable
{
    const int ShortRun = 8000;
    const int ChunkBytes = SealedChunk.BlockBytes + 100;

    static readonly string[] Odd =
    [
        "null",
        "0",
        "-1",
        "1",
        "2147483648",
        "-9223372036854775808",
        "1e400",
        "1.5",
        "\"\"",
        "\"x\"",
        "\"1x65536\"",
        "\"9999-12-31T23:59:59.9999999Z\"",
        "\"AAAA\"",
        "\"\\ud800\"",
        "true",
        "[]",
        "[null]",
        "{}",
        "[{}]",
    ];

    readonly KeyRing _keys = new([CryptoSamples.VaultKey()]);

    public void Dispose() => _keys.Dispose();

    [Fact(Timeout = 7_200_000)]
    public async Task What_was_stored_comes_back_or_is_called_damaged()
    {
        var (manifest, head, segment) = await StoredAsync();
        Func<int, Task<bool>>[] kinds =
        [
            ReadChunkAsync,
            seed => ReadManifestAsync(Mutation.Apply(manifest, 0, SealedDocument.HeaderBytes, seed)),
            seed => ReadManifestAsync(Rewritten(DocumentKind.Manifest, manifest, seed)),
            seed => ReadHeadAsync(Rewritten(DocumentKind.Catalogue, head, seed)),
            seed => ReadSegmentAsync(0, Rewritten(DocumentKind.Segment, segment, seed)),
        ];
        var seconds = int.Parse(Environment.GetEnvironmentVariable("TGVAULT_FUZZ_SECONDS") ?? "0", CultureInfo.InvariantCulture);
        var first = seconds > 0 ? Random.Shared.Next(1 << 30) : 0;
        var clock = Stopwatch.StartNew();
        var outcomes = new (int Good, int Refused)[kinds.Length];
        for (var seed = first; seed - first < ShortRun || clock.Elapsed.TotalSeconds < seconds; seed++)
        {
            var kind = seed % kinds.Length;
            try
            {
                if (await kinds[kind](seed))
                    outcomes[kind].Good++;
                else
                    outcomes[kind].Refused++;
            }
            catch (Exception exception)
            {
                Assert.Fail($"Seed {seed}, kind {kind}: {exception}");
            }
        }

        output.WriteLine(
            string.Join("; ", outcomes.Select((outcome, kind) => $"kind {kind}: {outcome.Good} good, {outcome.Refused} refused"))
        );
        Assert.All(outcomes, outcome => Assert.NotEqual(0, outcome.Refused));
        // What is written anew can be right, too.
        Assert.All(outcomes.Skip(2), outcome => Assert.NotEqual(0, outcome.Good));
    }

    async Task<(byte[] Manifest, byte[] Head, byte[] Segment)> StoredAsync()
    {
        var plan = ChunkPlan.TryParse("2x65536,1x77")!;
        var video = ManifestTests.WithCompanions(ManifestTests.NewVideo(plan, _keys.Current), _keys);
        var channel = new MemoryChunkStore();
        var documents = new CatalogueDocuments(channel, _keys);
        ImmutableArray<CatalogueEntry> entries =
        [
            .. Enumerable
                .Range(1, 3)
                .Select(i => new CatalogueEntry(
                    VideoId.New(DateTimeOffset.UnixEpoch.AddDays(i)),
                    DateTimeOffset.UnixEpoch,
                    i == 2 ? null : new ChunkReceipt(1, -100, i, "file", "unique", 500)
                )),
        ];
        var segment = await documents.PutSegmentAsync(entries, CancellationToken.None);
        var head = await documents.PutAsync(new CatalogueHead(7, DateTimeOffset.UnixEpoch, entries, [segment]), CancellationToken.None);
        return (
            ManifestDocument.Seal(Manifest.Of(video, ManifestTests.NewRecords(video), DateTimeOffset.UnixEpoch), _keys.Current),
            await BytesOfAsync(channel, head),
            await BytesOfAsync(channel, segment.Receipt)
        );
    }

    static async Task<byte[]> BytesOfAsync(MemoryChunkStore store, ChunkReceipt receipt)
    {
        var bytes = new byte[receipt.SealedLengthBytes];
        await store.ReadAsync(receipt, 0, bytes, CancellationToken.None);
        return bytes;
    }

    /// <summary>The document with something else in its JSON, or in what packs that, sealed anew.</summary>
    byte[] Rewritten(DocumentKind kind, byte[] document, int seed)
    {
        var random = new Random(seed);
        var packed = SealedDocument.Open(kind, document, _keys);
        if (random.Next(8) == 0)
            return SealedDocument.Seal(kind, Mutation.Apply(packed, 0, packed.Length, seed), _keys.Current);
        using var gzip = new GZipStream(new MemoryStream(packed), CompressionMode.Decompress);
        var json = JsonNode.Parse(gzip)!;
        for (var changes = 1 + random.Next(2); changes > 0; changes--)
            Change(json, random);
        var text = OddValue().Replace(json.ToJsonString(), match => Odd[int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)]);
        using var written = new MemoryStream();
        using (var packing = new GZipStream(written, CompressionLevel.Fastest, leaveOpen: true))
            packing.Write(Encoding.UTF8.GetBytes(text));
        return SealedDocument.Seal(kind, written.ToArray(), _keys.Current);
    }

    /// <summary>Takes a value out, or puts an odd one in its place, or that of another property.</summary>
    static void Change(JsonNode json, Random random)
    {
        var parents = new List<JsonNode> { json };
        for (var i = 0; i < parents.Count; i++)
        {
            var children = parents[i] is JsonObject named ? named.Select(pair => pair.Value) : parents[i].AsArray();
            parents.AddRange(children.OfType<JsonNode>().Where(child => child is JsonObject or JsonArray));
        }

        var parent = parents[random.Next(parents.Count)];
        // JsonNode holds no number that is none: it is written in later.
        var value = JsonValue.Create($"odd value {random.Next(Odd.Length)}");
        switch (parent)
        {
            case JsonObject { Count: > 0 } named:
                var name = named.ElementAt(random.Next(named.Count)).Key;
                if (random.Next(4) == 0)
                    named.Remove(name);
                else
                    named[name] = random.Next(4) == 0 ? named.ElementAt(random.Next(named.Count)).Value?.DeepClone() : value;
                break;
            case JsonArray { Count: > 0 } list:
                var index = random.Next(list.Count);
                if (random.Next(3) == 0)
                    list.RemoveAt(index);
                else if (random.Next(3) == 0)
                    list.Add(list[index]?.DeepClone());
                else
                    list[index] = value;
                break;
            case JsonArray list:
                list.Add(value);
                break;
        }
    }

    /// <summary>Whether it could be read.</summary>
    static async Task<bool> ReadChunkAsync(int seed)
    {
        var plaintext = CryptoSamples.Plaintext(ChunkBytes);
        var document = CryptoSamples.Seal(plaintext);
        var damaged = Mutation.Apply(document, 0, SealedChunk.HeaderBytes, seed);
        Array.Resize(ref damaged, document.Length);
        using var dataKey = CryptoSamples.DataKey();
        using var vaultKey = CryptoSamples.VaultKey();
        if (ChunkHeader.TryReadLabel(damaged, vaultKey) is { } label)
            Assert.Equal(new ChunkLabel(CryptoSamples.Identity, ChunkBytes), label);
        using var cipher = ChunkCipher.Create(dataKey, vaultKey, CryptoSamples.Identity, CryptoSamples.Salt(), ChunkBytes);
        var isGood = await RefusesOrReadsAsync(() =>
            cipher.CheckAsync(
                (offset, into, _) =>
                {
                    damaged.AsMemory((int)offset, into.Length).CopyTo(into);
                    return Task.CompletedTask;
                },
                CancellationToken.None
            )
        );
        // The label is not part of what every reader checks.
        if (isGood)
            Assert.Equal(document.AsSpan(SealedChunk.HeaderBytes), damaged.AsSpan(SealedChunk.HeaderBytes));
        return isGood;
    }

    Task<bool> ReadManifestAsync(byte[] document) =>
        RefusesOrReadsAsync(() =>
        {
            var manifest = ManifestDocument.Open(document, _keys);
            Assert.NotEmpty(manifest.ToChunkRecords());
            // All of it can be used, as a rotation does.
            Assert.NotEmpty(ManifestDocument.Seal(manifest, _keys.Current));
            Assert.Equal(manifest.Id, manifest.ToVideo(new ChunkReceipt(1, -100, 5, "file", "unique", document.Length)).Id);
            return Task.CompletedTask;
        });

    Task<bool> ReadHeadAsync(byte[] document) =>
        RefusesOrReadsAsync(async () =>
        {
            var head = await new CatalogueDocuments(new MemoryChunkStore(), _keys).OpenHeadAsync(document, CancellationToken.None);
            Assert.All(head.Recent, entry => Assert.NotNull(entry));
            Assert.All(head.Segments, segment => Assert.NotNull(segment.Receipt.FileId));
        });

    Task<bool> ReadSegmentAsync(int level, byte[] document) =>
        RefusesOrReadsAsync(async () =>
        {
            var segment = new CatalogueSegment(level, 3, new ChunkReceipt(1, -100, 5, "file", "unique", document.Length));
            var (entries, _) = await new CatalogueDocuments(new MemoryChunkStore(), _keys).OpenSegmentAsync(
                segment,
                document,
                CancellationToken.None
            );
            Assert.All(entries, entry => Assert.NotNull(entry));
        });

    [GeneratedRegex("\"odd value ([0-9]+)\"")]
    private static partial Regex OddValue();

    static async Task<bool> RefusesOrReadsAsync(Func<Task> read)
    {
        try
        {
            await read();
            return true;
        }
        catch (IntegrityException)
        {
            return false;
        }
    }
}
