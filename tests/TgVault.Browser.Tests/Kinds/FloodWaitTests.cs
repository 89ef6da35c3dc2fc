using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace TgVault.Browser.Tests.Kinds;

/// <summary>Telegram makes the vault wait while films play: each way of playing stands still, and then goes on by itself.</summary>
[Collection(KindCollection.Name)]
public sealed partial class FloodWaitTests(KindVault vault)
{
    const int WaitSeconds = 12;

    // The first segment and a little of the next.
    const int BeginningBytes = 1_000_000;

    [Fact(Timeout = 300_000)]
    public async Task Every_player_goes_on_after_a_flood_wait()
    {
        var root = await vault.RootAsync(KindTable.Steady);
        using var client = new HttpClient();
        foreach (var path in Way.All.Select(way => way.Path).Distinct())
            await ReadBeginningAsync(client, new Uri(root + path));
        var faults = new Uri($"{ControlUrl().Match(vault.Vault.Printed).Groups[1].Value}/faults");
        using var set = await client.PostAsJsonAsync(
            faults,
            new
            {
                kind = "tooManyRequests",
                method = "file",
                retryAfterSeconds = WaitSeconds,
            }
        );
        Assert.True(set.IsSuccessStatusCode, "The stand-in takes no faults.");

        Judge[] pages;
        try
        {
            // The two browsers by turns, each way once.
            pages = await Task.WhenAll(Way.All.Select((way, i) => StandStillAsync(i % 2 == 0 ? Chromium : Firefox, way, root)));
        }
        finally
        {
            using var cleared = await client.DeleteAsync(faults);
        }

        var problems = await Task.WhenAll(
            pages.Select((page, i) => GoOnAsync(page, $"{Way.All[i].Name} in {(i % 2 == 0 ? "Chromium" : "Firefox")}"))
        );
        Assert.False(problems.Any(problem => problem.Length > 0), string.Join('\n', problems));
    }

    IBrowser Chromium => vault.Chromium.Browser;

    IBrowser Firefox => vault.Firefox.Browser;

    static async Task ReadBeginningAsync(HttpClient client, Uri url)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url)
        {
            Headers = { Range = new RangeHeaderValue(0, BeginningBytes - 1) },
        };
        using var answer = await client.SendAsync(request);
        answer.EnsureSuccessStatusCode();
        await answer.Content.ReadAsByteArrayAsync();
    }

    // It plays what the vault has in memory, up to where it would have to fetch more.
    async Task<Judge> StandStillAsync(IBrowser browser, Way way, string root)
    {
        var judge = await Judge.OpenAsync(browser, vault.Site, way);
        await judge.RunAsync(way.Start, root);
        await judge.RunAsync(
            """
            async () => {
              const { video, until, play } = judge;
              await until('data', () => video.readyState >= 2);
              await play();
              const left = () => video.buffered.length ? video.buffered.end(video.buffered.length - 1) - video.currentTime : 0;
              // Firefox calls what it has enough even where there is nothing more.
              await until('standing still', () => video.currentTime > 1 && !video.ended && (video.readyState < 3 || left() < 0.2));
            }
            """
        );
        return judge;
    }

    static async Task<string> GoOnAsync(Judge judge, string name)
    {
        try
        {
            await judge.RunAsync(
                """
                async () => {
                  const { video, until, hears } = judge, from = video.currentTime;
                  await until('going on', () => video.currentTime > from + 1.5);
                  await until('its sound', () => hears(440));
                }
                """
            );
            return "";
        }
        catch (PlaywrightException exception)
        {
            return $"{name}: {exception.Message}";
        }
        finally
        {
            await judge.CloseAsync();
        }
    }

    [GeneratedRegex(@"Faults of the stand-in: (\S+)")]
    private static partial Regex ControlUrl();
}
