using TgVault.Testing;

namespace TgVault.Cli.Tests.Docs;

/// <summary>What stands in README.md and docs/ is true: commands run and print what the page says, links lead somewhere.</summary>
public sealed class PageTests
{
    const int LongestLine = 140;
    const int LongestReadme = 100;
    const int LargestPictureBytes = 150_000;

    // Shown and not run, each for a reason that stands on the fence: these are all the reasons there are.
    static readonly string[] Reasons = ["needs Azure", "needs Telegram", "needs systemd", "needs a network", "takes minutes"];

    static readonly string[] Samples = ["html", "js", "python", "csharp"];

    // Configurations of proxies are run by ProxyTests.
    static readonly string[] Others = ["sh", "text", "mermaid", "console", "nginx", "caddyfile"];

    public static TheoryData<string> Pages => [.. DocPage.Names];

    public static TheoryData<string> PagesWithCommands =>
        [.. DocPage.Names.Where(name => DocPage.Read(name).Fences.Any(fence => fence.Language == "sh"))];

    [Theory(Timeout = 600_000)]
    [MemberData(nameof(PagesWithCommands))]
    public async Task Every_command_of_a_page_runs_and_prints_what_the_page_says(string name)
    {
        var page = DocPage.Read(name);

        var run = await PageRun.RunAsync(page);

        Assert.Equal(page.Fences.Count(fence => fence.Language == "sh"), run);
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void A_block_that_is_not_run_says_why(string name)
    {
        var page = DocPage.Read(name);

        foreach (var fence in page.Fences)
        {
            var where = $"{name}:{fence.Line}";
            Assert.True(Others.Concat(Samples).Contains(fence.Language), $"{where}: no block is in '{fence.Language}'.");
            if (fence.Language == "console")
                Assert.True(Reasons.Contains(fence.Note), $"{where}: '{fence.Note}' is no reason not to run it.");
            else
                Assert.True(fence.Note.Length == 0, $"{where}: '{fence.Note}' is for blocks that are not run.");
        }

        // An indented block would be neither run nor told why.
        Assert.DoesNotContain(page.Prose, line => line.Text.StartsWith("    ", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void A_sample_has_a_file_name_and_is_used(string name)
    {
        var page = DocPage.Read(name);
        var commands = string.Concat(page.Fences.Where(fence => fence.Language == "sh").Select(fence => fence.Text));

        foreach (var sample in page.Fences.Where(fence => Samples.Contains(fence.Language)))
        {
            Assert.True(sample.FileName is not null, $"{name}:{sample.Line}: the first line of a sample names its file.");
            // Pages in HTML are played by TgVault.Browser.Tests.
            if (sample.Language != "html")
                Assert.Contains(sample.FileName, commands, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Lines_are_short_but_for_rows_of_tables(string name)
    {
        var page = DocPage.Read(name);

        Assert.DoesNotContain(page.Lines, line => line.Length > LongestLine && line[0] != '|');
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Links_to_files_lead_to_files(string name)
    {
        var page = DocPage.Read(name);
        var folder = Path.GetDirectoryName(Path.Combine(RepositoryFolders.Root(), name))!;

        var dead = DocLinks.In(page).Where(link => !DocLinks.Exists(folder, name, link));

        Assert.Empty(dead);
    }

    [Fact]
    public void The_readme_is_short_and_its_picture_is_small()
    {
        Assert.InRange(DocPage.Read("README.md").Lines.Length, 1, LongestReadme);
        var picture = new FileInfo(Path.Combine(RepositoryFolders.Root(), "docs", "picture.png"));
        Assert.InRange(picture.Length, 1, LargestPictureBytes);
    }
}
