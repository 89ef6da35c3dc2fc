using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using TgVault.Testing;
using Xunit.Abstractions;

namespace TgVault.Browser.Tests.Face;

/// <summary>
/// From files on a disk to a player on somebody else's site, as one person does it. <c>TGVAULT_JOURNEY_MINUTES=23</c> makes the long one of
/// the films 1 GiB.
/// </summary>
public sealed partial class JourneyTests(SharedBrowser browser, ITestOutputHelper output) : IClassFixture<SharedBrowser>
{
    const float LongestMilliseconds = 900_000;

    [Fact(Timeout = 1_800_000)]
    public async Task Three_films_are_dropped_arrive_in_spite_of_a_cut_are_found_play_and_go_into_pages_of_other_sites()
    {
        var minutes = int.Parse(Environment.GetEnvironmentVariable("TGVAULT_JOURNEY_MINUTES") ?? "2", CultureInfo.InvariantCulture);
        var mark = Guid.NewGuid().ToString("n");
        var folder = Directory.CreateDirectory(Path.Combine(browser.Vault.Folder, $"films-{mark}")).FullName;
        var (large, sounds, plain) = (PathOf("long.mp4"), PathOf("sounds.mkv"), PathOf("plain.mp4"));
        var minute = await Mp4Clips.PathAsync("large.mp4");
        await Mp4Clips.RunAsync("ffmpeg", $"-hide_banner -loglevel error -stream_loop {minutes - 1} -i {minute} -c copy {large}");
        var tracks = await Mp4Clips.PathAsync("tracks-subtitles.mkv");
        await Mp4Clips.RunAsync("ffmpeg", $"-hide_banner -loglevel error -i {tracks} -map 0 -c copy -metadata comment={mark} {sounds}");
        await File.WriteAllBytesAsync(plain, await Visitor.NewFilmAsync());
        await using var visitor = await Visitor.ComeAsync(browser.Chromium);
        await visitor.SignInAsync(browser.Vault);
        var page = visitor.Page;

        await UploadAsync(visitor, large, sounds, plain);

        // Found by a word of its name, wherever else one is.
        await page.GotoAsync(browser.Vault.Url.ToString());
        await page.GetByRole(AriaRole.Searchbox).FillAsync($"sounds {mark}");
        await Assertions.Expect(page.Locator("video-card")).ToHaveCountAsync(1);
        await page.Locator("video-card").ClickAsync();
        await WatchAsync(page);
        await ShareAsync(visitor);

        string PathOf(string name) => Path.Combine(folder, $"{Path.GetFileNameWithoutExtension(name)}-{mark}{Path.GetExtension(name)}");
    }

    async Task UploadAsync(Visitor visitor, params string[] paths)
    {
        var page = visitor.Page;
        var sent = new HashSet<IRequest>();
        var (arrived, isCut) = (0, false);
        var stillborn = new HashSet<IRequest>();
        // What is cut has been sent for nothing, as far as it was: all of it counts, save what is begun while there is no way at all.
        visitor.Context.Request += (_, request) =>
        {
            if (Block().IsMatch(request.Url))
                (isCut ? stillborn : sent).Add(request);
        };
        visitor.Context.RequestFinished += (_, request) =>
        {
            if (stillborn.Contains(request))
                sent.Add(request);
        };
        visitor.Context.Response += (_, response) => arrived += Block().IsMatch(response.Url) ? 1 : 0;
        page.Dialog += (_, dialog) => dialog.AcceptAsync();

        await visitor.DropFilesAsync(paths);
        var rows = page.Locator("upload-panel li");
        await Assertions.Expect(rows).ToHaveCountAsync(paths.Length);
        var row = rows.Filter(new LocatorFilterOptions { HasText = Path.GetFileName(paths[0]) });
        while (arrived < BlocksOf(paths[0]) / 3)
            await page.WaitForResponseAsync(response => Block().IsMatch(response.Url));
        isCut = true;
        await page.Context.SetOfflineAsync(true);
        await Assertions.Expect(row).ToContainTextAsync("No connection");
        Assert.InRange(arrived, BlocksOf(paths[0]) / 3, BlocksOf(paths[0]) - 1);
        isCut = false;
        await page.Context.SetOfflineAsync(false);
        await page.ReloadAsync();
        // A browser that may read the file again goes on by itself.
        await Assertions.Expect(row).ToContainTextAsync(new Regex("Choose this file again|Press Go on| of |Ready"));
        if (await row.GetByText(new Regex("Choose this file again|Press Go on")).IsVisibleAsync())
            await visitor.DropFilesAsync(paths[0]);
        foreach (var path in paths)
            await visitor.CardAsync(Path.GetFileName(path), LongestMilliseconds);

        var blocks = paths.Sum(BlocksOf);
        output.WriteLine($"{sent.Count} blocks of a megabyte were sent of {blocks}");
        // Of a gigabyte a hundredth; of less, what is on its way at once, twice.
        Assert.InRange(sent.Count, blocks, blocks + Math.Max(blocks / 100, 16));
    }

    static int BlocksOf(string path) => (int)((new FileInfo(path).Length + (1 << 20) - 1) >> 20);

    static async Task WatchAsync(IPage page)
    {
        var frame = page.MainFrame;
        await page.Locator("tgvault-player media-play-button.big").ClickAsync();
        await frame.WaitForMediaAsync("m.currentTime > 0.3 && m.videoWidth > 0");
        var range = await page.Locator("tgvault-player media-time-range").BoundingBoxAsync();
        await ChooseAsync("audio-track", 1);
        await frame.WaitForMediaAsync("[...m.audioTracks].findIndex(one => one.enabled) === 1");
        await page.Mouse.ClickAsync(range!.X + (range.Width * 0.75f), range.Y + (range.Height / 2));
        await frame.WaitForMediaAsync("m.currentTime > 9 && !m.seeking");
        await ChooseAsync("captions", 1);
        await frame.WaitForMediaAsync("[...m.textTracks].some(one => one.mode === 'showing' && one.cues?.length > 0)");
        await frame.WaitForMediaAsync("m.ended");

        async Task ChooseAsync(string what, int item)
        {
            await page.Mouse.MoveAsync(range!.X + 20, range.Y - 60);
            await page.Locator($"tgvault-player media-{what}-menu-button").ClickAsync();
            await page.Locator($"tgvault-player media-{what}-menu media-chrome-menu-item").Nth(item).ClickAsync();
        }
    }

    async Task ShareAsync(Visitor visitor)
    {
        var snippet = await LinkAsync(visitor.Page, browser.Site.Publish("journey", ""));
        var own = await visitor.OpenAsync();
        await own.GotoAsync(browser.Site.Publish("journey", $"<!doctype html><title>Own</title>{snippet}"));
        await PlayAsync(own);

        var others = await LinkAsync(visitor.Page, "https://other.example");
        var wrong = await visitor.OpenAsync();
        var asked = new List<string>();
        wrong.Request += (_, request) => asked.Add(request.Url);
        await wrong.GotoAsync(browser.Site.Publish("journey-wrong", $"<!doctype html><title>Wrong</title>{others}"));
        await Assertions.Expect(wrong.FrameLocator("iframe").Locator("main")).ToContainTextAsync("may not be shown on 127.0.0.1");
        Assert.DoesNotContain(asked, url => url.Contains("/v/", StringComparison.Ordinal));

        var any = (await LinkAsync(visitor.Page, "")).Replace("<iframe ", "<iframe sandbox=\"allow-scripts\" ", StringComparison.Ordinal);
        var sandboxed = await visitor.OpenAsync();
        await sandboxed.GotoAsync(browser.Site.Publish("journey-sandbox", $"<!doctype html><title>Sandbox</title>{any}"));
        await PlayAsync(sandboxed);
        Assert.Equal("null", await sandboxed.Frames[1].EvaluateAsync<string>("window.origin"));
    }

    static async Task PlayAsync(IPage page)
    {
        await page.Frames[1].Locator("tgvault-player media-play-button.big").ClickAsync();
        await page.Frames[1].WaitForMediaAsync("m.currentTime > 0.3 && m.videoWidth > 0");
    }

    /// <summary>Makes a link for one site on the page of a video, or for all where it is empty, and returns the snippet.</summary>
    static async Task<string> LinkAsync(IPage page, string site)
    {
        var panel = page.Locator("links-panel");
        if (!await panel.Locator("textarea[name=origins]").IsVisibleAsync())
            await panel.GetByText("Only on these sites").ClickAsync();
        var origin = site.Length == 0 ? "" : new Uri(site).GetLeftPart(UriPartial.Authority);
        await panel.Locator("textarea[name=origins]").FillAsync(origin);
        var answer = await page.RunAndWaitForResponseAsync(
            () => panel.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Make a link" }).ClickAsync(),
            response => response.Url.EndsWith("/links", StringComparison.Ordinal)
        );
        // Until the page shows the new link, the field holds the one before.
        var made = (await answer.JsonAsync())!.Value.GetProperty("url").GetString()!;
        var snippet = panel.Locator("#snippet");
        await Assertions.Expect(snippet).ToHaveValueAsync(new Regex(Regex.Escape(new Uri(made).AbsolutePath)));
        return await snippet.InputValueAsync();
    }

    [GeneratedRegex("comp=block&blockid=[^&]+")]
    private static partial Regex Block();
}
