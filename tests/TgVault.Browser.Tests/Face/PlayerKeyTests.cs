using Microsoft.Playwright;
using TgVault.Testing;

namespace TgVault.Browser.Tests.Face;

/// <summary>The player without a mouse: in a frame, and on a video's page.</summary>
public sealed class PlayerKeyTests(SharedBrowser browser) : IClassFixture<SharedBrowser>
{
    /// <summary>
    /// What the controls know comes from events of the media element, a moment later. No person is as fast as the next key of a test.
    /// </summary>
    private const string ControlsKnow = """
        (({ mediaPaused, mediaCurrentTime, mediaIsFullscreen, mediaSubtitlesShowing }) =>
          Boolean(mediaPaused) === m.paused
          && Math.abs(mediaCurrentTime - m.currentTime) < 0.5
          && Boolean(mediaIsFullscreen) === Boolean(document.fullscreenElement)
          && Boolean(mediaSubtitlesShowing?.length) === [...m.textTracks].some(one => one.mode === 'showing'))
        (document.querySelector('tgvault-player').shadowRoot.querySelector('media-controller').mediaStore.getState())
        """;

    [Fact(Timeout = 240_000)]
    public async Task Every_key_does_what_it_does_in_other_players()
    {
        var video = await browser.Vault.UploadAsync(await Mp4Clips.PathAsync("tracks-subtitles.mkv"));
        var link = await browser.Vault.RunAsync("link", video.GetProperty("id").GetString()!, "--kind", "embed");
        await using var visitor = await Visitor.ComeAsync(browser.Chromium);
        var page = visitor.Page;
        await page.GotoAsync(link.Output.Trim());
        await page.Locator("media-play-button.big").WaitForAsync();

        // As the page opens: nothing of it has the focus, and nothing of the film is loaded.
        await PressAsync(" ", "!m.paused");
        await PressAsync("m", "m.muted");
        await PressAsync("k", "m.paused");
        await PressAsync("l", "m.currentTime >= 10");
        await PressAsync("j", "m.currentTime < 3");
        await PressAsync("ArrowRight", "m.currentTime >= 10");
        await PressAsync("ArrowLeft", "m.currentTime < 3");
        await PressAsync("ArrowDown", "m.volume < 1");
        await PressAsync("ArrowUp", "m.volume === 1");
        await PressAsync("c", "[...m.textTracks].some(one => one.mode === 'showing')");
        await PressAsync("c", "[...m.textTracks].every(one => one.mode !== 'showing')");
        await PressAsync(">", "m.playbackRate > 1");
        await PressAsync("f", "document.fullscreenElement?.localName === 'tgvault-player'");
        await PressAsync("f", "!document.fullscreenElement");

        async Task PressAsync(string key, string condition)
        {
            await page.Keyboard.PressAsync(key);
            await page.MainFrame.WaitForMediaAsync($"({condition}) && ({ControlsKnow})");
        }
    }

    [Fact(Timeout = 240_000)]
    public async Task Sound_and_captions_are_chosen_by_tab_arrows_and_enter()
    {
        var video = await browser.Vault.UploadAsync(await Mp4Clips.PathAsync("tracks-subtitles.mkv"));
        await using var visitor = await Visitor.ComeAsync(browser.Chromium);
        await visitor.SignInAsync(browser.Vault);
        var page = visitor.Page;
        await page.GotoAsync($"{browser.Vault.Url}videos/{video.GetProperty("id").GetString()}");
        await TabToAsync("media-play-button.big");
        await page.MainFrame.WaitForMediaAsync("m.readyState >= 2");
        await page.MainFrame.WaitForMediaAsync("m.audioTracks.length === 2 && [...m.textTracks].some(one => one.language)");

        await ChooseAsync("media-audio-track-menu-button", "media-audio-track-menu", 1);
        await page.MainFrame.WaitForMediaAsync("[...m.audioTracks].findIndex(one => one.enabled) === 1");
        await ChooseAsync("media-captions-menu-button", "media-captions-menu", 1);
        await page.MainFrame.WaitForMediaAsync("[...m.textTracks].some(one => one.mode === 'showing')");
        Assert.Empty(visitor.Problems);

        async Task ChooseAsync(string button, string menu, int item)
        {
            await TabToAsync(button);
            await page.Keyboard.PressAsync("Enter");
            await page.Locator($"{menu}:not([hidden])").WaitForAsync();
            var items = page.Locator($"{menu} media-chrome-menu-item");
            // It gives one of its items the focus once it stands there.
            await Assertions.Expect(page.Locator($"{menu} media-chrome-menu-item:focus")).ToHaveCountAsync(1);
            for (var i = 0; i < await items.CountAsync(); i++)
            {
                if (await items.Nth(item).EvaluateAsync<bool>("one => one.matches(':focus')"))
                    break;
                await page.Keyboard.PressAsync("ArrowDown");
            }

            await page.Keyboard.PressAsync("Enter");
        }

        async Task TabToAsync(string element)
        {
            for (var i = 0; i < 60; i++)
            {
                await page.Keyboard.PressAsync("Tab");
                if (await page.Locator($"tgvault-player {element}").EvaluateAsync<bool>("one => one.matches(':focus')"))
                    return;
            }

            throw new InvalidOperationException($"Tab does not lead to {element}.");
        }
    }
}
