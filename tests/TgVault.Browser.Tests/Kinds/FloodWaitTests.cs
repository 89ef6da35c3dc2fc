using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace TgVault.Browser.Tests.Kinds;

/// <summary>Telegram makes the vault wait while films play: each way of playing waits with it, and goes on by itself.</summary>
[Collection(KindCollection.Name)]
public sealed partial class FloodWaitTests(KindVault vault)
{
    const int WaitSeconds = 12;

    // The first segment and a little of the next, and a moment that is beyond them.
    const int BeginningBytes = 1_000_000;
    const int BeyondSeconds = 10;

    [Fact(Timeout = 300_000)]
    public async Task Every_player_goes_on_after_a_flood_wait()
    {
        var root = await vault.RootAsync(KindTable.Steady);
        using var client = new HttpClient();
        foreach (var path in Way.All.Select(way => way.Path).Distinct())
            await ReadBeginningAsync(client, new Uri(root + path));
        // The two browsers by turns, each way once.
        var pages = await Task.WhenAll(
            Way.All.Select((way, i) => Judge.OpenAsync(IsChromiums(i) ? vault.Chromium.Browser : vault.Firefox.Browser, vault.Site, way))
        );

        // Once: whoever asks for more first meets it, and all wait until it is over. How fast the machine is does not make it longer.
        var faults = new Uri($"{ControlUrl().Match(vault.Vault.Printed).Groups[1].Value}/faults");
        using var set = await client.PostAsJsonAsync(
            faults,
            new
            {
                kind = "tooManyRequests",
                method = "file",
                times = 1,
                retryAfterSeconds = WaitSeconds,
            }
        );
        Assert.True(set.IsSuccessStatusCode, "The stand-in takes no faults.");
        string left;
        var problems = new string[pages.Length];
        try
        {
            problems = await Task.WhenAll(
                pages.Select((page, i) => PlayBeyondAsync(page, Way.All[i], root, IsChromiums(i) ? "Chromium" : "Firefox"))
            );
        }
        finally
        {
            left = await client.GetStringAsync(faults);
            using var cleared = await client.DeleteAsync(faults);
        }

        Assert.False(problems.Any(problem => problem.Length > 0), string.Join('\n', problems));
        Assert.Equal("[]", left);
    }

    static bool IsChromiums(int way) => way % 2 == 0;

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

    // First what the vault has in memory, then what it has to fetch.
    static async Task<string> PlayBeyondAsync(Judge judge, Way way, string root, string browser)
    {
        try
        {
            await judge.RunAsync(way.Start, root);
            await judge.RunAsync(
                """
                async beyond => {
                  const { video, until, play, hears } = judge;
                  await until('data', () => video.readyState >= 2);
                  await play();
                  await until('what is beyond the memory', () => video.currentTime > beyond);
                  await until('its sound', () => hears(440));
                }
                """,
                BeyondSeconds
            );
            return "";
        }
        catch (PlaywrightException exception)
        {
            return $"{way.Name} in {browser}: {exception.Message}";
        }
        finally
        {
            await judge.CloseAsync();
        }
    }

    [GeneratedRegex(@"Faults of the stand-in: (\S+)")]
    private static partial Regex ControlUrl();
}
