using System.Text.Json;
using Microsoft.Playwright;
using TgVault.BotApi;
using TgVault.BotApi.Faults;
using TgVault.Testing;

namespace TgVault.Browser.Tests.Face.Looks;

/// <summary>
/// A vault that waits for Telegram, cannot reach it, keeps copies elsewhere, and goes away: looked at by axe, and left as pictures in
/// TestResults/pages for a person to look at.
/// </summary>
public sealed class WaitLookTests : IAsyncLifetime
{
    const string Token = "777777:AABotTokenLook";
    const long Channel = -1007000000007;
    const long Copies = -1007000000008;

    // On a desk and on a phone, light and dark.
    static readonly (string Name, int Width, int Height, ColorScheme Colours)[] Screens =
    [
        ("desk-light", 1280, 800, ColorScheme.Light),
        ("desk-dark", 1280, 800, ColorScheme.Dark),
        ("phone-light", 375, 740, ColorScheme.Light),
        ("phone-dark", 375, 740, ColorScheme.Dark),
    ];

    readonly string _folder = Directory.CreateTempSubdirectory("tgvault-look-").FullName;
    readonly Chromium _chromium = new();
    BotApiServer? _telegram;
    VaultProcess? _vault;

    VaultProcess Vault => _vault!;

    public async Task InitializeAsync()
    {
        _telegram = await StandInAsync(port: 0);
        var settings = new Dictionary<string, string>
        {
            ["TgVault__Telegram__BaseUrl"] = _telegram.Url,
            ["TgVault__Telegram__Bots__0__Token"] = Token,
            ["TgVault__Telegram__Channels__0"] = $"{Channel}",
            ["TgVault__Telegram__MessagesPerMinute"] = "0",
            ["TgVault__Replicas__0__Folder"] = Path.Combine(_folder, "disk"),
            ["TgVault__Replicas__1__Channel"] = $"{Copies}",
        };
        _vault = await VaultProcess.StartAsync(Directory.CreateDirectory(Path.Combine(_folder, "data")).FullName, settings);
        await _chromium.InitializeAsync();
    }

    public async Task DisposeAsync()
    {
        await _chromium.DisposeAsync();
        if (_vault is not null)
            await _vault.DisposeAsync();
        if (_telegram is not null)
            await _telegram.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact(Timeout = 400_000)]
    public async Task What_a_vault_waits_for_is_said_wherever_one_looks()
    {
        await using var visitor = await Visitor.ComeAsync(_chromium);
        var page = visitor.Page;
        var looks = new List<(Look Look, (string Name, int Width, int Height, ColorScheme Colours) Screen)>();
        foreach (var screen in Screens)
            looks.Add((await Look.BeginAsync(page, screen.Name), screen));
        await visitor.SignInAsync(Vault);

        var stored = await Vault.UploadAsync(await Mp4Clips.PathAsync("tracks.mp4"), "--folder", "Films");
        await GoAsync("settings", page.Locator("status-panel li", new() { HasText = "complete" }).Nth(1));
        await LookAsync("settings-copies", page.GetByText("Copies elsewhere"));
        await GoAsync($"videos/{IdOf(stored)}", page.GetByText("Stored copies").First);
        await LookAsync("video-copies", page.GetByText("Stored copies").First);

        await _telegram!.DisposeAsync();
        var waiting = IdOf(await AnnounceAsync("A film that waits.mp4"));
        await SeeAsync("unreachable", "Telegram cannot be reached", waiting);

        _telegram = await StandInAsync(new Uri(_telegram.Url).Port);
        _telegram.Faults.Add(
            new Fault
            {
                Kind = FaultKind.TooManyRequests,
                Method = "sendDocument",
                RetryAfterSeconds = 3000,
            }
        );
        await SeeAsync("flood", "Telegram makes it wait until", waiting);

        await GoAsync("", page.Locator("video-card").First);
        await Vault.StopAsync("KILL");
        await LookAsync("vault-away", page.Locator(".offline"));

        foreach (var (look, _) in looks)
            look.AssertNothingFound();

        async Task SeeAsync(string state, string words, string id)
        {
            await GoAsync("", page.Locator("video-card", new() { HasText = words }));
            await LookAsync($"library-{state}", page.GetByText(words).First);
            await GoAsync($"videos/{id}", page.Locator("video-page .instead", new() { HasText = words }));
            await LookAsync($"video-{state}", page.Locator("video-page .instead"));
            await GoAsync("settings", page.Locator("status-panel dl").First);
            await LookAsync($"settings-{state}", page.Locator("status-panel .card").Nth(1));
        }

        async Task GoAsync(string path, ILocator seen)
        {
            await page.GotoAsync($"{Vault.Url}{path}");
            await seen.WaitForAsync();
        }

        async Task LookAsync(string state, ILocator at)
        {
            foreach (var (look, screen) in looks)
            {
                await page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = screen.Colours });
                await page.SetViewportSizeAsync(screen.Width, screen.Height);
                await at.WaitForAsync();
                await at.ScrollIntoViewIfNeededAsync();
                await look.AtAsync(state);
            }

            await page.SetViewportSizeAsync(Screens[0].Width, Screens[0].Height);
        }
    }

    /// <summary>Sends a film that is not waited for.</summary>
    async Task<JsonElement> AnnounceAsync(string name)
    {
        var path = Path.Combine(_folder, name);
        File.Copy(await Mp4Clips.PathAsync("h264-bframes.mp4"), path);
        var uploaded = await Vault.RunAsync("upload", path, "--json");
        return JsonDocument.Parse(uploaded.Output).RootElement;
    }

    Task<BotApiServer> StandInAsync(int port) =>
        BotApiServer.StartAsync(
            new BotApiOptions
            {
                DataDirectory = Path.Combine(_folder, "telegram"),
                Port = port,
                Tokens = [Token],
                Channels = [Channel, Copies],
            },
            CancellationToken.None
        );

    static string IdOf(JsonElement video) => video.GetProperty("id").GetString()!;
}
