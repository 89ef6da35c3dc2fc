using Microsoft.Playwright;
using TgVault.Testing;

namespace TgVault.Browser.Tests.Face;

/// <summary>Webhooks on the settings page: made, tested, looked at, sent again, removed.</summary>
public sealed class WebhookTests(SharedBrowser browser) : IClassFixture<SharedBrowser>
{
    [Fact(Timeout = 240_000)]
    public async Task A_webhook_is_made_tested_and_removed_and_its_messages_are_sent_again()
    {
        await using var site = new HookSite { Status = 500 };
        await using var visitor = await Visitor.ComeAsync(browser.Chromium);
        await visitor.SignInAsync(browser.Vault);
        var page = visitor.Page;
        await page.GotoAsync($"{browser.Vault.Url}settings");
        var panel = page.Locator("webhooks-panel");
        var name = $"shop {Guid.NewGuid():n}";

        await panel.Locator("input[name=url]").FillAsync(site.Url);
        await panel.Locator("input[name=label]").FillAsync(name);
        await panel.Locator("input[name='video.created']").UncheckAsync();
        await panel.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Make a webhook" }).ClickAsync();
        Assert.StartsWith("whsec_", await panel.Locator("secret-box textarea").InputValueAsync(), StringComparison.Ordinal);
        await panel.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Done" }).ClickAsync();
        var row = panel.Locator("ul > li", new LocatorLocatorOptions { HasText = name }).First;
        await Assertions.Expect(row).ToContainTextAsync("told when a video is ready, failed, deleted");

        await Button(row, "Change").ClickAsync();
        await row.Locator("webhook-form input[name='video.failed']").UncheckAsync();
        await Button(row, "Save").ClickAsync();
        await Assertions.Expect(row).ToContainTextAsync("told when a video is ready, deleted");
        await Assertions.Expect(row.Locator("webhook-form")).ToHaveCountAsync(0);

        await Button(row, "Send a test").ClickAsync();
        await Assertions.Expect(panel.GetByRole(AriaRole.Alert)).ToHaveTextAsync("It answered with status 500.");
        site.Status = 204;
        await row.Locator("summary").ClickAsync();
        // Others store videos in the same vault meanwhile.
        var test = row.Locator("delivery-list li", new LocatorLocatorOptions { HasText = "webhook.test" });
        await Assertions.Expect(test).ToContainTextAsync("given up");
        await Button(test, "Send the message again").ClickAsync();
        await Assertions.Expect(test).ToContainTextAsync("taken");
        await Button(row, "Make a new secret").ClickAsync();
        await panel.Locator("secret-box textarea").WaitForAsync();
        await Button(row, "Remove").ClickAsync();
        await page.GetByRole(AriaRole.Dialog)
            .GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Remove", Exact = true })
            .ClickAsync();
        await Assertions.Expect(row).ToHaveCountAsync(0);

        Assert.Equal(2, site.Requests.Count(request => request.Body.Contains("webhook.test", StringComparison.Ordinal)));
        Assert.Empty(visitor.Problems);
    }

    static ILocator Button(ILocator row, string name) => row.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = name });
}
