using Microsoft.Playwright;

namespace TgVault.Browser.Tests;

/// <summary>One headless Chromium: the system's, not one that Playwright would download.</summary>
public sealed class Chromium
{
    static readonly string[] Arguments =
    [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--autoplay-policy=no-user-gesture-required",
    ];

    IPlaywright? _playwright;
    IBrowser? _browser;

    public IBrowser Browser => _browser ?? throw new InvalidOperationException("bug: the browser was not started");

    public async Task InitializeAsync()
    {
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = Find(), Args = Arguments });
    }

    /// <summary>A Chromium of its own on a profile, whose settings are those of the folder.</summary>
    public Task<IBrowserContext> OpenProfileAsync(string folder) =>
        (_playwright ?? throw new InvalidOperationException("bug: the browser was not started")).Chromium.LaunchPersistentContextAsync(
            folder,
            new BrowserTypeLaunchPersistentContextOptions { ExecutablePath = Find(), Args = Arguments }
        );

    public async Task DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
    }

    static string Find()
    {
        if (Environment.GetEnvironmentVariable("TGVAULT_CHROMIUM") is { Length: > 0 } named)
            return named;
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        return folders
                .SelectMany(folder => new[] { "chromium", "chromium-browser", "google-chrome" }.Select(name => Path.Combine(folder, name)))
                .FirstOrDefault(File.Exists)
            ?? throw new InvalidOperationException(
                "No Chromium was found; `./tgvault test` installs it, or name the program in TGVAULT_CHROMIUM."
            );
    }
}
