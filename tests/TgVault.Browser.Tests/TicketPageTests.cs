using Microsoft.Playwright;
using TgVault.Testing;

namespace TgVault.Browser.Tests;

/// <summary>The page of docs/samples that uploads by a ticket, on a site of another origin than the vault.</summary>
public sealed class TicketPageTests(SharedBrowser browser) : IClassFixture<SharedBrowser>
{
    const float LongestMilliseconds = 60_000;

    [Fact(Timeout = 240_000)]
    public async Task A_visitor_uploads_one_film_and_sees_what_becomes_of_it()
    {
        var folder = $"Visitors {Guid.NewGuid():n}";
        var ticket = await TicketAsync("--folder", folder, "--tag", "new", "--type", "video/*");
        var film = await Mp4Clips.PathAsync("second.mp4");
        var page = await browser.Chromium.Browser.NewPageAsync();
        page.SetDefaultTimeout(LongestMilliseconds);
        var address = browser.Site.Publish("upload.html", await File.ReadAllTextAsync(PagePath));
        await page.GotoAsync($"{address}?ticket={Uri.EscapeDataString(ticket)}");
        var words = page.Locator("p");

        await page.Locator("input").SetInputFilesAsync(film);
        await Assertions.Expect(words).ToHaveTextAsync("ready", new() { Timeout = LongestMilliseconds });
        Assert.Equal(1, await page.EvaluateAsync<double>("document.querySelector('progress').position"));

        // The same file again is the same video, and another is refused.
        await page.ReloadAsync();
        await page.Locator("input").SetInputFilesAsync(film);
        await Assertions.Expect(words).ToHaveTextAsync("ready", new() { Timeout = LongestMilliseconds });
        await page.ReloadAsync();
        await page.Locator("input").SetInputFilesAsync(await Mp4Clips.PathAsync("tracks.mp4"));
        await Assertions.Expect(words).ToContainTextAsync("used for another file", new() { Timeout = LongestMilliseconds });

        var listed = await browser.Vault.RunAsync("ls", "--folder", folder);
        Assert.Contains(
            "second.mp4",
            Assert.Single(listed.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)),
            StringComparison.Ordinal
        );
        await page.CloseAsync();
    }

    [Fact(Timeout = 240_000)]
    public async Task A_visitor_is_told_why_a_file_is_not_taken()
    {
        var small = await TicketAsync("--max-size", "1KiB");
        var picture = await TicketAsync("--type", "image/png");
        var page = await browser.Chromium.Browser.NewPageAsync();
        page.SetDefaultTimeout(LongestMilliseconds);
        var address = browser.Site.Publish("upload.html", await File.ReadAllTextAsync(PagePath));

        foreach (var (ticket, told) in new[] { (small, "at most 1024"), (picture, "image/png"), ($"{small}x", "no such ticket") })
        {
            await page.GotoAsync($"{address}?ticket={Uri.EscapeDataString(ticket)}");
            await page.Locator("input").SetInputFilesAsync(await Mp4Clips.PathAsync("second.mp4"));
            await Assertions.Expect(page.Locator("p")).ToContainTextAsync(told, new() { Timeout = LongestMilliseconds });
        }

        await page.CloseAsync();
    }

    static string PagePath => Path.Combine(RepositoryFolders.Root(), "docs", "samples", "upload.html");

    async Task<string> TicketAsync(params string[] options)
    {
        var made = await browser.Vault.RunAsync(["ticket", .. options]);
        Assert.Equal((0, ""), (made.ExitCode, made.Error));
        return made.Output.Trim();
    }
}
