using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using TgVault.Core.Catalogue;
using TgVault.Core.Chunks;
using TgVault.Core.Crypto;
using TgVault.Core.Playback.Open;
using TgVault.Core.Rows;
using TgVault.Core.Settings;
using TgVault.Core.Tests.Ingest;
using TgVault.Core.Tests.Recovery;
using TgVault.Core.Tests.Telegram;
using TgVault.Core.Videos;
using TgVault.Testing;

namespace TgVault.Core.Tests.Rotation;

/// <summary>
/// A program that shares no code with the vault opens a whole one: a catalogue with segments of several levels, rotated, with renditions,
/// pictures and captions beside the films. It has the stand-in's documents and the master secret, and FORMAT.md is all it was made from.
/// </summary>
[Collection(AzuriteCollection.Name)]
public sealed class IndependentReaderTests(AzuriteFixture azurite) : IAsyncLifetime
{
    const string Newer = "the master secret that comes after that one";
    const int Files = 9;

    readonly string _out = Directory.CreateTempSubdirectory("tgvault-reader-").FullName;
    StandIn _standIn = null!;
    VaultSettings _vault = null!;

    public async Task InitializeAsync()
    {
        _standIn = await StandIn.StartAsync();
        _vault = azurite.NewStorage() with
        {
            MasterSecret = Foundations.MasterSecret,
            Telegram = _standIn.Settings(),
            Chunks = new ChunkSettings { Size = 65536 },
            Renditions = "144p",
        };
    }

    public async Task DisposeAsync()
    {
        await _standIn.DisposeAsync();
        Directory.Delete(_out, recursive: true);
    }

    [Fact(Timeout = 240_000)]
    public async Task It_writes_every_file_of_every_video_equal_to_what_the_vault_plays()
    {
        await using (var before = await OpenAsync(_vault))
        {
            await RunAsync(before, "film.mp4", await File.ReadAllBytesAsync(await Mp4Clips.PathAsync("ladder-small.mp4")));
            for (var number = 0; number < Files; number++)
                await RunAsync(before, $"file {number}.bin", Random(number));
            await Vaults.AddCaptionsAsync(before, (await ListAsync(before)).Single(video => video.Details.Name == "film.mp4").Id);
        }

        SortedDictionary<string, string> expected;
        await using (var rotating = await OpenAsync(_vault with { MasterSecret = Newer, FormerMasterSecret = Foundations.MasterSecret }))
            await Vaults.RotateAsync(rotating);
        await using (var after = await OpenAsync(_vault with { MasterSecret = Newer }))
        {
            await RunAsync(after, "after.bin", Random(Files));
            expected = await Vaults.HashesAsync(after);
        }

        var (code, lines, error) = await ReadAsync(Newer);

        Assert.True(code == 0, error);
        var found = IndependentReader.FilesOf(lines);
        Assert.Equal(expected, found);
        foreach (var (path, hash) in found)
            Assert.Equal(hash, Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(Path.Combine(_out, path)))));
        var whole = lines[^1];
        Assert.Equal((Files + 2, 2), (whole.GetProperty("videos").GetInt32(), whole.GetProperty("catalogueVersion").GetInt32()));
        Assert.True(whole.GetProperty("deepestLevel").GetInt32() >= 1, whole.GetRawText());
        // Chunks that were sent before keep labels of version 1, which nothing gives any more.
        Assert.Equal([2], whole.GetProperty("keyVersions").EnumerateArray().Select(version => version.GetInt32()));
        var kinds = lines[..^1]
            .SelectMany(line => line.GetProperty("files").EnumerateArray())
            .Select(file => file.GetProperty("kind").GetString());
        Assert.Superset(new HashSet<string?>(["Prepared", "Index", "Rendition", "Captions", "Poster", "Storyboard"]), kinds.ToHashSet());

        var (refused, _, why) = await ReadAsync(Foundations.MasterSecret);
        Assert.NotEqual(0, refused);
        Assert.Contains("another master secret", why, StringComparison.Ordinal);
    }

    Task<IngestBench> OpenAsync(VaultSettings settings) => Vaults.OpenWithSegmentsAsync(azurite, settings);

    static async Task RunAsync(IngestBench bench, string name, byte[] content)
    {
        var (id, arrived) = await bench.UploadAsync(name, content);
        await bench.RunAsync(arrived);
        Assert.Equal(VideoStatus.Ready, (await bench.ShowAsync(id)).Life.Status);
    }

    static byte[] Random(int number)
    {
        var content = new byte[10_000 + (number * 30_000)];
        new Random(number).NextBytes(content);
        return content;
    }

    static async Task<List<Video>> ListAsync(IngestBench bench) => [.. await bench.Library.ListAllAsync(null, 100, CancellationToken.None)];

    Task<(int Code, List<JsonElement> Lines, string Error)> ReadAsync(string masterSecret) =>
        IndependentReader.RunAsync(_standIn.Folder, StandIn.FirstChannel, _out, masterSecret);
}
