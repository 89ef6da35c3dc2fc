using Xunit.Abstractions;

namespace TgVault.Browser.Tests;

/// <summary>Runs when nothing else of this assembly plays: dropped frames do not tell when sound and picture were due.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneCollection
{
    public const string Name = "alone";
}

/// <summary>Sound and picture together, as the page hears and sees them.</summary>
[Collection(AloneCollection.Name)]
public sealed class FlashTests(SharedBrowser browser, ITestOutputHelper output) : PlayerTests(browser, output), IClassFixture<SharedBrowser>
{
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
        Output.WriteLine(
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
        Assert.InRange((await Watch.LongestAsync(page)).Still, 0, MostLooks);
        Assert.Empty(await ProblemsAsync(page, problems));
        await page.CloseAsync();
    }
}
