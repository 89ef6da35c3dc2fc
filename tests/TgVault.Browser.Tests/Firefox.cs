using Microsoft.Playwright;

namespace TgVault.Browser.Tests;

/// <summary>
/// One headless Firefox: the system's, driven by WebDriver BiDi, for the one that Playwright brings is another build.
/// </summary>
public sealed class Firefox
{
    IPlaywright? _playwright;
    IBrowser? _browser;

    public IBrowser Browser => _browser ?? throw new InvalidOperationException("bug: the browser was not started");

    public async Task InitializeAsync()
    {
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Firefox.LaunchAsync(
            new BrowserTypeLaunchOptions
            {
                // Playwright's name for a Firefox that it did not build.
                Channel = "moz-firefox",
                ExecutablePath = Find(),
                FirefoxUserPrefs = new Dictionary<string, object>
                {
                    ["media.autoplay.default"] = 0,
                    ["media.autoplay.blocking_policy"] = 0,
                    // Sound goes nowhere, at the pace of a real device: without any, it would not go at all.
                    ["media.cubeb.force_mock_context"] = true,
                    // Pages lie behind one another, and are to play all the same.
                    ["media.suspend-background-video.enabled"] = false,
                    ["dom.min_background_timeout_value"] = 4,
                    ["dom.timeout.enable_budget_timer_throttling"] = false,
                },
            }
        );
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
    }

    static string Find()
    {
        if (Environment.GetEnvironmentVariable("TGVAULT_FIREFOX") is { Length: > 0 } named)
            return named;
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        return folders
                .SelectMany(folder => new[] { "firefox-esr", "firefox" }.Select(name => Path.Combine(folder, name)))
                .FirstOrDefault(File.Exists)
            ?? throw new InvalidOperationException(
                "No Firefox was found; `./tgvault test` installs it, or name the program in TGVAULT_FIREFOX."
            );
    }
}
