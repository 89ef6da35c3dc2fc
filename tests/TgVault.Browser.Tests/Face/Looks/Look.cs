using System.Text.Json;
using Microsoft.Playwright;
using TgVault.Testing;

namespace TgVault.Browser.Tests.Face.Looks;

/// <summary>Looks at a page: leaves a picture in TestResults/pages, and collects what axe finds and what is too wide.</summary>
sealed class Look
{
    readonly IPage _page;
    readonly string _name;
    readonly string _axe;
    readonly string _folder = Directory.CreateDirectory(Path.Combine(RepositoryFolders.Root(), "TestResults", "pages")).FullName;
    readonly List<string> _found = [];

    Look(IPage page, string name, string axe) => (_page, _name, _axe) = (page, name, axe);

    /// <param name="page">The page.</param>
    /// <param name="name">What its pictures' names begin with.</param>
    public static async Task<Look> BeginAsync(IPage page, string name) =>
        new(page, name, await File.ReadAllTextAsync(Path.Combine(RepositoryFolders.NodeModules(), "axe-core", "axe.min.js")));

    /// <summary>Looks at the page as it is now.</summary>
    public async Task AtAsync(string state)
    {
        await _page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(_folder, $"{_name}-{state}.png") });
        // The page's policy takes no script of others: this one comes as the debugger's.
        await _page.EvaluateAsync(_axe + "; 0");
        var findings = await _page.EvaluateAsync<string>(
            """
            async () => JSON.stringify((await axe.run(document, { iframes: false })).violations.map(one =>
              `${one.id}: ${one.nodes.map(node => `${node.target.join(' ')} ${node.failureSummary}`).join(' | ')}`))
            """
        );
        _found.AddRange(JsonSerializer.Deserialize<string[]>(findings)!.Select(finding => $"{state}: {finding}"));
        var width = _page.ViewportSize!.Width;
        if (await _page.EvaluateAsync<int>("document.documentElement.scrollWidth") is var wide && wide > width)
            _found.Add($"{state}: is {wide} wide");
    }

    public void AssertNothingFound() => Assert.True(_found.Count == 0, string.Join('\n', _found));
}
