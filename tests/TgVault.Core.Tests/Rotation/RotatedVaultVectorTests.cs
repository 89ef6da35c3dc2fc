using System.Text.Json;
using TgVault.BotApi;
using TgVault.Core.Recovery;
using TgVault.Core.Settings;
using TgVault.Core.Tests.Crypto;
using TgVault.Core.Tests.Ingest;
using TgVault.Core.Tests.Telegram;
using TgVault.Testing;

namespace TgVault.Core.Tests.Rotation;

/// <summary>
/// A whole vault as a stand-in kept it, whose master secret was rotated: with older documents that were not deleted, labels of a version
/// that is gone, and segments. Stored once, it must open for ever.
/// </summary>
[Collection(AzuriteCollection.Name)]
public sealed class RotatedVaultVectorTests(AzuriteFixture azurite) : IDisposable
{
    static readonly JsonSerializerOptions Format = JsonSerializerOptions.Web;

    readonly string _folder = Directory.CreateTempSubdirectory("tgvault-vector-").FullName;
    readonly string _out = Directory.CreateTempSubdirectory("tgvault-reader-").FullName;

    public void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
        Directory.Delete(_out, recursive: true);
    }

    [Fact(Timeout = 120_000)]
    public async Task The_new_secret_alone_recovers_it_whole()
    {
        var vector = await UnpackAsync();
        await using var server = await BotApiServer.StartAsync(
            new BotApiOptions
            {
                DataDirectory = _folder,
                Tokens = [StandIn.FirstToken],
                Channels = [vector.Channel],
            },
            CancellationToken.None
        );
        var settings = new TelegramSettings
        {
            BaseUrl = server.Url,
            Bots = [new BotSettings { Token = StandIn.FirstToken }],
            Channels = [vector.Channel],
            MessagesPerMinute = 0,
        };
        await using var bench = await IngestBench.OpenAsync(
            azurite,
            given => given with { MasterSecret = vector.MasterSecret, Telegram = settings },
            overTelegram: true
        );

        var report = await bench
            .Get<ILibraryRecovery>()
            .RunAsync(new RecoveryRequest { ReadChunks = true }, _ => { }, CancellationToken.None);

        Assert.True(report.IsComplete);
        Assert.Equal(report.Chunks, report.Read);
        Assert.Equal(vector.Files, await Vaults.HashesAsync(bench));
    }

    [Fact(Timeout = 120_000)]
    public async Task So_does_a_program_written_from_FORMAT_md_alone()
    {
        var vector = await UnpackAsync();

        var (code, lines, error) = await IndependentReader.RunAsync(_folder, vector.Channel, _out, vector.MasterSecret);
        var (refused, _, why) = await IndependentReader.RunAsync(_folder, vector.Channel, _out, vector.FormerMasterSecret);

        Assert.True(code == 0, error);
        Assert.Equal(vector.Files, IndependentReader.FilesOf(lines));
        Assert.NotEqual(0, refused);
        Assert.Contains("another master secret", why, StringComparison.Ordinal);
    }

    async Task<Vector> UnpackAsync()
    {
        var text = await File.ReadAllTextAsync(Vectors.PathOf("rotated-vault"));
        var vector = JsonSerializer.Deserialize<Vector>(text, Format)!;
        Directory.CreateDirectory(Path.Combine(_folder, "documents"));
        foreach (var (name, content) in vector.Documents)
            await File.WriteAllBytesAsync(Path.Combine(_folder, "documents", name), content);
        await File.WriteAllTextAsync(Path.Combine(_folder, "messages.log"), string.Concat(vector.Log.Select(line => line + "\n")));
        return vector;
    }

    /// <summary>What the file holds.</summary>
    /// <param name="MasterSecret">The one that opens it.</param>
    /// <param name="FormerMasterSecret">The one before, which opens nothing that is pinned.</param>
    /// <param name="Channel">Where it is pinned.</param>
    /// <param name="Log">The stand-in's messages, one a line.</param>
    /// <param name="Documents">The stand-in's documents by their names.</param>
    /// <param name="Files">SHA-256 of every file, by video and number.</param>
    internal sealed record Vector(
        string MasterSecret,
        string FormerMasterSecret,
        long Channel,
        string[] Log,
        SortedDictionary<string, byte[]> Documents,
        SortedDictionary<string, string> Files
    );
}
