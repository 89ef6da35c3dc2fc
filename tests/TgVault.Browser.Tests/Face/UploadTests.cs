using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace TgVault.Browser.Tests.Face;

/// <summary>Uploads that meet a broken connection and a closed page.</summary>
public sealed partial class UploadTests(SharedBrowser browser) : IClassFixture<SharedBrowser>
{
    const int BlockBytes = 1 << 20;
    const int Blocks = 48;

    [Fact(Timeout = 240_000)]
    public async Task An_upload_goes_on_after_a_cut_and_a_reload_and_sends_no_block_twice()
    {
        await using var visitor = await Visitor.ComeAsync(browser.Chromium);
        await visitor.SignInAsync(browser.Vault);
        var page = visitor.Page;
        var name = $"large {Guid.NewGuid():n}.bin";
        var arrived = new List<string>();
        page.Response += (_, response) =>
        {
            if (Block().Match(response.Url) is { Success: true } block && response.Status == 201)
                arrived.Add(block.Value);
        };
        // The third that asks is the last that gets through.
        var isCut = false;
        await page.RouteAsync(
            Block(),
            async route =>
            {
                if (arrived.Count >= 3 || isCut)
                {
                    isCut = true;
                    await route.AbortAsync();
                }
                else
                {
                    await route.ContinueAsync();
                }
            }
        );

        await visitor.DropLargeAsync(name, (Blocks * BlockBytes) - 1000);
        var row = page.Locator("upload-panel li", new PageLocatorOptions { HasText = name });
        await Assertions.Expect(row).ToContainTextAsync("No connection");
        var before = arrived.Count;
        Assert.InRange(before, 3, Blocks - 1);
        page.Dialog += (_, dialog) => dialog.AcceptAsync();
        await page.ReloadAsync();
        await Assertions.Expect(row).ToContainTextAsync("Choose this file again");
        // Only now: with a way through before, all may be there by the time the page goes.
        await page.UnrouteAllAsync();

        await visitor.DropLargeAsync(name, (Blocks * BlockBytes) - 1000);
        await Assertions.Expect(row).ToContainTextAsync("Ready", new LocatorAssertionsToContainTextOptions { Timeout = 120_000 });

        Assert.Equal(Blocks, arrived.Distinct().Count());
        // What was on its way while the page went away may have arrived unheard.
        Assert.InRange(arrived.Count, Blocks, Blocks + 4);
        var show = await browser.Vault.RunAsync("ls", "--json");
        Assert.Contains(name, show.Output, StringComparison.Ordinal);
    }

    [Fact(Timeout = 240_000)]
    public async Task Several_files_wait_for_their_turn_pause_and_the_same_one_is_noticed()
    {
        await using var visitor = await Visitor.ComeAsync(browser.Chromium);
        await visitor.SignInAsync(browser.Vault);
        var page = visitor.Page;
        var mark = Guid.NewGuid().ToString("n");
        await page.RouteAsync(Block(), route => route.AbortAsync());

        var (a, b, c) = (Bytes(1000), Bytes(2000), Bytes(3000));
        await visitor.DropAsync(($"a {mark}.bin", a), ($"b {mark}.bin", b), ($"c {mark}.bin", c));
        var panel = page.Locator("upload-panel");
        await Assertions.Expect(panel.Locator("li")).ToHaveCountAsync(3);
        await Assertions.Expect(panel.Locator("li").Nth(2)).ToContainTextAsync("Next in line");
        await panel.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Pause all" }).ClickAsync();
        await Assertions.Expect(panel.GetByText("Paused")).ToHaveCountAsync(3);
        await visitor.DropAsync(($"c {mark}.bin", c));
        await page.GetByText($"c {mark}.bin is in the queue already.").WaitForAsync();
        await page.UnrouteAllAsync();
        await panel.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Go on with all" }).ClickAsync();
        await Assertions.Expect(panel.GetByText("Ready")).ToHaveCountAsync(3, new LocatorAssertionsToHaveCountOptions { Timeout = 60_000 });

        await panel.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Clear finished" }).ClickAsync();
        // Under another name it is the same file; another file of that size and name is not.
        await visitor.DropAsync(($"renamed {mark}.bin", a), ($"b {mark}.bin", Bytes(2000)));
        await Assertions.Expect(panel.Locator("li").First).ToContainTextAsync($"This file is in the library: a {mark}.bin.");
        await Assertions
            .Expect(panel.Locator("li").Nth(1))
            .ToContainTextAsync("Ready", new LocatorAssertionsToContainTextOptions { Timeout = 60_000 });
    }

    static byte[] Bytes(int length) => RandomNumberGenerator.GetBytes(length);

    [GeneratedRegex("comp=block&blockid=[^&]+")]
    private static partial Regex Block();
}
