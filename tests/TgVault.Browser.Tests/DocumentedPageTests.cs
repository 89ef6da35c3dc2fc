using System.Text.RegularExpressions;
using Microsoft.Playwright;
using TgVault.Testing;

namespace TgVault.Browser.Tests;

/// <summary>The pages that docs/embed.md shows to owners of sites play on another site, as they stand there.</summary>
public sealed partial class DocumentedPageTests(BrowserVault browser) : IClassFixture<BrowserVault>
{
    const float LongestMilliseconds = 30_000;
    const string VaultInDocs = "https://vault.example/v/LINK";

    // What the pages fetch from elsewhere, and the player that has the same file here.
    static readonly (string Address, string Player)[] Scripts =
    [
        ("https://cdn.jsdelivr.net/npm/hls.js@1", "hls.js"),
        ("https://cdn.jsdelivr.net/npm/dashjs@5/dist/modern/umd/dash.all.min.js", "dash.js"),
    ];

    [Theory(Timeout = 240_000)]
    [InlineData("plain.html")]
    [InlineData("hls.html")]
    [InlineData("dash.html")]
    public async Task A_page_of_the_documentation_plays(string name)
    {
        var video = await browser.Vault.UploadAsync(await Mp4Clips.PathAsync("tracks-subtitles.mkv"));
        var link = await browser.Vault.LinkAsync(video.GetProperty("id").GetString()!);
        var html = PageOf(name).Replace(VaultInDocs, link[..link.LastIndexOf('/')], StringComparison.Ordinal);
        foreach (var (address, player) in Scripts)
            html = html.Replace($"src=\"{address}\"", $"src=\"/{player}\"", StringComparison.Ordinal);
        Assert.DoesNotContain("https://", html, StringComparison.Ordinal);

        var page = await browser.Chromium.Browser.NewPageAsync();
        page.SetDefaultTimeout(LongestMilliseconds);
        await page.GotoAsync(browser.Site.Publish(name, html));

        await page.EvaluateAsync(
            "() => { const v = document.querySelector('video'); v.muted = true; v.autoplay = true; v.play().catch(() => {}); }"
        );
        await WaitAsync(page, "v => v.currentTime > 0.5 && v.videoWidth > 0");
        if (name == "plain.html")
        {
            await page.EvaluateAsync("document.querySelector('video').textTracks[0].mode = 'showing'");
            await WaitAsync(page, "v => v.textTracks[0].cues?.length === 2");
        }
    }

    /// <summary>The block of the page whose first line names the file.</summary>
    static string PageOf(string name)
    {
        var text = File.ReadAllText(Path.Combine(RepositoryFolders.Root(), "docs", "embed.md"));
        return Assert.Single(
            HtmlBlock().Matches(text).Select(match => match.Groups[1].Value),
            html => html.StartsWith($"<!-- {name} -->", StringComparison.Ordinal)
        );
    }

    static Task<IJSHandle> WaitAsync(IPage page, string condition) =>
        page.WaitForFunctionAsync(
            $$"""
            () => {
              const v = document.querySelector('video');
              if (v.error) throw new Error(v.error.message);
              return ({{condition}})(v);
            }
            """
        );

    [GeneratedRegex("^```html\\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex HtmlBlock();
}
