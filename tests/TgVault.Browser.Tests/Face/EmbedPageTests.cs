using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using TgVault.Testing;
using Xunit.Abstractions;

namespace TgVault.Browser.Tests.Face;

/// <summary>Embed pages in frames of other sites.</summary>
public sealed partial class EmbedPageTests(SharedBrowser browser, ITestOutputHelper output) : IClassFixture<SharedBrowser>
{
    const int MostBytes = 100_000;

    // HLS where there are several sounds, and the file itself.
    [Theory(Timeout = 240_000)]
    [InlineData("h264-bframes.mp4")]
    [InlineData("tracks.mp4")]
    public async Task It_plays_in_a_sandbox_of_an_opaque_origin_and_answers_its_page(string clip)
    {
        var url = await EmbedAsync(clip, "--html");
        await using var visitor = await Visitor.ComeAsync(browser.Chromium);
        var page = visitor.Page;
        var snippet = url.Replace("<iframe ", "<iframe sandbox=\"allow-scripts\" ", StringComparison.Ordinal);
        await page.GotoAsync(browser.Site.Publish($"sandbox-{clip}", $"<!doctype html><title>Sandbox</title>{snippet}{Listener}"));
        await page.WaitForFunctionAsync("() => told.some(one => one.event === 'ready')");

        await SendAsync(page, "addEventListener", "timeupdate");
        await SendAsync(page, "addEventListener", "ended");
        await SendAsync(page, "mute");
        await SendAsync(page, "play");
        await page.WaitForFunctionAsync("() => told.some(one => one.event === 'timeupdate' && one.value.seconds > 0.3)");
        await page.Frames[1].WaitForMediaAsync("m.videoWidth > 0 && m.muted");
        await SendAsync(page, "setCurrentTime", 13);
        await page.WaitForFunctionAsync("() => told.some(one => one.event === 'ended')");
        Assert.Equal("null", await page.Frames[1].EvaluateAsync<string>("window.origin"));
        Assert.Empty(visitor.Problems);
    }

    [Fact(Timeout = 240_000)]
    public async Task What_its_address_asks_for_is_done()
    {
        var url = await EmbedAsync("h264-bframes.mp4");
        await using var visitor = await Visitor.ComeAsync(browser.Chromium);
        var page = visitor.Page;

        await page.GotoAsync($"{url}?t=0m5s&muted&loop=1&playback-rate=1.5&accent-color=ff8800&title=0&unknown=1");
        await page.MainFrame.WaitForMediaAsync("m.currentTime === 5 && m.muted && m.loop && m.playbackRate === 1.5 && m.paused");

        await Assertions.Expect(page.Locator("tgvault-player .top")).ToBeHiddenAsync();
        var accent = await page.EvaluateAsync<string>(
            "getComputedStyle(document.querySelector('tgvault-player')).getPropertyValue('--player-accent')"
        );
        Assert.Equal("#ff8800", accent);
        Assert.Empty(visitor.Problems);
    }

    // The file itself, and HLS, whose player is larger than all else.
    [Theory(Timeout = 240_000)]
    [InlineData("h264-bframes.mp4")]
    [InlineData("tracks.mp4")]
    public async Task Little_is_loaded_before_it_plays(string clip)
    {
        var url = await EmbedAsync(clip);
        await using var visitor = await Visitor.ComeAsync(browser.Chromium);
        var page = visitor.Page;
        var sizes = new List<Task<RequestSizesResult>>();
        page.RequestFinished += (_, request) =>
        {
            if (!request.Url.Contains("/v/", StringComparison.Ordinal))
                sizes.Add(request.SizesAsync());
        };

        await page.GotoAsync(url, new PageGotoOptions { WaitUntil = WaitUntilState.NetworkIdle });
        await page.Locator("media-play-button.big").WaitForAsync();

        var bytes = (await Task.WhenAll(sizes)).Sum(size => size.ResponseBodySize + size.ResponseHeadersSize);
        output.WriteLine($"{bytes} bytes before it plays");
        Assert.InRange(bytes, 10_000, MostBytes);
        await page.Locator("media-play-button.big").ClickAsync();
        await page.MainFrame.WaitForMediaAsync("m.currentTime > 0.3 && m.videoWidth > 0");
        Assert.Empty(visitor.Problems);
    }

    // The file itself, and HLS.
    [Theory(Timeout = 240_000)]
    [InlineData("large.mp4", 50)]
    [InlineData("tracks.mp4", 12)]
    public async Task It_goes_on_where_it_was_after_its_addresses_have_ended(string clip, int seconds)
    {
        var url = await EmbedAsync(clip);
        await using var visitor = await Visitor.ComeAsync(browser.Chromium);
        var page = visitor.Page;
        // Every address of the first page ends as soon as it plays, as those of a link do whose time is over.
        var first = "";
        var over = new TaskCompletionSource();
        await page.RouteAsync(
            "**/v/**",
            async route =>
            {
                var own = route.Request.Url.Split('/')[4];
                first = first.Length == 0 ? own : first;
                // Of so short a film all would be there before anything ends.
                if (own == first && LaterSegment().IsMatch(route.Request.Url))
                    await over.Task;
                var isOver = own == first && over.Task.IsCompleted;
                await (isOver ? route.FulfillAsync(new RouteFulfillOptions { Status = 410 }) : route.ContinueAsync());
            }
        );
        await page.GotoAsync($"{url}?muted");
        await page.Locator("media-play-button.big").ClickAsync();
        await page.MainFrame.WaitForMediaAsync("m.currentTime > 0.3");

        over.SetResult();
        await page.EvaluateAsync(
            """
            seconds => {
              const m = document.querySelector('tgvault-player').media;
              m.playbackRate = 0.5;
              m.currentTime = seconds;
            }
            """,
            seconds
        );

        await page.WaitForFunctionAsync(
            """
            ([former, seconds]) => {
              const m = document.querySelector('tgvault-player').media;
              return !m.src.includes(former) && m.currentTime > seconds && !m.paused && !m.error && m.playbackRate === 0.5;
            }
            """,
            new object[] { first, seconds }
        );
        await Assertions.Expect(page.Locator("tgvault-player .words")).ToHaveCountAsync(0);
    }

    [Fact(Timeout = 240_000)]
    public async Task A_link_for_some_sites_says_that_a_sandbox_hides_its_site()
    {
        var site = new Uri(browser.Site.Publish("limited", "")).GetLeftPart(UriPartial.Authority);
        var snippet = (await EmbedAsync("h264-bframes.mp4", "--html", "--origin", site)).Replace(
            "<iframe ",
            "<iframe sandbox=\"allow-scripts\" ",
            StringComparison.Ordinal
        );
        await using var visitor = await Visitor.ComeAsync(browser.Chromium);

        await visitor.Page.GotoAsync(browser.Site.Publish("limited", $"<!doctype html><title>Limited</title>{snippet}"));

        await Assertions.Expect(visitor.Page.FrameLocator("iframe").Locator("main")).ToContainTextAsync("limited to certain sites");
    }

    const string Listener = """
        <script>
          window.told = [];
          addEventListener('message', ({ data }) => { try { told.push(JSON.parse(data)); } catch {} });
          window.tell = message => document.querySelector('iframe').contentWindow.postMessage(JSON.stringify(message), '*');
        </script>
        """;

    static async Task SendAsync(IPage page, string method, object? value = null) =>
        await page.EvaluateAsync(
            "text => tell(JSON.parse(text))",
            JsonSerializer.Serialize(
                new
                {
                    context = "player.js",
                    version = "0.0.11",
                    method,
                    value,
                }
            )
        );

    async Task<string> EmbedAsync(string clip, params string[] options)
    {
        var video = await browser.Vault.UploadAsync(await Mp4Clips.PathAsync(clip));
        var link = await browser.Vault.RunAsync(["link", video.GetProperty("id").GetString()!, "--kind", "embed", .. options]);
        return link.ExitCode == 0 ? link.Output.Trim() : throw new InvalidOperationException(link.Error);
    }

    [GeneratedRegex(@"/([2-9]|\d\d)\.m4s")]
    private static partial Regex LaterSegment();
}
