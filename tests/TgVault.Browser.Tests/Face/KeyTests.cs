using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Playwright;
using TgVault.Testing;

namespace TgVault.Browser.Tests.Face;

/// <summary>Keys on the settings page: made, shown once, used, revoked.</summary>
public sealed class KeyTests(SharedBrowser browser) : IClassFixture<SharedBrowser>
{
    [Fact(Timeout = 240_000)]
    public async Task An_api_key_is_shown_once_and_lets_in_until_it_is_revoked()
    {
        await using var visitor = await Visitor.ComeAsync(browser.Chromium);
        await visitor.SignInAsync(browser.Vault);
        var page = visitor.Page;
        await page.GotoAsync($"{browser.Vault.Url}settings");
        var panel = page.Locator("keys-panel[kind=api]");
        var name = $"TV {Guid.NewGuid():n}";

        var secret = await MakeAsync(panel, name);
        var row = panel.Locator("li", new LocatorLocatorOptions { HasText = name });
        await Assertions.Expect(row).ToContainTextAsync("look and play");
        await Assertions.Expect(row).ToContainTextAsync("never used");
        Assert.Equal(HttpStatusCode.OK, await StatusAsync());
        await page.ReloadAsync();
        await Assertions.Expect(row).ToContainTextAsync("last used");
        await Assertions.Expect(panel.Locator("secret-box")).ToHaveCountAsync(0);
        await RevokeAsync(page, row, name);

        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync());
        Assert.Empty(visitor.Problems);

        async Task<HttpStatusCode> StatusAsync()
        {
            using var http = new HttpClient { DefaultRequestHeaders = { { "X-Api-Key", secret } } };
            using var answer = await http.GetAsync(new Uri(browser.Vault.Url, "api/videos"));
            return answer.StatusCode;
        }
    }

    [Fact(Timeout = 240_000)]
    public async Task A_link_key_makes_links_that_play_until_it_is_revoked()
    {
        var video = (await browser.Vault.UploadAsync(await Mp4Clips.PathAsync("h264-bframes.mp4"))).GetProperty("id").GetString()!;
        await using var visitor = await Visitor.ComeAsync(browser.Chromium);
        await visitor.SignInAsync(browser.Vault);
        var page = visitor.Page;
        await page.GotoAsync($"{browser.Vault.Url}settings");
        var panel = page.Locator("keys-panel[kind=link]");
        var name = $"site {Guid.NewGuid():n}";

        var shown = await MakeAsync(panel, name);
        var settings = shown.Split('\n').Select(line => line.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);
        var claims = $$"""{"aud":"tgvault","sub":"{{video}}","exp":{{DateTimeOffset.UtcNow.AddHours(1).ToUnixTimeSeconds()}}}""";
        var text = $$"""{"alg":"HS256","kid":"{{settings["TGVAULT_LINK_KEY_ID"]}}"}""";
        text = $"{Encode(Encoding.UTF8.GetBytes(text))}.{Encode(Encoding.UTF8.GetBytes(claims))}";
        var key = Convert.FromHexString(settings["TGVAULT_LINK_KEY"]);
        var link = $"{settings["VAULT"]}/v/{text}.{Encode(HMACSHA256.HashData(key, Encoding.ASCII.GetBytes(text)))}/video.mp4";
        Assert.Equal(HttpStatusCode.OK, await StatusAsync());
        await panel.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Done" }).ClickAsync();
        await Assertions.Expect(panel.Locator("secret-box")).ToHaveCountAsync(0);
        await RevokeAsync(page, panel.Locator("li", new LocatorLocatorOptions { HasText = name }), name);

        Assert.Equal(HttpStatusCode.Gone, await StatusAsync());
        Assert.Empty(visitor.Problems);

        async Task<HttpStatusCode> StatusAsync()
        {
            using var http = new HttpClient();
            using var answer = await http.GetAsync(new Uri(link));
            return answer.StatusCode;
        }
    }

    /// <summary>Makes a key of this name, and returns what is shown once.</summary>
    static async Task<string> MakeAsync(ILocator panel, string name)
    {
        await panel.Locator("input[name=name]").FillAsync(name);
        await panel.Locator("form button").ClickAsync();
        return await panel.Locator("secret-box textarea").InputValueAsync();
    }

    static async Task RevokeAsync(IPage page, ILocator row, string name)
    {
        await row.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = $"Revoke the key {name}" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog)
            .GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Revoke", Exact = true })
            .ClickAsync();
        await Assertions.Expect(row).ToHaveCountAsync(0);
    }

    static string Encode(byte[] bytes) => Base64Url.EncodeToString(bytes);
}
