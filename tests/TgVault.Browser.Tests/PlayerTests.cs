using Microsoft.Playwright;
using TgVault.Testing;
using Xunit.Abstractions;

namespace TgVault.Browser.Tests;

/// <summary>
/// HLS and DASH on another site, in the players that sites use: without a stall. What plays at all is KindTests'. A class for each, so that
/// they play at the same time.
/// </summary>
public abstract class PlayerTests(SharedBrowser browser, ITestOutputHelper output)
{
    const float LongestMilliseconds = 40_000;

    // The vault is on this machine, so nothing is the network's. Counted in looks, which a busy machine makes rarer as it slows the player.
    protected const int MostLooks = 40;

    protected ITestOutputHelper Output => output;

    /// <summary>Seeks to ten places, the last of long clips where nothing is fetched yet, and plays the end.</summary>
    protected async Task PlayAsync(string name, string kind, string clip, double seconds)
    {
        const double played = 14;
        var (page, problems) = await OpenAsync(name, kind, clip, page => Task.CompletedTask);
        Assert.InRange(await page.EvaluateAsync<double>("document.querySelector('video').duration"), seconds - 0.15, seconds + 0.15);
        await page.EvaluateAsync("document.querySelector('video').play()");

        var random = new Random(7);
        for (var i = 0; i < 10; i++)
        {
            var target = random.NextDouble() * (seconds - 3);
            var shown = await Watch.SeekAsync(page, target, TimeSpan.FromMilliseconds(LongestMilliseconds));
            Assert.InRange(shown, target - 0.1, target + 0.5);
        }

        // Twice as fast: through every segment of the last part, sound included.
        await page.EvaluateAsync(
            "from => { const v = document.querySelector('video'); v.currentTime = from; v.playbackRate = 2; return v.play(); }",
            seconds - played
        );
        await WaitAsync(page, "v => v.ended");

        Assert.InRange(await page.EvaluateAsync<double>("document.querySelector('video').currentTime"), seconds - 0.15, seconds + 0.15);
        var (still, seeking) = await Watch.LongestAsync(page);
        output.WriteLine($"looks in a row: {still} at a picture that stood still, {seeking} at a seek that did not get on");
        Assert.InRange(still, 0, MostLooks);
        Assert.InRange(seeking, 0, MostLooks);
        Assert.Empty(await ProblemsAsync(page, problems));
        await page.CloseAsync();
    }

    /// <summary>A page with the video loaded, watched from the start.</summary>
    protected async Task<(IPage Page, List<string> Problems)> OpenAsync(string name, string kind, string clip, Func<IPage, Task> watch)
    {
        var video = await browser.Vault.UploadAsync(await Mp4Clips.PathAsync(clip));
        var link = await browser.Vault.LinkAsync(video.GetProperty("id").GetString()!, kind);
        var player = Player.Named(name);
        var page = await browser.Chromium.Browser.NewPageAsync();
        page.SetDefaultTimeout(LongestMilliseconds);
        var problems = new List<string>();
        page.PageError += (_, error) => problems.Add(error);
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
                problems.Add(message.Text);
        };
        await page.GotoAsync(browser.Site.PageWith(player));
        await page.EvaluateAsync("window.problems = []");
        await Watch.StallsAsync(page);
        await watch(page);
        await page.EvaluateAsync(player.Start, link);
        await WaitAsync(page, "v => v.readyState >= 3");
        return (page, problems);
    }

    protected static async Task<IEnumerable<string>> ProblemsAsync(IPage page, List<string> problems) =>
        problems.Concat(await page.EvaluateAsync<string[]>("problems"));

    protected static Task<IJSHandle> WaitAsync(IPage page, string condition) =>
        page.WaitForFunctionAsync(
            "() => { const v = document.querySelector('video'); if (v.error) throw new Error(v.error.message); "
                + $"if (problems.length) throw new Error(problems.join()); return ({condition})(v); }}"
        );
}

public sealed class HlsJsTests(SharedBrowser browser, ITestOutputHelper output) : PlayerTests(browser, output), IClassFixture<SharedBrowser>
{
    [Theory(Timeout = 240_000)]
    [InlineData("hls", "hdr-vp9.webm", 14)]
    [InlineData("hls", "minutes.mp4", 300)]
    public Task Seeks_anywhere_and_plays_to_the_end_without_an_error_or_a_stall(string kind, string clip, double seconds) =>
        PlayAsync("hls.js", kind, clip, seconds);
}

public sealed class DashJsTests(SharedBrowser browser, ITestOutputHelper output)
    : PlayerTests(browser, output),
        IClassFixture<SharedBrowser>
{
    [Theory(Timeout = 240_000)]
    [InlineData("dash", "hdr-av1.mp4", 14)]
    [InlineData("dash", "minutes.mp4", 300)]
    public Task Seeks_anywhere_and_plays_to_the_end_without_an_error_or_a_stall(string kind, string clip, double seconds) =>
        PlayAsync("dash.js", kind, clip, seconds);
}

public sealed class ShakaTests(SharedBrowser browser, ITestOutputHelper output) : PlayerTests(browser, output), IClassFixture<SharedBrowser>
{
    [Theory(Timeout = 240_000)]
    [InlineData("hls", "h264-bframes.mp4", 14)]
    [InlineData("dash", "hdr-vp9.webm", 14)]
    [InlineData("dash", "minutes.mp4", 300)]
    public Task Seeks_anywhere_and_plays_to_the_end_without_an_error_or_a_stall(string kind, string clip, double seconds) =>
        PlayAsync("shaka", kind, clip, seconds);
}
