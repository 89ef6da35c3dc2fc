using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace TgVault.Browser.Tests.Kinds;

/// <summary>Telegram makes the vault wait while films play.</summary>
[Collection(KindCollection.Name)]
public sealed partial class FloodWaitTests(KindVault vault)
{
    const int WaitSeconds = 12;

    [Fact(Timeout = 300_000)]
    public async Task Every_player_goes_on_after_a_flood_wait()
    {
        var root = await vault.RootAsync(KindTable.Large);
        var control = FaultsUrl().Match(vault.Vault.Printed).Groups[1].Value;
        using var client = new HttpClient();
        // The two browsers by turns, each way once.
        var pages = await Task.WhenAll(
            Way.All.Select(
                (way, i) => Waiting.OpenAsync(i % 2 == 0 ? vault.Chromium.Browser : vault.Firefox.Browser, vault.Site, way, root)
            )
        );

        await client.DeleteAsync(new Uri($"{control}/counters"));
        using var fault = await client.PostAsJsonAsync(
            $"{control}/faults",
            new
            {
                kind = "tooManyRequests",
                method = "file",
                retryAfterSeconds = WaitSeconds,
            }
        );
        Assert.True(fault.IsSuccessStatusCode);
        for (var i = 0; i < pages.Length; i++)
            await pages[i].SeekAsync(KindTable.Large.PictureAt(0.6 + (0.03 * i)));
        await RefusedAsync(client, control);
        var shown = await Task.WhenAll(pages.Select(page => page.IsThereAsync()));
        await client.DeleteAsync(new Uri($"{control}/faults"));
        var problems = await Task.WhenAll(pages.Select(page => page.GoOnAsync()));

        Assert.DoesNotContain(true, shown);
        Assert.False(problems.Any(problem => problem.Length > 0), string.Join('\n', problems));
    }

    static async Task RefusedAsync(HttpClient client, string control)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (true)
        {
            var counters = await client.GetFromJsonAsync<JsonElement>($"{control}/counters", limit.Token);
            if (counters.GetProperty("statuses").TryGetProperty("429", out _))
                return;
            await timer.WaitForNextTickAsync(limit.Token);
        }
    }

    [GeneratedRegex(@"Faults of the stand-in: (\S+)")]
    private static partial Regex FaultsUrl();

    /// <summary>A page that plays, is sent where nothing was fetched, and waits there.</summary>
    sealed class Waiting(string name, Judge judge)
    {
        public static async Task<Waiting> OpenAsync(IBrowser browser, Site site, Way way, string root)
        {
            var judge = await Judge.OpenAsync(browser, site, way);
            await judge.RunAsync(way.Start, root);
            await judge.RunAsync("() => judge.until('data', () => judge.video.readyState >= 2)");
            return new Waiting($"{browser.BrowserType.Name}, {way.Name}", judge);
        }

        // What it comes to is looked at later.
        public Task SeekAsync((double Seconds, int Number) place) =>
            judge.RunAsync(
                "([seconds, number]) => { judge.wanted = number; "
                    + "judge.there = judge.seek(seconds, [number]).then(() => '', error => error.message); }",
                new[] { place.Seconds, place.Number }
            );

        public Task<bool> IsThereAsync() => judge.AskAsync<bool>("() => !judge.video.seeking && judge.number() === judge.wanted");

        /// <summary>What was wrong; nothing where it plays on from there.</summary>
        public async Task<string> GoOnAsync()
        {
            var problem = await judge.AskAsync<string>(
                """
                async () => {
                  const { video, until, play } = judge, failed = await judge.there;
                  if (failed) return failed;
                  const from = video.currentTime;
                  try {
                    await play();
                    await until('playing on', () => video.currentTime > from + 0.5);
                    await until('its sound', () => judge.hears(440));
                  } catch (error) {
                    return error.message;
                  }
                  return '';
                }
                """
            );
            await judge.CloseAsync();
            return problem.Length == 0 ? "" : $"{name}: {problem}";
        }
    }
}
