using Microsoft.Playwright;
using TgVault.Testing;

namespace TgVault.Browser.Tests.Face.Looks;

/// <summary>
/// The embed page in each of its states, on a phone and on a desk: looked at by axe, and left as pictures in TestResults/pages for a person
/// to look at.
/// </summary>
public sealed class PlayerLookTests(SharedBrowser browser) : IClassFixture<SharedBrowser>
{
    [Theory(Timeout = 400_000)]
    [InlineData("desk-light", 1280, 720, false)]
    [InlineData("desk-dark", 640, 360, true)]
    [InlineData("phone-light", 375, 211, false)]
    [InlineData("phone-dark", 812, 375, true)]
    public async Task Every_state_of_an_embedded_player_can_be_used_by_everyone(string name, int width, int height, bool isDark)
    {
        await using var visitor = await Visitor.ComeAsync(browser.Chromium, width, height, isDark);
        var page = visitor.Page;
        var look = await Look.BeginAsync(page, name);
        var film = await EmbedAsync("tracks-subtitles.mkv");

        await page.GotoAsync($"{film}?muted&start=9");
        await page.Locator("media-play-button.big").WaitForAsync();
        await look.AtAsync("player-poster");
        await page.Locator("tgvault-player").HoverAsync();
        await page.MainFrame.WaitForMediaAsync("m.readyState >= 2 && m.currentTime > 8 && [...m.textTracks].some(one => one.language)");
        await look.AtAsync("player-begin");
        await page.Locator("media-play-button.big").ClickAsync();
        await page.MainFrame.WaitForMediaAsync("!m.paused");
        await page.Keyboard.PressAsync("k");
        await page.Keyboard.PressAsync("c");
        await page.EvaluateAsync("document.querySelector('tgvault-player').seek(10)");
        await page.MainFrame.WaitForMediaAsync("m.paused && [...m.textTracks].some(one => one.activeCues?.length > 0)");
        await look.AtAsync("player-captions");
        foreach (var menu in new[] { "captions", "audio-track", "playback-rate" })
        {
            var button = page.Locator($"media-{menu}-menu-button");
            if (!await button.IsVisibleAsync())
                continue;
            await button.ClickAsync();
            await page.Locator($"media-{menu}-menu media-chrome-menu-item").First.WaitForAsync();
            await page.Locator($"media-{menu}-menu").EvaluateAsync("menu => Promise.all(menu.getAnimations().map(one => one.finished))");
            await look.AtAsync($"player-menu-{menu}");
            await page.Keyboard.PressAsync("Escape");
        }

        // Of its addresses none answers any more.
        await page.RouteAsync("**/v/**", route => route.AbortAsync());
        await page.RouteAsync("**/player", route => route.AbortAsync());
        await page.GotoAsync($"{film}?muted");
        await page.Locator("tgvault-player").HoverAsync();
        await page.Locator(".waiting").WaitForAsync();
        await look.AtAsync("player-waiting");
        await page.GetByRole(AriaRole.Alert).WaitForAsync();
        await look.AtAsync("player-error");
        await page.UnrouteAllAsync();
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Try again" }).ClickAsync();
        await page.MainFrame.WaitForMediaAsync("m.readyState >= 2");
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToHaveCountAsync(0);

        await page.GotoAsync($"{film}?muted&controls=0&title=0&preload=auto");
        await page.MainFrame.WaitForMediaAsync("m.readyState >= 2");
        await look.AtAsync("player-bare");
        await page.GotoAsync(await EmbedAsync("sound.mp3"));
        await page.Locator("tgvault-player").HoverAsync();
        await page.MainFrame.WaitForMediaAsync("m.readyState >= 2");
        await look.AtAsync("player-sound");
        await page.GotoAsync($"{browser.Vault.Url}embed/none");
        await look.AtAsync("player-no-link");

        look.AssertNothingFound();
    }

    async Task<string> EmbedAsync(string clip)
    {
        var video = await browser.Vault.UploadAsync(await Mp4Clips.PathAsync(clip));
        return (await browser.Vault.RunAsync("link", video.GetProperty("id").GetString()!, "--kind", "embed")).Output.Trim();
    }
}
