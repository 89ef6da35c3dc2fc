using System.Globalization;
using Microsoft.Playwright;
using TgVault.Testing;

namespace TgVault.Browser.Tests;

/// <summary>A page of another site with nothing but a video element on a link.</summary>
public sealed class PlainVideoTests(SharedBrowser browser) : IClassFixture<SharedBrowser>
{
    const float LongestMilliseconds = 30_000;
    readonly VaultProcess _vault = browser.Vault;

    [Fact(Timeout = 240_000)]
    public async Task A_plain_video_element_plays_seeks_to_five_places_and_knows_its_duration()
    {
        var video = await _vault.UploadAsync(await Mp4Clips.PathAsync("large.mp4"));
        var link = await _vault.LinkAsync(video.GetProperty("id").GetString()!);
        var page = await OpenAsync();
        var statuses = new List<int>();
        page.Response += (_, response) =>
        {
            if (response.Url == link)
                statuses.Add(response.Status);
        };
        await page.GotoAsync(browser.Site.PageOf(link));

        await WaitAsync(page, "v => v.readyState >= 1");
        Assert.InRange(await page.EvaluateAsync<double>("document.querySelector('video').duration"), 59.9, 60.1);

        await page.EvaluateAsync("document.querySelector('video').play()");
        await WaitAsync(page, "v => v.currentTime > 0.5");
        foreach (var seconds in new[] { 50.0, 5.5, 31.25, 58.0, 0.0 })
        {
            var shown = await page.EvaluateAsync<double>(
                    """
                    seconds => new Promise((done, fail) => {
                      const video = document.querySelector('video');
                      video.pause();
                      video.onerror = () => fail(new Error(video.error.message));
                      video.requestVideoFrameCallback(function look(_, frame) {
                        if (Math.abs(frame.mediaTime - seconds) < 0.1) done(frame.mediaTime); else video.requestVideoFrameCallback(look);
                      });
                      video.currentTime = seconds;
                    })
                    """,
                    seconds
                )
                .WaitAsync(TimeSpan.FromMilliseconds(LongestMilliseconds));
            Assert.InRange(shown, seconds - 0.1, seconds + 0.1);
        }

        await page.EvaluateAsync("document.querySelector('video').play()");
        await WaitAsync(page, "v => v.currentTime > 0.5 && !v.paused");
        Assert.Null(await page.EvaluateAsync<string?>("document.querySelector('video').error?.message ?? null"));
        // Seeking went over ranges rather than waiting for everything before.
        Assert.True(statuses.Count >= 3, $"only {statuses.Count} requests");
        Assert.All(statuses, status => Assert.Equal(206, status));
    }

    [Theory(Timeout = 240_000)]
    [InlineData("h264-aac.mkv", 14)]
    [InlineData("vp9-opus.webm", 4)]
    public async Task Other_containers_arrive_playable(string clip, double seconds)
    {
        var video = await _vault.UploadAsync(await Mp4Clips.PathAsync(clip));
        var page = await OpenAsync();
        await page.GotoAsync(browser.Site.PageOf(await _vault.LinkAsync(video.GetProperty("id").GetString()!)));

        await page.EvaluateAsync("document.querySelector('video').play()");
        await WaitAsync(
            page,
            string.Create(
                CultureInfo.InvariantCulture,
                $"v => v.currentTime > 0.3 && Math.abs(v.duration - {seconds}) < 0.2 && v.videoWidth > 0"
            )
        );
    }

    async Task<IPage> OpenAsync()
    {
        var page = await browser.Chromium.Browser.NewPageAsync();
        page.SetDefaultTimeout(LongestMilliseconds);
        return page;
    }

    static Task<IJSHandle> WaitAsync(IPage page, string condition) =>
        page.WaitForFunctionAsync(
            "() => { const v = document.querySelector('video'); if (v.error) throw new Error(v.error.message); "
                + $"return ({condition})(v); }}"
        );
}
