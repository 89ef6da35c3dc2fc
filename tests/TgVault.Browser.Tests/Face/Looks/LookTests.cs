using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using TgVault.Testing;

namespace TgVault.Browser.Tests.Face.Looks;

/// <summary>
/// Every page and state, on a phone and on a desk, light and dark: looked at by axe, and left as pictures in TestResults/pages for a
/// person to look at.
/// </summary>
public sealed class LookTests(SharedBrowser browser) : IClassFixture<SharedBrowser>
{
    // A page as somebody sees it once this has run.
    static readonly (string Name, Func<Visit, Task> Go)[] States =
    [
        ("sign-in", visit => visit.Page.Locator("vault-sign-in input").WaitForAsync()),
        (
            "sign-in-refused",
            async visit =>
            {
                await visit.Page.GetByLabel("API key").FillAsync("wrong");
                await visit.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Sign in" }).ClickAsync();
                await visit.Page.GetByRole(AriaRole.Alert).Filter(new LocatorFilterOptions { HasText = "not the vault" }).WaitForAsync();
            }
        ),
        (
            "library",
            async visit =>
            {
                await visit.Visitor.SignInAsync(visit.Vault);
                await visit.Page.Locator("video-card").First.WaitForAsync();
            }
        ),
        (
            "library-chosen",
            async visit =>
            {
                // Not whichever is first: others play those, and what is ready goes into the trash unasked. Searched for, since what others
                // upload meanwhile comes before it, and the page has only the cards that are seen.
                await visit.Page.GetByRole(AriaRole.Searchbox).FillAsync(visit.FailedName);
                // Whatever is chosen before the search begins is chosen no more.
                await visit.Page.WaitForFunctionAsync("() => new URLSearchParams(location.search).size > 0");
                var own = visit.Page.Locator("video-card", new PageLocatorOptions { HasText = visit.FailedName });
                await own.HoverAsync();
                await own.Locator("input").ClickAsync();
                await visit.Page.Locator("selection-bar").WaitForAsync();
            }
        ),
        ("library-move", visit => visit.AskAsync("Move")),
        ("library-tag", visit => visit.AskAsync("Tag")),
        ("library-delete", visit => visit.AskAsync("Delete")),
        (
            "library-rename",
            async visit =>
            {
                await visit.Page.Keyboard.PressAsync("Escape");
                await visit.Page.Locator("selection-bar").GetByLabel("Rename").ClickAsync();
                await visit.Page.GetByLabel("New name").WaitForAsync();
            }
        ),
        (
            "library-folder",
            async visit =>
            {
                await visit.Page.Keyboard.PressAsync("Escape");
                await visit.Page.GetByRole(AriaRole.Searchbox).FillAsync("");
                var filters = visit.Page.Locator("button.filters");
                if (await filters.IsVisibleAsync())
                    await filters.ClickAsync();
                await visit
                    .Page.Locator("list-nav")
                    .GetByRole(AriaRole.Button, new() { NameRegex = new Regex("^Films ?[0-9]") })
                    .ClickAsync();
                await visit.Page.Locator("video-card").First.WaitForAsync();
            }
        ),
        (
            "library-none",
            async visit =>
            {
                await visit.Page.GetByRole(AriaRole.Searchbox).FillAsync("nobodyhasthis");
                await visit.Page.GetByText("No video matches").WaitForAsync();
            }
        ),
        (
            "uploads",
            async visit =>
            {
                await visit.Page.GotoAsync(visit.Vault.Url.ToString());
                await visit.Page.RouteAsync("**/*comp=block*", route => route.AbortAsync());
                await visit.Visitor.DropAsync(
                    ($"A holiday {Guid.NewGuid():n}.mp4", new byte[3000]),
                    ($"b {Guid.NewGuid():n}.mp4", new byte[3000]),
                    ($"c {Guid.NewGuid():n}.mp4", new byte[3000])
                );
                await visit.Page.GetByText("No connection").First.WaitForAsync();
            }
        ),
        (
            "video",
            async visit =>
            {
                await visit.Page.GotoAsync($"{visit.Vault.Url}videos/{visit.Film}");
                await visit.Page.Locator("links-panel").WaitForAsync();
            }
        ),
        (
            "video-near",
            async visit =>
            {
                await visit.Page.Locator("tgvault-player").HoverAsync();
                await visit.Page.MainFrame.WaitForMediaAsync("m.readyState >= 2");
            }
        ),
        (
            "video-link",
            async visit =>
            {
                await visit.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Make a link" }).ClickAsync();
                await visit.Page.Locator("links-panel .made details summary").ClickAsync();
                await visit.Page.Locator("links-panel .qr svg").WaitForAsync();
                await visit.Page.FrameLocator("links-panel iframe").Locator("media-controller").WaitForAsync();
            }
        ),
        (
            "video-deleted",
            async visit =>
            {
                await visit.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Delete", Exact = true }).ClickAsync();
                await visit.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Undo" }).WaitForAsync();
            }
        ),
        (
            "trash",
            async visit =>
            {
                await visit.GoAsync("?status=trashed", "until ");
                // On a phone what is still to be uploaded lies over the videos.
                await visit.Page.GetByLabel("Hide uploads").ClickAsync();
                await visit.Page.GetByLabel("Show uploads").WaitForAsync();
            }
        ),
        (
            "trash-chosen",
            async visit =>
            {
                await visit.Page.Locator("video-card").First.HoverAsync();
                await visit.Page.Locator("video-card input").First.ClickAsync();
                await visit.Page.Locator("selection-bar").WaitForAsync();
            }
        ),
        ("trash-delete", visit => visit.AskAsync("Delete for good")),
        ("video-trashed", visit => visit.GoAsync($"videos/{visit.Film}", "can be restored until")),
        (
            "video-restored",
            async visit =>
            {
                await visit.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Restore", Exact = true }).ClickAsync();
                await visit.Page.Locator("tgvault-player media-play-button.big").WaitForAsync();
                await visit.Page.Locator("links-panel").WaitForAsync();
            }
        ),
        ("video-file", visit => visit.GoAsync($"videos/{visit.File}", "kept as a file")),
        ("video-failed", visit => visit.GoAsync($"videos/{visit.Failed}", "Storing this video failed")),
        ("video-none", visit => visit.GoAsync("videos/7zzzzzzzzz0000000000000000", "no video")),
        ("settings", visit => visit.GoAsync("settings", "may post")),
        ("settings-api-key", visit => visit.MakeKeyAsync("api", "The living room")),
        ("settings-link-key", visit => visit.MakeKeyAsync("link", "shop.example.org")),
        (
            "settings-revoke",
            async visit =>
            {
                await visit.Page.Locator("keys-panel[kind=link]").GetByLabel("Revoke the key").First.ClickAsync();
                await visit.Page.Locator("dialog[open]").WaitForAsync();
            }
        ),
        (
            "settings-webhook",
            async visit =>
            {
                await visit.Page.Keyboard.PressAsync("Escape");
                var panel = visit.Page.Locator("webhooks-panel");
                await panel.Locator("input[name=url]").FillAsync("http://127.0.0.1:9/hooks/videos");
                await panel.Locator("input[name=label]").FillAsync(visit.Film);
                await panel.Locator("form button").ClickAsync();
                await panel.Locator("secret-box textarea").ScrollIntoViewIfNeededAsync();
            }
        ),
        (
            "settings-webhook-messages",
            async visit =>
            {
                var own = visit.Page.Locator("webhooks-panel li", new PageLocatorOptions { HasText = visit.Film }).First;
                await own.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Send a test" }).ClickAsync();
                await own.Locator("summary").ClickAsync();
                await own.Locator("delivery-list li").First.ScrollIntoViewIfNeededAsync();
            }
        ),
        (
            "embed",
            async visit =>
            {
                await visit.Page.GotoAsync(visit.Embed);
                await visit.Page.Locator("media-play-button.big").WaitForAsync();
            }
        ),
        ("embed-words", visit => visit.GoAsync("embed/none", "not valid")),
    ];

    [Theory(Timeout = 400_000)]
    [InlineData("desk-light", 1280, 800, false)]
    [InlineData("desk-dark", 1280, 800, true)]
    [InlineData("phone-light", 375, 740, false)]
    [InlineData("phone-dark", 375, 740, true)]
    [InlineData("narrow-light", 320, 640, false)]
    public async Task Every_page_can_be_used_by_everyone_and_fits(string name, int width, int height, bool isDark)
    {
        await using var visitor = await Visitor.ComeAsync(browser.Chromium, width, height, isDark);
        var visit = await Visit.BeginAsync(browser.Vault, visitor);
        await visit.Page.GotoAsync(browser.Vault.Url.ToString());

        var look = await Look.BeginAsync(visit.Page, name);
        foreach (var (state, go) in States)
        {
            await go(visit);
            await look.AtAsync(state);
        }

        look.AssertNothingFound();
    }

    sealed record Visit(VaultProcess Vault, Visitor Visitor, string Film, string File, string Failed, string FailedName, string Embed)
    {
        public IPage Page => Visitor.Page;

        public static async Task<Visit> BeginAsync(VaultProcess vault, Visitor visitor)
        {
            var film = await IdAsync(vault, await Mp4Clips.PathAsync("tracks.mp4"), "--folder", "Films/Kids", "--tag", "holiday");
            // No other visit's: the vault knows a file again.
            var mark = Guid.NewGuid().ToString("n");
            var other = Path.Combine(vault.Folder, $"notes {mark}.txt");
            await System.IO.File.WriteAllTextAsync(other, $"Not a film. {mark}");
            var name = $"more notes {mark}.txt";
            var more = Path.Combine(vault.Folder, name);
            await System.IO.File.WriteAllTextAsync(more, $"Not a film either. {mark}");
            var failed = await IdAsync(vault, more);
            await FailAsync(visitor.Page, failed);
            var embed = await vault.RunAsync("link", film, "--kind", "embed");
            return new Visit(vault, visitor, film, await IdAsync(vault, other), failed, name, embed.Output.Trim());
        }

        public async Task GoAsync(string path, string words)
        {
            await Page.GotoAsync($"{Vault.Url}{path}");
            await Page.GetByText(words).First.WaitForAsync();
        }

        /// <summary>Presses a button for the videos that are chosen, which asks something.</summary>
        public async Task AskAsync(string button)
        {
            if (await Page.Locator("dialog[open]").CountAsync() > 0)
                await Page.Keyboard.PressAsync("Escape");
            await Page.Locator("selection-bar").GetByLabel(button, new LocatorGetByLabelOptions { Exact = true }).ClickAsync();
            await Page.Locator("dialog[open]").WaitForAsync();
        }

        /// <summary>Makes a key on the settings page, and looks at what is shown once.</summary>
        public async Task MakeKeyAsync(string kind, string name)
        {
            var panel = Page.Locator($"keys-panel[kind={kind}]");
            await panel.Locator("input[name=name]").FillAsync(name);
            await panel.Locator("form button").ClickAsync();
            await panel.Locator("secret-box textarea").ScrollIntoViewIfNeededAsync();
        }

        /// <summary>Has the vault's answers say that storing a video failed: none of the uploads that it takes does.</summary>
        static async Task FailAsync(IPage page, string id)
        {
            // An event of it would say otherwise.
            await page.AddInitScriptAsync(
                $$"""
                const { addEventListener } = EventSource.prototype;
                EventSource.prototype.addEventListener = function (name, listen) {
                  addEventListener.call(this, name, event => { if (!event.data?.includes('{{id}}')) listen(event); });
                };
                """
            );
            await page.RouteAsync(
                new Regex("/api/videos(/[0-9a-z]+)?([?]|$)"),
                async route =>
                {
                    var answer = await route.FetchAsync();
                    var body = JsonNode.Parse(await answer.TextAsync());
                    foreach (var video in body?["videos"]?.AsArray() ?? [body?.DeepClone()])
                    {
                        if ((string?)video?["id"] != id)
                            continue;
                        video["status"] = "failed";
                        video["failure"] = "ffmpeg took too long. Try again.";
                        body = body!["videos"] is null ? video : body;
                    }

                    await route.FulfillAsync(new RouteFulfillOptions { Response = answer, Body = body?.ToJsonString() });
                }
            );
        }

        static async Task<string> IdAsync(VaultProcess vault, string path, params string[] options) =>
            (await vault.UploadAsync(path, options)).GetProperty("id").GetString()!;
    }
}
