using System.Text.RegularExpressions;
using Microsoft.Playwright;
using TgVault.Testing;

namespace TgVault.Browser.Tests.Face;

/// <summary>The page around an embed page drives it by npm's client for player.js.</summary>
public sealed partial class EmbedDriveTests(SharedBrowser browser) : IClassFixture<SharedBrowser>
{
    const string Stock = "new playerjs.Player(document.querySelector('iframe'))";

    [Theory(Timeout = 240_000)]
    [InlineData("h264-bframes.mp4", "", Stock)]
    [InlineData("tracks.mp4", "sandbox=\"allow-scripts allow-same-origin\"", Stock)]
    // What stands in docs/embed.md: of an opaque origin the client hears nothing by itself.
    [InlineData("h264-bframes.mp4", "sandbox=\"allow-scripts\"", "sandboxedPlayer(document.querySelector('iframe'))")]
    public async Task The_client_plays_seeks_and_hears(string clip, string sandbox, string client)
    {
        await using var visitor = await Visitor.ComeAsync(browser.Chromium);
        var page = visitor.Page;
        await page.GotoAsync(browser.Site.Publish($"client-{sandbox.Length}", await PageAsync(clip, sandbox, $"drive({client});")));
        await page.WaitForFunctionAsync("() => seen.ready");

        await page.EvaluateAsync("() => { player.mute(); player.play(); }");
        await page.WaitForFunctionAsync("() => seen.play && seen.timeupdate?.seconds > 0.3");
        Assert.InRange(await AskAsync(page, "getDuration"), 13.5, 14.5);
        await page.EvaluateAsync("() => player.setVolume(40)");
        Assert.Equal(40, await AskAsync(page, "getVolume"));
        await page.EvaluateAsync("() => player.setCurrentTime(12.5)");
        await page.WaitForFunctionAsync("() => seen.seeked && seen.ended");
        Assert.InRange(await AskAsync(page, "getCurrentTime"), 13.5, 14.5);
    }

    [Fact(Timeout = 240_000)]
    public async Task A_client_that_comes_late_is_heard_and_what_it_says_before_there_is_a_picture_is_done()
    {
        await using var visitor = await Visitor.ComeAsync(browser.Chromium);
        var page = visitor.Page;
        var held = new TaskCompletionSource();
        // Neither the sizes nor the sounds are there yet.
        await page.RouteAsync(
            "**/vault-hls*.js",
            async route =>
            {
                await held.Task;
                await route.ContinueAsync();
            }
        );
        await page.GotoAsync(browser.Site.Publish("late", await PageAsync("tracks.mp4", "", "")));
        await page.Frames[1].Locator("media-controller").WaitForAsync();

        await page.EvaluateAsync($"() => drive({Stock})");
        await page.WaitForFunctionAsync("() => seen.ready");
        await page.EvaluateAsync("() => { player.mute(); player.setCurrentTime(9); player.play(); }");
        Assert.InRange(await AskAsync(page, "getDuration"), 13.5, 14.5);
        held.SetResult();

        await page.WaitForFunctionAsync("() => seen.timeupdate?.seconds > 9.2");
        await page.Frames[1].WaitForMediaAsync("m.muted && !m.paused && m.currentTime > 9");
    }

    [Fact(Timeout = 240_000)]
    public async Task A_page_whose_link_has_ended_hands_in_another_and_the_film_goes_on()
    {
        await using var visitor = await Visitor.ComeAsync(browser.Chromium);
        var page = visitor.Page;
        var video = await browser.Vault.UploadAsync(await Mp4Clips.PathAsync("large.mp4"));
        var links = new List<string>();
        for (var i = 0; i < 2; i++)
            links.Add((await browser.Vault.RunAsync("link", video.GetProperty("id").GetString()!, "--kind", "embed")).Output.Trim());
        // The first link, and the addresses that its page had, have ended once the film plays.
        var first = "";
        var isOver = false;
        await page.RouteAsync(
            "**/v/**",
            route =>
            {
                var own = route.Request.Url.Split('/')[4];
                first = first.Length == 0 ? own : first;
                return EndAsync(route, isOver && own == first);
            }
        );
        await page.RouteAsync($"{links[0]}/player", route => EndAsync(route, isOver));
        await page.GotoAsync(
            browser.Site.Publish(
                "ended",
                $$"""
                <!doctype html><title>Ended</title><iframe src="{{links[0]}}?muted" allow="autoplay" width="640" height="360"></iframe>
                <script>{{await ClientAsync()}}</script>
                <script>
                  window.seen = {};
                  const player = window.player = {{Stock}};
                  player.on('ready', () => player.on('linkexpired', value => {
                    seen.expired = value;
                    player.send({ method: 'setLink', value: '{{links[1]}}' });
                  }));
                </script>
                """
            )
        );
        await page.Frames[1].WaitForMediaAsync("m.readyState > 0");
        await page.EvaluateAsync("() => player.play()");
        await page.Frames[1].WaitForMediaAsync("m.currentTime > 0.3");

        isOver = true;
        await page.EvaluateAsync("() => player.setCurrentTime(50)");

        await page.WaitForFunctionAsync("() => seen.expired?.src");
        // In between the element has an error.
        await page.Frames[1]
            .WaitForFunctionAsync(
                "() => { const m = document.querySelector('tgvault-player').media; return m.currentTime > 50 && !m.paused && !m.error; }"
            );

        static Task EndAsync(IRoute route, bool hasEnded) =>
            hasEnded
                ? route.FulfillAsync(
                    new RouteFulfillOptions
                    {
                        Status = 410,
                        ContentType = "application/problem+json",
                        Body = """{"detail":"This link has expired."}""",
                    }
                )
                : route.ContinueAsync();
    }

    static Task<double> AskAsync(IPage page, string method) =>
        page.EvaluateAsync<double>($"() => new Promise(done => player.{method}(done))");

    static Task<string> ClientAsync() =>
        File.ReadAllTextAsync(Path.Combine(RepositoryFolders.NodeModules(), "player.js", "dist", "player-0.1.0.min.js"));

    /// <summary>A page of another site with the snippet, the client, and what stands in the documentation for sandboxes.</summary>
    async Task<string> PageAsync(string clip, string sandbox, string then)
    {
        var video = await browser.Vault.UploadAsync(await Mp4Clips.PathAsync(clip));
        var link = await browser.Vault.RunAsync("link", video.GetProperty("id").GetString()!, "--kind", "embed", "--html");
        var snippet = link.Output.Trim().Replace("<iframe ", $"<iframe {sandbox} ", StringComparison.Ordinal);
        var documentation = await File.ReadAllTextAsync(Path.Combine(RepositoryFolders.Root(), "docs", "embed.md"));
        return $$"""
            <!doctype html><title>Client</title>{{snippet}}<script>{{await ClientAsync()}}</script>
            <script>
              {{Sandboxed().Match(documentation).Groups[1].Value}}
              window.seen = {};
              function drive(player) {
                window.player = player;
                player.on('ready', () => {
                  seen.ready = true;
                  for (const name of ['play', 'timeupdate', 'seeked', 'ended']) player.on(name, value => { seen[name] = value ?? true; });
                });
              }
              {{then}}
            </script>
            """;
    }

    [GeneratedRegex("^```html\\n<!-- sandboxed.html -->\\n<script>\\n(.*?)^</script>", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Sandboxed();
}
