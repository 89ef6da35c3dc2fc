using Microsoft.Playwright;
using TgVault.Testing;

namespace TgVault.Browser.Tests.Face;

/// <summary>Somebody at a browser of their own who uses the vault's pages, and what went wrong on these.</summary>
sealed class Visitor : IAsyncDisposable
{
    const float LongestMilliseconds = 60_000;

    readonly IBrowserContext _context;
    readonly List<string> _problems = [];

    static Visitor() => Assertions.SetDefaultExpectTimeout(LongestMilliseconds);

    Visitor(IBrowserContext context) => _context = context;

    public IBrowserContext Context => _context;

    public IPage Page { get; private set; } = null!;

    /// <summary>Errors of scripts, and what the console said was one.</summary>
    public IReadOnlyList<string> Problems => _problems;

    public static async Task<Visitor> ComeAsync(Chromium chromium, int width = 1280, int height = 800, bool isDark = false)
    {
        var context = await chromium.Browser.NewContextAsync(
            new BrowserNewContextOptions
            {
                ViewportSize = new ViewportSize { Width = width, Height = height },
                ColorScheme = isDark ? ColorScheme.Dark : ColorScheme.Light,
            }
        );
        context.SetDefaultTimeout(LongestMilliseconds);
        var visitor = new Visitor(context);
        visitor.Page = await visitor.OpenAsync();
        return visitor;
    }

    public async Task<IPage> OpenAsync()
    {
        var page = await _context.NewPageAsync();
        page.PageError += (_, error) => _problems.Add(error);
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
                _problems.Add($"{message.Text} {message.Location}");
        };
        return page;
    }

    /// <summary>By the address that `tgvault open` prints.</summary>
    public async Task SignInAsync(VaultProcess vault)
    {
        var open = await vault.RunAsync("open");
        Assert.Equal(0, open.ExitCode);
        await Page.GotoAsync(open.Output.Trim());
        await Page.Locator("library-page").WaitForAsync();
    }

    /// <summary>A film that nobody uploaded before, whichever tests came first: what the library has already is not sent again.</summary>
    public static async Task<byte[]> NewFilmAsync()
    {
        const int boxBytes = 24;
        var film = await File.ReadAllBytesAsync(await Mp4Clips.PathAsync("h264-bframes.mp4"));
        // A box that players skip (ISO 14496-12, 8.1.2).
        return [.. film, 0, 0, 0, boxBytes, .. "free"u8, .. Guid.NewGuid().ToByteArray()];
    }

    /// <summary>Drops files on the page, as a file manager does; the same file is the same each time.</summary>
    public async Task DropAsync(params (string Name, byte[] Content)[] files)
    {
        await WaitForTakingAsync();
        await Page.EvaluateAsync("() => { window.dropped = new DataTransfer(); }");
        foreach (var (name, content) in files)
        {
            await Page.EvaluateAsync(
                """
                ([name, base64]) => {
                  const content = Uint8Array.from(atob(base64), letter => letter.charCodeAt(0));
                  dropped.items.add(new File([content], name, { lastModified: 1000 }));
                }
                """,
                new[] { name, Convert.ToBase64String(content) }
            );
        }

        await LetGoAsync();
    }

    /// <summary>Drops files of the disk, as a file manager does.</summary>
    public async Task DropFilesAsync(params string[] paths)
    {
        await WaitForTakingAsync();
        var session = await _context.NewCDPSessionAsync(Page);
        foreach (var name in new[] { "dragEnter", "dragOver", "drop" })
        {
            await session.SendAsync(
                "Input.dispatchDragEvent",
                new Dictionary<string, object>
                {
                    ["type"] = name,
                    ["x"] = 200,
                    ["y"] = 300,
                    ["data"] = new
                    {
                        items = Array.Empty<object>(),
                        files = paths,
                        dragOperationsMask = 1,
                    },
                }
            );
        }

        await session.DetachAsync();
    }

    /// <summary>Drops a file of so many bytes, which are made in the page.</summary>
    public async Task DropLargeAsync(string name, int bytes)
    {
        await WaitForTakingAsync();
        await Page.EvaluateAsync(
            """
            ([name, bytes]) => {
              const content = new Uint8Array(bytes);
              for (let i = 0; i < bytes; i += 4096) content[i] = i / 4096;
              window.dropped = new DataTransfer();
              dropped.items.add(new File([content], name, { lastModified: 1000 }));
            }
            """,
            new object[] { name, bytes }
        );
        await LetGoAsync();
    }

    // Before the vault has said that one is signed in, a page takes nothing, and a person has nothing to drop on.
    async Task WaitForTakingAsync() =>
        await Page.Locator("upload-panel").WaitForAsync(new LocatorWaitForOptions { State = WaitForSelectorState.Attached });

    async Task LetGoAsync() =>
        await Page.EvaluateAsync(
            """
            () => {
              for (const name of ['dragenter', 'dragover', 'drop'])
                document.body.dispatchEvent(new DragEvent(name, { dataTransfer: dropped, bubbles: true, cancelable: true }));
            }
            """
        );

    /// <summary>The card of a video once that is ready.</summary>
    public async Task<ILocator> CardAsync(string name, float longestMilliseconds = LongestMilliseconds)
    {
        var card = Page.Locator("video-card", new PageLocatorOptions { HasText = name });
        await card.WaitForAsync();
        await Assertions
            .Expect(card.Locator("progress, .badge"))
            .ToHaveCountAsync(0, new LocatorAssertionsToHaveCountOptions { Timeout = longestMilliseconds });
        return card;
    }

    public async ValueTask DisposeAsync() => await _context.CloseAsync();
}

/// <summary>The vault's player, on whichever page or frame it is.</summary>
static class PlayerElement
{
    const string Media = "document.querySelector('tgvault-player')?.media";

    /// <summary>Waits until this holds of the media element <c>m</c>.</summary>
    public static Task WaitForMediaAsync(this IFrame frame, string condition) =>
        frame.WaitForFunctionAsync(
            $$"""
            () => {
              const m = {{Media}} ?? [...document.querySelectorAll('vault-app')].map(app =>
                app.shadowRoot?.querySelector('video-page')?.shadowRoot?.querySelector('tgvault-player')?.media)[0];
              if (m?.error) throw new Error(m.error.message);
              return m && ({{condition}});
            }
            """,
            null,
            new FrameWaitForFunctionOptions { Timeout = 60_000 }
        );
}
