using Microsoft.Playwright;
using TgVault.Testing;

namespace TgVault.Browser.Tests.Face;

/// <summary>Browsers that keep nothing for pages, and connections that are slow.</summary>
public sealed class WeakBrowserTests(SharedBrowser browser) : IClassFixture<SharedBrowser>
{
    // What a page finds where the browser's owner blocks storage.
    const string Blocked = """
        for (const name of ['localStorage', 'sessionStorage', 'indexedDB', 'caches'])
          Object.defineProperty(window, name, { get() { throw new DOMException('Access is denied.', 'SecurityError'); } });
        """;

    // As Chromium's own tools have it, in bytes a second and milliseconds.
    static readonly Dictionary<string, object> Fast3G = new()
    {
        ["offline"] = false,
        ["latency"] = 562.5,
        ["downloadThroughput"] = 180_000,
        ["uploadThroughput"] = 84_375,
    };

    [Fact(Timeout = 240_000)]
    public async Task Without_storage_the_app_uploads_and_plays()
    {
        await using var visitor = await Visitor.ComeAsync(browser.Chromium);
        await visitor.Context.AddInitScriptAsync(Blocked);
        await visitor.SignInAsync(browser.Vault);
        var page = visitor.Page;
        var name = $"kept nowhere {Guid.NewGuid():n}.mp4";

        await visitor.DropAsync((name, await Visitor.NewFilmAsync()));
        await (await visitor.CardAsync(name)).ClickAsync();
        await page.Locator("tgvault-player media-play-button.big").ClickAsync();

        await page.MainFrame.WaitForMediaAsync("m.currentTime > 0.3 && m.videoWidth > 0");
        await page.Locator("tgvault-player media-mute-button").ClickAsync();
        await page.MainFrame.WaitForMediaAsync("m.muted");
        Assert.Empty(visitor.Problems);
    }

    [Fact(Timeout = 240_000)]
    public async Task In_a_browser_that_blocks_cookies_and_storage_an_embed_page_plays_and_shows_captions()
    {
        var snippet = await EmbedAsync("tracks-subtitles.mkv", "--html");
        var profile = Directory.CreateDirectory(Path.Combine(browser.Vault.Folder, $"profile-{Guid.NewGuid():n}"));
        var settings = Directory.CreateDirectory(Path.Combine(profile.FullName, "Default"));
        await File.WriteAllTextAsync(
            Path.Combine(settings.FullName, "Preferences"),
            """{"profile":{"default_content_setting_values":{"cookies":2}}}"""
        );
        await using var context = await browser.Chromium.OpenProfileAsync(profile.FullName);
        var page = await context.NewPageAsync();
        page.SetDefaultTimeout(60_000);
        await page.GotoAsync(browser.Site.Publish("blocked", $"<!doctype html><title>Blocked</title>{snippet}"));
        var frame = page.Frames[1];
        await frame.Locator("media-controller").WaitForAsync();
        Assert.True(await frame.EvaluateAsync<bool>("() => { try { localStorage; return false; } catch { return true; } }"));

        await frame.Locator("media-play-button.big").ClickAsync();
        await frame.WaitForMediaAsync("m.currentTime > 0.3 && m.videoWidth > 0 && [...m.textTracks].some(one => one.language)");
        await page.Keyboard.PressAsync("c");
        await frame.WaitForMediaAsync("[...m.textTracks].some(one => one.mode === 'showing')");
    }

    // The file itself, and HLS.
    [Theory(Timeout = 240_000)]
    [InlineData("h264-bframes.mp4")]
    [InlineData("tracks.mp4")]
    public async Task Over_a_slow_network_an_embed_page_plays_to_its_end(string clip)
    {
        var url = await EmbedAsync(clip);
        await using var visitor = await Visitor.ComeAsync(browser.Chromium);
        var page = visitor.Page;
        await using var session = await SlowDownAsync(visitor);

        await page.GotoAsync($"{url}?autoplay&muted&start=4&playback-rate=2");

        await page.MainFrame.WaitForMediaAsync("m.ended && m.videoWidth > 0");
        Assert.Empty(visitor.Problems);
    }

    [Fact(Timeout = 240_000)]
    public async Task Over_a_slow_network_the_app_signs_in_and_plays()
    {
        var video = await browser.Vault.UploadAsync(await Mp4Clips.PathAsync("h264-bframes.mp4"));
        await using var visitor = await Visitor.ComeAsync(browser.Chromium);
        await using var session = await SlowDownAsync(visitor);
        await visitor.SignInAsync(browser.Vault);
        var page = visitor.Page;

        await page.GotoAsync($"{browser.Vault.Url}videos/{video.GetProperty("id").GetString()}");
        await page.Locator("tgvault-player media-play-button.big").ClickAsync();

        await page.MainFrame.WaitForMediaAsync("m.currentTime > 0.3 && m.videoWidth > 0");
    }

    static async Task<IAsyncDisposable> SlowDownAsync(Visitor visitor)
    {
        var session = await visitor.Context.NewCDPSessionAsync(visitor.Page);
        await session.SendAsync("Network.enable");
        await session.SendAsync("Network.emulateNetworkConditions", Fast3G);
        return new Slowness(session);
    }

    async Task<string> EmbedAsync(string clip, params string[] options)
    {
        var video = await browser.Vault.UploadAsync(await Mp4Clips.PathAsync(clip));
        return (await browser.Vault.RunAsync(["link", video.GetProperty("id").GetString()!, "--kind", "embed", .. options])).Output.Trim();
    }

    sealed class Slowness(ICDPSession session) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await session.DetachAsync();
    }
}
