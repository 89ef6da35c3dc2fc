using System.Text.Json;
using TgVault.BotApi;
using TgVault.BotApi.Faults;
using TgVault.Testing;

namespace TgVault.Cli.Tests.EndToEnd;

/// <summary>What a person is told while Telegram makes the vault wait.</summary>
public sealed class WaitingTests : IDisposable
{
    const string Token = "666666:AABotTokenWaiting";
    const long Channel = -1006000000006;

    readonly string _folder = Directory.CreateTempSubdirectory("tgvault-waits-").FullName;

    [Fact(Timeout = 240_000)]
    public async Task A_flood_wait_is_told_by_watch_and_bar_until_it_is_over()
    {
        await using var telegram = await BotApiServer.StartAsync(
            new BotApiOptions
            {
                DataDirectory = Path.Combine(_folder, "telegram"),
                Tokens = [Token],
                Channels = [Channel],
            },
            CancellationToken.None
        );
        var environment = new Dictionary<string, string>
        {
            ["TgVault__Telegram__BaseUrl"] = telegram.Url,
            ["TgVault__Telegram__Bots__0__Token"] = Token,
            ["TgVault__Telegram__Channels__0"] = $"{Channel}",
            ["TgVault__Telegram__MessagesPerMinute"] = "0",
        };
        await using var vault = await VaultProcess.StartAsync(
            Directory.CreateDirectory(Path.Combine(_folder, "data")).FullName,
            environment
        );
        telegram.Faults.Add(
            new Fault
            {
                Kind = FaultKind.TooManyRequests,
                Method = "sendDocument",
                Times = 1,
                RetryAfterSeconds = 15,
            }
        );
        var file = Path.Combine(_folder, "notes.txt");
        await File.WriteAllTextAsync(file, "Nobody waits for long.");

        var uploading = vault.RunAsync("upload", file, "--wait");
        var shown = await WaitingAsync(vault);
        var watched = await vault.RunAsync("watch");
        var uploaded = await uploading;

        Assert.Equal("floodWait", shown.GetProperty("waiting").GetProperty("why").GetString());
        Assert.Contains("\tTelegram: waits\tnotes.txt", watched.Output, StringComparison.Ordinal);
        Assert.Contains("storing notes.txt: Telegram makes it wait until ", uploaded.Error, StringComparison.Ordinal);
        Assert.Equal((0, 0), (watched.ExitCode, uploaded.ExitCode));
        Assert.Contains("ready", uploaded.Output, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>The one video, once it waits for Telegram.</summary>
    static async Task<JsonElement> WaitingAsync(VaultProcess vault)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (true)
        {
            var page = JsonDocument.Parse(await vault.Client.GetStringAsync("api/videos?status=ingesting", limit.Token)).RootElement;
            foreach (var video in page.GetProperty("videos").EnumerateArray())
            {
                if (video.TryGetProperty("waiting", out _))
                    return video;
            }

            await timer.WaitForNextTickAsync(limit.Token);
        }
    }
}
