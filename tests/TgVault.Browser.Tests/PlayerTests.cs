using Microsoft.Playwright;
using TgVault.Testing;

namespace TgVault.Browser.Tests;

/// <summary>HLS and DASH on another site, in the players that sites use.</summary>
public sealed class PlayerTests(BrowserVault browser) : IClassFixture<BrowserVault>
{
    const float LongestMilliseconds = 40_000;
    const double Seconds = 14;

    [Theory(Timeout = 240_000)]
    [InlineData("hls.js", "hls", "h264-bframes.mp4")]
    [InlineData("hls.js", "hls", "tracks.mp4")]
    [InlineData("hls.js", "hls", "vp9-opus.mp4")]
    [InlineData("dash.js", "dash", "h264-bframes.mp4")]
    [InlineData("shaka", "hls", "h264-bframes.mp4")]
    [InlineData("shaka", "dash", "tracks.mp4")]
    public async Task A_player_seeks_anywhere_and_plays_to_the_end_without_an_error(string name, string kind, string clip)
    {
        var video = await browser.Vault.UploadAsync(await Mp4Clips.PathAsync(clip));
        var link = await browser.Vault.LinkAsync(video.GetProperty("id").GetString()!, kind);
        var player = Player.Named(name);
        var page = await browser.Chromium.Browser.NewPageAsync();
        page.SetDefaultTimeout(LongestMilliseconds);
        await page.GotoAsync(browser.Site.PageWith(player));
        await page.EvaluateAsync("window.problems = []");

        await page.EvaluateAsync(player.Start, link);
        await WaitAsync(page, "v => v.readyState >= 3");
        Assert.InRange(await page.EvaluateAsync<double>("document.querySelector('video').duration"), Seconds - 0.15, Seconds + 0.15);

        var random = new Random(7);
        for (var i = 0; i < 10; i++)
        {
            var seconds = random.NextDouble() * (Seconds - 0.5);
            var shown = await page.EvaluateAsync<double>(
                """
                seconds => new Promise(done => {
                  const video = document.querySelector('video');
                  video.requestVideoFrameCallback(function look(_, frame) {
                    if (Math.abs(frame.mediaTime - seconds) < 0.1) done(frame.mediaTime); else video.requestVideoFrameCallback(look);
                  });
                  video.currentTime = seconds;
                })
                """,
                seconds).WaitAsync(TimeSpan.FromMilliseconds(LongestMilliseconds));
            Assert.InRange(shown, seconds - 0.1, seconds + 0.1);
        }

        // Twice as fast: through every segment, sound included.
        await page.EvaluateAsync("() => { const v = document.querySelector('video'); v.currentTime = 0; v.playbackRate = 2; return v.play(); }");
        await WaitAsync(page, "v => v.ended");
        Assert.InRange(await page.EvaluateAsync<double>("document.querySelector('video').currentTime"), Seconds - 0.15, Seconds + 0.15);
        Assert.Empty(await page.EvaluateAsync<string[]>("problems"));
        await page.CloseAsync();
    }

    static Task<IJSHandle> WaitAsync(IPage page, string condition) => page.WaitForFunctionAsync(
        $"() => {{ const v = document.querySelector('video'); if (v.error) throw new Error(v.error.message); if (problems.length) throw new Error(problems.join()); return ({condition})(v); }}");
}
