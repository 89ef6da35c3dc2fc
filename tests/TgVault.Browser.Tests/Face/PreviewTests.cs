using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using TgVault.Testing;

namespace TgVault.Browser.Tests.Face;

/// <summary>The small pictures over the bar of time, which tell where one would go.</summary>
public sealed partial class PreviewTests(SharedBrowser browser) : IClassFixture<SharedBrowser>
{
    [Fact(Timeout = 240_000)]
    public async Task A_pointer_over_the_bar_sees_the_picture_that_the_storyboard_has_for_that_time()
    {
        var video = await browser.Vault.UploadAsync(await Mp4Clips.PathAsync("h264-bframes.mp4"));
        var link = await browser.Vault.RunAsync("link", video.GetProperty("id").GetString()!, "--kind", "embed");
        await using var visitor = await Visitor.ComeAsync(browser.Chromium);
        var page = visitor.Page;
        var storyboards = new List<string>();
        page.Request += (_, request) => storyboards.AddRange(request.Url.Contains("storyboard") ? [request.Url] : []);
        await page.GotoAsync(link.Output.Trim());
        await page.MainFrame.WaitForMediaAsync("m.readyState > 0");
        var bar = await page.Locator("tgvault-player media-time-range").BoundingBoxAsync();
        // Not before somebody comes near: it would share the film's way from the channel.
        Assert.Empty(storyboards);
        await page.Mouse.MoveAsync(bar!.X + 10, bar.Y - 100);
        await page.MainFrame.WaitForMediaAsync("[...m.textTracks].some(one => one.label === 'thumbnails' && one.cues?.length)");
        var tiles = await StoryboardAsync(page);

        var (early, late) = (await HoverAsync(0.2), await HoverAsync(0.7));

        Assert.InRange(early.Seconds, 1, 5);
        Assert.InRange(late.Seconds, 8, 12);
        Assert.NotEqual((early.X, early.Y), (late.X, late.Y));
        Assert.Empty(visitor.Problems);

        async Task<Preview> HoverAsync(double place)
        {
            await page.Mouse.MoveAsync(bar.X + (float)(bar.Width * place), bar.Y + (bar.Height / 2));
            // Until the bar has heard of it, the preview is that of the place before.
            await page.WaitForFunctionAsync($"place => Math.abs({Shown}?.seconds / {Media}.duration - place) < 0.05", place);
            var preview = await page.EvaluateAsync<Preview>($"() => {Shown}");
            var tile = tiles.Single(tile => preview.Seconds >= tile.Start && preview.Seconds < tile.End);
            Assert.EndsWith($"/{tile.Sheet}", preview.Sheet, StringComparison.Ordinal);
            Assert.Equal([tile.X, tile.Y, tile.Width, tile.Height], [preview.X, preview.Y, preview.Width, preview.Height], Near);
            return preview;
        }
    }

    const string Media = "document.querySelector('tgvault-player').media";

    /// <summary>
    /// What is seen of the sheet, in its own pixels, and of when the bar says that it is; undefined while there is nothing to be seen.
    /// </summary>
    const string Shown = """
        (() => {
          const preview = document.querySelector('tgvault-player').shadowRoot.querySelector('media-preview-thumbnail');
          const image = preview.shadowRoot.querySelector('img');
          const [frame, sheet] = [preview, image].map(one => one.getBoundingClientRect());
          if (!image.complete || !sheet.width || !frame.width || !preview.checkVisibility({ visibilityProperty: true })) return undefined;
          const scale = sheet.width / image.naturalWidth;
          return {
            seconds: Number(preview.closest('media-time-range').getAttribute('mediapreviewtime')),
            sheet: image.currentSrc,
            x: (frame.left - sheet.left) / scale,
            y: (frame.top - sheet.top) / scale,
            width: frame.width / scale,
            height: frame.height / scale,
          };
        })()
        """;

    static bool Near(double one, double other) => Math.Abs(one - other) < 1;

    /// <summary>The tiles that the storyboard of the page's video names.</summary>
    static async Task<List<Tile>> StoryboardAsync(IPage page)
    {
        var text = await page.EvaluateAsync<string>(
            """
            async () => {
              const { base, storyboard } = JSON.parse(document.getElementById('playable').textContent);
              return (await fetch(base + storyboard)).text();
            }
            """
        );
        return
        [
            .. Cue()
                .Matches(text)
                .Select(cue => new Tile(
                    SecondsOf(cue.Groups[1].Value),
                    SecondsOf(cue.Groups[2].Value),
                    cue.Groups[3].Value,
                    NumberOf(cue.Groups[4].Value),
                    NumberOf(cue.Groups[5].Value),
                    NumberOf(cue.Groups[6].Value),
                    NumberOf(cue.Groups[7].Value)
                )),
        ];

        static double SecondsOf(string time) => TimeSpan.Parse(time, CultureInfo.InvariantCulture).TotalSeconds;
        static double NumberOf(string number) => double.Parse(number, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"(\S+) --> (\S+)\n(\S+)#xywh=(\d+),(\d+),(\d+),(\d+)")]
    private static partial Regex Cue();

    sealed record Tile(double Start, double End, string Sheet, double X, double Y, double Width, double Height);

    sealed class Preview
    {
        public double Seconds { get; set; }
        public string Sheet { get; set; } = "";
        public double X { get; set; }
        public double Y { get; set; }
        public double Width { get; set; }
        public double Height { get; set; }
    }
}
