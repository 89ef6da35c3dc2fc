using Microsoft.Playwright;
using TgVault.Testing;

namespace TgVault.Browser.Tests;

/// <summary>A vault that encodes smaller sizes.</summary>
public sealed class LadderVault : BrowserVault
{
    protected override IReadOnlyDictionary<string, string> Environment { get; } =
        new Dictionary<string, string> { ["TgVault__Renditions"] = "180p,144p" };
}

/// <summary>Players that switch between sizes while they play.</summary>
public sealed class LadderTests(LadderVault browser) : IClassFixture<LadderVault>
{
    const float LongestMilliseconds = 60_000;
    const double Seconds = 14;

    [Theory(Timeout = 240_000)]
    [InlineData("hls.js", "hls", "ladder.mp4")]
    [InlineData("hls.js", "hls", "ladder-late-video.mp4")]
    [InlineData("shaka", "hls", "ladder.mp4")]
    [InlineData("shaka", "dash", "ladder.mp4")]
    public async Task A_player_switches_to_every_size_while_it_plays_and_reports_no_error(string name, string kind, string clip)
    {
        var video = await browser.Vault.UploadAsync(await Mp4Clips.PathAsync(clip));
        var link = await browser.Vault.LinkAsync(video.GetProperty("id").GetString()!, kind);
        var page = await browser.Chromium.Browser.NewPageAsync();
        page.SetDefaultTimeout(LongestMilliseconds);
        await page.GotoAsync(browser.Site.PageWith(Player.Named(name)));
        await page.EvaluateAsync("window.problems = []");
        await page.EvaluateAsync(name == "hls.js" ? Hls : Shaka, link);
        await WaitAsync(page, "v => v.readyState >= 3");
        Assert.Equal("144,180,240", await page.EvaluateAsync<string>("heights().join()"));

        // Over and over, for a busy machine may take longer to switch than the clip lasts.
        await page.EvaluateAsync("() => { const v = document.querySelector('video'); v.loop = true; return v.play(); }");
        foreach (var height in new List<int> { 144, 240, 180, 144 })
        {
            await page.EvaluateAsync("height => choose(height)", height);
            await WaitAsync(
                page,
                $"v => {{ window.state = `wanted {height}, have ${{v.videoHeight}} at ${{v.currentTime}} of ${{v.duration}}, ready "
                    + $"${{v.readyState}}, ended ${{v.ended}}`; return v.videoHeight === {height}; }}"
            );
        }

        await page.EvaluateAsync("document.querySelector('video').loop = false");

        await WaitAsync(page, "v => v.ended");
        Assert.InRange(await page.EvaluateAsync<double>("document.querySelector('video').currentTime"), Seconds - 0.15, Seconds + 0.85);
        Assert.Empty(await page.EvaluateAsync<string[]>("problems"));
        await page.CloseAsync();
    }

    // A new choice takes what is buffered of the old one away, so that it is seen before a short clip ends.
    const string Hls = $$"""
        url => {
          const hls = new Hls();
          ({{Player.HearHls}})(hls);
          window.heights = () => hls.levels.map(level => level.height).sort((a, b) => a - b);
          window.choose = height => { hls.currentLevel = hls.levels.findIndex(level => level.height === height); };
          hls.loadSource(url);
          hls.attachMedia(document.querySelector('video'));
        }
        """;

    const string Shaka = """
        async url => {
          shaka.polyfill.installAll();
          const player = new shaka.Player();
          player.addEventListener('error', problem => problems.push(`shaka ${problem.detail.code}`));
          await player.attach(document.querySelector('video'));
          player.configure({ abr: { enabled: false } });
          window.heights = () => player.getVariantTracks().map(track => track.height).sort((a, b) => a - b);
          window.choose = height => player.selectVariantTrack(player.getVariantTracks().find(track => track.height === height), true);
          await player.load(url);
        }
        """;

    static async Task WaitAsync(IPage page, string condition)
    {
        try
        {
            await page.WaitForFunctionAsync(Checked(condition));
        }
        catch (TimeoutException exception)
        {
            throw new TimeoutException(await page.EvaluateAsync<string>("window.state ?? ''"), exception);
        }
    }

    static string Checked(string condition) =>
        (
            "() => { const v = document.querySelector('video'); if (v.error) throw new Error(v.error.message); "
            + $"if (problems.length) throw new Error(problems.join()); return ({condition})(v); }}"
        );
}
