using Microsoft.Playwright;
using TgVault.Testing;
using Xunit.Abstractions;

namespace TgVault.Browser.Tests;

/// <summary>HLS and DASH on another site, in the players that sites use.</summary>
public sealed class PlayerTests(BrowserVault browser, ITestOutputHelper output) : IClassFixture<BrowserVault>
{
    const float LongestMilliseconds = 40_000;

    // The vault is on this machine, so nothing is the network's.
    static readonly TimeSpan LongestStall = TimeSpan.FromSeconds(2);

    [Theory(Timeout = 240_000)]
    [InlineData("hls.js", "hls", "h264-bframes.mp4", 14)]
    [InlineData("hls.js", "hls", "tracks.mp4", 14)]
    [InlineData("hls.js", "hls", "vp9-opus.mp4", 14)]
    [InlineData("dash.js", "dash", "h264-bframes.mp4", 14)]
    [InlineData("dash.js", "dash", "av1-opus.mp4", 14)]
    [InlineData("shaka", "hls", "h264-bframes.mp4", 14)]
    [InlineData("shaka", "dash", "tracks.mp4", 14)]
    [InlineData("hls.js", "hls", "hdr-vp9.webm", 14)]
    [InlineData("dash.js", "dash", "hdr-av1.mp4", 14)]
    [InlineData("shaka", "hls", "hdr-av1.mp4", 14)]
    [InlineData("shaka", "dash", "hdr-vp9.webm", 14)]
    [InlineData("shaka", "dash", "bt709.mp4", 14)]
    // Longer than players fetch ahead, so that seeking leads where nothing is yet.
    [InlineData("hls.js", "hls", "minutes.mp4", 300)]
    [InlineData("dash.js", "dash", "minutes.mp4", 300)]
    [InlineData("shaka", "dash", "minutes.mp4", 300)]
    public async Task A_player_seeks_anywhere_and_plays_to_the_end_without_an_error_or_a_stall(
        string name,
        string kind,
        string clip,
        double seconds
    )
    {
        const double played = 14;
        var (page, problems) = await OpenAsync(name, kind, clip, page => Task.CompletedTask);
        Assert.InRange(await page.EvaluateAsync<double>("document.querySelector('video').duration"), seconds - 0.15, seconds + 0.15);
        await page.EvaluateAsync("document.querySelector('video').play()");

        var random = new Random(7);
        var slowest = TimeSpan.Zero;
        for (var i = 0; i < 10; i++)
        {
            var target = random.NextDouble() * (seconds - 3);
            var (shown, took) = await Watch.SeekAsync(page, target).WaitAsync(TimeSpan.FromMilliseconds(LongestMilliseconds));
            // It plays on, so the first frame that is looked at may be a little later.
            Assert.InRange(shown, target - 0.1, target + 0.5);
            slowest = took > slowest ? took : slowest;
        }

        // Twice as fast: through every segment of the last part, sound included.
        await page.EvaluateAsync(
            "from => { const v = document.querySelector('video'); v.currentTime = from; v.playbackRate = 2; return v.play(); }",
            seconds - played
        );
        await WaitAsync(page, "v => v.ended");

        Assert.InRange(await page.EvaluateAsync<double>("document.querySelector('video').currentTime"), seconds - 0.15, seconds + 0.15);
        var stall = await Watch.LongestStallAsync(page);
        output.WriteLine($"slowest seek {slowest.TotalMilliseconds:F0} ms, longest stall {stall.TotalMilliseconds:F0} ms");
        Assert.InRange(slowest, TimeSpan.Zero, LongestStall);
        Assert.InRange(stall, TimeSpan.Zero, LongestStall);
        Assert.Empty(await ProblemsAsync(page, problems));
        await page.CloseAsync();
    }

    // Compared is the media time that the element is at when a beep's first sample comes out of it, with the media time at which the
    // picture turned white: after the last black frame and not after the first white one.
    // Where neighbours of these were dropped, that is known less exactly, which may happen to a few.
    [Theory(Timeout = 240_000)]
    [InlineData("hls.js", "hls")]
    [InlineData("dash.js", "dash")]
    [InlineData("shaka", "hls")]
    [InlineData("shaka", "dash")]
    public async Task A_flash_is_seen_when_its_beep_is_heard(string name, string kind)
    {
        const int count = 9;
        const double atMostApart = 0.040;
        var (page, problems) = await OpenAsync(name, kind, "flash-beep.mp4", Watch.FlashesAndBeepsAsync);

        await page.EvaluateAsync("document.querySelector('video').play()");
        await WaitAsync(page, "v => v.ended");

        var (flashes, beeps) = (await Watch.FlashesAsync(page), await Watch.BeepsAsync(page));
        output.WriteLine(
            string.Join(
                '\n',
                flashes.Zip(
                    beeps,
                    (flash, beep) => FormattableString.Invariant($"black {flash.Black:F3} white {flash.White:F3} beep {beep:F3}")
                )
            )
        );
        Assert.Equal(count, beeps.Length);
        Assert.Equal(count, flashes.Length);
        Assert.All(
            flashes.Zip(beeps),
            pair =>
                Assert.InRange(
                    pair.Second,
                    Math.Max(pair.First.Black, pair.First.White - 0.5) - atMostApart,
                    pair.First.White + atMostApart
                )
        );
        Assert.InRange(flashes.Zip(beeps).Count(pair => Math.Abs(pair.First.White - pair.Second) <= atMostApart), count - 3, count);
        Assert.InRange(await Watch.LongestStallAsync(page), TimeSpan.Zero, LongestStall);
        Assert.Empty(await ProblemsAsync(page, problems));
        await page.CloseAsync();
    }

    // A page with the video loaded, watched from the start.
    async Task<(IPage Page, List<string> Problems)> OpenAsync(string name, string kind, string clip, Func<IPage, Task> watch)
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

    static async Task<IEnumerable<string>> ProblemsAsync(IPage page, List<string> problems) =>
        problems.Concat(await page.EvaluateAsync<string[]>("problems"));

    static Task<IJSHandle> WaitAsync(IPage page, string condition) =>
        page.WaitForFunctionAsync(
            "() => { const v = document.querySelector('video'); if (v.error) throw new Error(v.error.message); "
                + $"if (problems.length) throw new Error(problems.join()); return ({condition})(v); }}"
        );
}
