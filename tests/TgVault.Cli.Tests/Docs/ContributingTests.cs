using System.Text.RegularExpressions;
using TgVault.Testing;

namespace TgVault.Cli.Tests.Docs;

/// <summary>The commands of CONTRIBUTING.md take minutes and are not run here; what they name is there.</summary>
public sealed partial class ContributingTests
{
    [Fact]
    public void The_tests_that_the_inner_loop_names_exist()
    {
        var commands = DocPage
            .Read("CONTRIBUTING.md")
            .Fences.Where(fence => fence.Language == "console")
            .SelectMany(fence => fence.Text.Split('\n'));
        var named = commands.Select(command => OneTest().Match(command)).Where(match => match.Success).ToList();

        Assert.NotEmpty(named);
        foreach (var (assembly, filter) in named.Select(match => (match.Groups[1].Value, match.Groups[2].Value)))
        {
            var folder = Path.Combine(RepositoryFolders.Root(), "tests", $"TgVault.{assembly}.Tests");
            Assert.Contains(
                Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories),
                file => Path.GetFileNameWithoutExtension(file).Contains(filter, StringComparison.Ordinal)
            );
        }
    }

    [Fact]
    public void Every_package_that_is_pinned_has_its_reason_and_none_else_has_one()
    {
        var root = RepositoryFolders.Root();
        var pinned = PinnedPackage()
            .Matches(File.ReadAllText(Path.Combine(root, "Directory.Packages.props")))
            .Select(match => match.Groups[1].Value);

        var table = PackagesOf(DocPage.Read("CONTRIBUTING.md")).Order(StringComparer.Ordinal);

        Assert.Equal(pinned.Order(StringComparer.Ordinal), table);
    }

    // "Microsoft.Azure.Functions.Worker, .Sdk" names two: a name that begins with a dot goes on from the first of its cell.
    // Those of npm are pinned elsewhere.
    static IEnumerable<string> PackagesOf(DocPage page)
    {
        foreach (
            var line in page
                .Lines.SkipWhile(line => line != "## Packages")
                .Where(line => line.StartsWith("| ", StringComparison.Ordinal))
                .Skip(1)
        )
        {
            var cell = line.Split('|')[1].Trim();
            if (cell.EndsWith("(npm)", StringComparison.Ordinal))
                continue;
            var names = cell.Split(", ");
            foreach (var name in names)
                yield return name[0] == '.' ? names[0] + name : name;
        }
    }

    [GeneratedRegex(@"^\./tgvault test (\w+) (\w+)")]
    private static partial Regex OneTest();

    [GeneratedRegex("<PackageVersion\\s+Include=\"([^\"]+)\"")]
    private static partial Regex PinnedPackage();
}
