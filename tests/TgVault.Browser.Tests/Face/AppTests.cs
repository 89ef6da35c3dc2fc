using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using TgVault.Testing;

namespace TgVault.Browser.Tests.Face;

/// <summary>The web app as a person uses it.</summary>
public sealed class AppTests(SharedBrowser browser) : IClassFixture<SharedBrowser>
{
    [Fact(Timeout = 240_000)]
    public async Task A_film_is_dropped_arrives_plays_and_goes_into_a_page_of_another_site_and_of_no_other()
    {
        await using var visitor = await Visitor.ComeAsync(browser.Chromium);
        await visitor.SignInAsync(browser.Vault);
        var page = visitor.Page;
        var name = $"dropped {Guid.NewGuid():n}.mp4";

        await visitor.DropAsync((name, await Visitor.NewFilmAsync()));
        await (await visitor.CardAsync(name)).ClickAsync();
        await page.Locator("tgvault-player media-play-button.big").ClickAsync();
        await page.MainFrame.WaitForMediaAsync("m.currentTime > 0.3 && m.videoWidth > 0");

        // The keys of players, wherever one is on the page.
        await page.Locator("h1").ClickAsync();
        await page.Keyboard.PressAsync("k");
        await page.MainFrame.WaitForMediaAsync("m.paused");
        await page.Keyboard.PressAsync("m");
        await page.MainFrame.WaitForMediaAsync("m.muted");

        var snippet = await LinkAsync(page, browser.Site.Publish("own", ""));
        await page.GetByLabel("HTML for your page", new PageGetByLabelOptions { Exact = true }).WaitForAsync();
        var own = await visitor.OpenAsync();
        await own.GotoAsync(browser.Site.Publish("own", $"<!doctype html><title>Own</title>{snippet}"));
        await PlayAsync(FrameOf(own));

        var others = await LinkAsync(page, "https://other.example");
        var wrong = await visitor.OpenAsync();
        var asked = new List<string>();
        wrong.Request += (_, request) => asked.Add(request.Url);
        await wrong.GotoAsync(browser.Site.Publish("wrong", $"<!doctype html><title>Wrong</title>{others}"));
        await Assertions.Expect(wrong.FrameLocator("iframe").Locator("main")).ToContainTextAsync("may not be shown on 127.0.0.1");
        Assert.DoesNotContain(asked, url => url.Contains("/v/", StringComparison.Ordinal));
        // The one problem is that answer's status.
        Assert.All(visitor.Problems, problem => Assert.Contains("403", problem, StringComparison.Ordinal));
    }

    [Fact(Timeout = 240_000)]
    public async Task What_one_writes_of_a_video_stays_and_removing_it_is_asked_about()
    {
        var video = await browser.Vault.UploadAsync(await Mp4Clips.PathAsync("second.mp4"));
        var id = video.GetProperty("id").GetString();
        await using var visitor = await Visitor.ComeAsync(browser.Chromium);
        await visitor.SignInAsync(browser.Vault);
        var page = visitor.Page;
        await page.GotoAsync($"{browser.Vault.Url}videos/{id}");

        var name = $"renamed {id}";
        await page.GetByLabel("Name", new PageGetByLabelOptions { Exact = true }).FillAsync(name);
        await page.GetByLabel("Folder").FillAsync("Films/Kids");
        await page.GetByLabel("Tags").FillAsync("one, two");
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Save" }).ClickAsync();
        await page.GetByText("Saved.").WaitForAsync();
        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync(name);

        await page.GetByText("Add captions").ClickAsync();
        await page.Locator("captions-panel input[name=language]").FillAsync("en");
        await page.Locator("captions-panel input[type=file]")
            .SetInputFilesAsync(
                new FilePayload
                {
                    Name = "a.srt",
                    MimeType = "application/x-subrip",
                    Buffer = "1\n00:00:00,000 --> 00:00:01,000\nHello\n"u8.ToArray(),
                }
            );
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Add", Exact = true }).ClickAsync();
        await Assertions.Expect(page.Locator("captions-panel .badge")).ToHaveTextAsync("stored");

        // The library knows it by its folder, its tag and its name.
        await page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Library", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Folders in Films" }).ClickAsync();
        await page.Locator("nav").GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { NameRegex = new Regex("^Kids") }).ClickAsync();
        await page.WaitForURLAsync("**/?folder=Films%2FKids");
        await page.GetByRole(AriaRole.Searchbox).FillAsync(name);
        await Assertions.Expect(page.Locator("video-card")).ToHaveCountAsync(1);
        await page.GoBackAsync();
        await SettleAsync();

        // Into the trash and back by one press; from there it goes for good only after a question.
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Delete", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Undo" }).ClickAsync();
        await Assertions.Expect(page.Locator("video-card", new PageLocatorOptions { HasText = name })).ToHaveCountAsync(1);
        await page.GotoAsync($"{browser.Vault.Url}videos/{id}");
        await SettleAsync();
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Delete", Exact = true }).ClickAsync();
        await page.Locator("library-page").WaitForAsync();
        await page.GotoAsync($"{browser.Vault.Url}videos/{id}");
        await page.GetByText("can be restored until").WaitForAsync();
        var remove = page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Delete for good" });
        await remove.ClickAsync();
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Cancel" }).ClickAsync();
        Assert.Equal(HttpStatusCode.OK, await StatusAsync());
        await remove.ClickAsync();
        await page.Locator("dialog[open]")
            .GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Delete for good" })
            .ClickAsync();
        await page.Locator("library-page").WaitForAsync();
        await Assertions.Expect(page.Locator("video-card", new PageLocatorOptions { HasText = name })).ToHaveCountAsync(0);
        Assert.True(visitor.Problems.Count == 0, string.Join('\n', visitor.Problems));

        // What the page still asks for would not be there any more once it is in the trash.
        async Task SettleAsync()
        {
            await page.MainFrame.WaitForMediaAsync("m.readyState >= 2");
            await page.Locator("video-page poster-panel img").WaitForAsync();
            foreach (var picture in await page.Locator("video-page img").AllAsync())
                await Assertions.Expect(picture).ToHaveJSPropertyAsync("complete", true);
        }

        async Task<HttpStatusCode> StatusAsync()
        {
            using var answer = await browser.Vault.Client.GetAsync(new Uri($"api/videos/{id}", UriKind.Relative));
            return answer.StatusCode;
        }
    }

    [Fact(Timeout = 240_000)]
    public async Task A_link_is_listed_by_its_label_and_plays_no_more_once_it_is_revoked()
    {
        var video = await browser.Vault.UploadAsync(await Mp4Clips.PathAsync("second.mp4"));
        await using var visitor = await Visitor.ComeAsync(browser.Chromium);
        await visitor.SignInAsync(browser.Vault);
        var page = visitor.Page;
        await page.GotoAsync($"{browser.Vault.Url}videos/{video.GetProperty("id").GetString()}");
        var panel = page.Locator("links-panel");

        await panel.Locator("input[name=label]").FillAsync("For the club");
        await panel.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Make a link" }).ClickAsync();
        var row = panel.Locator("link-list li", new LocatorLocatorOptions { HasText = "For the club" });
        await Assertions.Expect(row.Locator(".badge")).ToHaveTextAsync("good");
        var url = new Uri(await panel.Locator("#url").InputValueAsync());
        Assert.Equal(HttpStatusCode.OK, await StatusAsync());
        await row.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Revoke the link For the club" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog)
            .GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Revoke", Exact = true })
            .ClickAsync();

        await Assertions.Expect(row.Locator(".badge")).ToHaveTextAsync("revoked");
        await Assertions.Expect(panel.Locator("#url")).ToHaveCountAsync(0);
        Assert.InRange((int)await StatusAsync(), 400, 499);

        async Task<HttpStatusCode> StatusAsync()
        {
            using var answer = await browser.Vault.Client.GetAsync(url);
            return answer.StatusCode;
        }
    }

    [Fact(Timeout = 240_000)]
    public async Task Signing_in_by_key_and_out_again_closes_the_library()
    {
        await using var visitor = await Visitor.ComeAsync(browser.Chromium);
        var page = visitor.Page;
        await page.GotoAsync(browser.Vault.Url.ToString());

        await page.GetByLabel("API key").FillAsync("wrong");
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Sign in" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToHaveTextAsync("This is not the vault's API key.");
        await page.GetByLabel("API key").FillAsync(browser.Vault.Client.DefaultRequestHeaders.GetValues("X-Api-Key").Single());
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Sign in" }).ClickAsync();
        await page.Locator("library-page").WaitForAsync();
        await page.ReloadAsync();
        await page.Locator("library-page").WaitForAsync();

        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Sign out" }).ClickAsync();
        await page.Locator("vault-sign-in").WaitForAsync();
        await page.ReloadAsync();
        await page.Locator("vault-sign-in").WaitForAsync();
        // The one problem is the answer to the wrong key.
        Assert.All(visitor.Problems, problem => Assert.Contains("401", problem, StringComparison.Ordinal));
    }

    static IFrame FrameOf(IPage page) => page.Frames[1];

    static async Task PlayAsync(IFrame frame)
    {
        await frame.Locator("tgvault-player media-play-button.big").ClickAsync();
        await frame.WaitForMediaAsync("m.currentTime > 0.3 && m.videoWidth > 0");
    }

    /// <summary>Makes a link for one site on the page of a video, and returns the snippet.</summary>
    static async Task<string> LinkAsync(IPage page, string site)
    {
        var panel = page.Locator("links-panel");
        if (!await panel.Locator("textarea[name=origins]").IsVisibleAsync())
            await panel.GetByText("Only on these sites").ClickAsync();
        await panel.Locator("textarea[name=origins]").FillAsync(new Uri(site).GetLeftPart(UriPartial.Authority));
        await page.RunAndWaitForResponseAsync(
            () => panel.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Make a link" }).ClickAsync(),
            response => response.Url.EndsWith("/links", StringComparison.Ordinal)
        );
        return await panel.Locator("#snippet").InputValueAsync();
    }
}
