using System.Text.Encodings.Web;
using Microsoft.Playwright;
using TgVault.Browser.Tests.Face;
using TgVault.Testing;

namespace TgVault.Browser.Tests;

/// <summary>A link that names a site plays on that site's pages as any other does, and on no other site's.</summary>
public sealed class LimitedLinkTests(SharedBrowser browser) : IClassFixture<SharedBrowser>
{
    const float LongestMilliseconds = 30_000;

    [Fact(Timeout = 240_000)]
    public async Task It_plays_on_its_site_plainly_by_script_and_in_a_frame_and_nowhere_else()
    {
        await using var other = await Site.StartAsync();
        var id = (await browser.Vault.UploadAsync(await Mp4Clips.PathAsync("second.mp4"))).GetProperty("id").GetString()!;
        var site = new Uri(browser.Site.Publish("limited", "")).GetLeftPart(UriPartial.Authority);
        var link = await RunAsync("link", id, "--origin", site);
        var frame = await RunAsync("link", id, "--origin", site, "--kind", "embed", "--html");
        var page = await browser.Chromium.Browser.NewPageAsync();
        page.SetDefaultTimeout(LongestMilliseconds);

        await page.GotoAsync(browser.Site.PageOf(link));
        await PlaysAsync(page, "document.querySelector('video')");
        Assert.Equal(206, await FetchAsync(page, link));
        await page.GotoAsync(browser.Site.Publish("framed", $"<!doctype html><title>A site</title>{frame}"));
        await page.Frames[1].WaitForMediaAsync("m.readyState >= 2");

        await page.GotoAsync(other.PageOf(link));
        await page.WaitForFunctionAsync("document.querySelector('video').error !== null");
        // Readable, so that a page can say why.
        Assert.Equal(403, await FetchAsync(page, link));
        await page.GotoAsync(other.Publish("hidden", PageHiding(link)));
        await page.WaitForFunctionAsync("document.querySelector('video').error !== null");
    }

    static string PageHiding(string link) =>
        "<!doctype html><meta name=\"referrer\" content=\"no-referrer\"><title>A site</title>"
        + $"<video muted src=\"{HtmlEncoder.Default.Encode(link)}\"></video>";

    static Task<IJSHandle> PlaysAsync(IPage page, string video) => page.WaitForFunctionAsync($"{video}.readyState >= 2 && !{video}.error");

    static Task<int> FetchAsync(IPage page, string link) =>
        page.EvaluateAsync<int>("async link => (await fetch(link, { headers: { Range: 'bytes=0-9' } })).status", link);

    async Task<string> RunAsync(params string[] arguments)
    {
        var run = await browser.Vault.RunAsync(arguments);
        return run.ExitCode == 0 ? run.Output.Trim() : throw new InvalidOperationException(run.Error);
    }
}
