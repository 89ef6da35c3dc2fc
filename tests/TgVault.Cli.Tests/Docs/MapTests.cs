using TgVault.Testing;

namespace TgVault.Cli.Tests.Docs;

/// <summary>docs/map.md draws the tree that is there.</summary>
public sealed class MapTests
{
    static readonly string Root = RepositoryFolders.Root();

    [Fact]
    public void Every_path_in_the_trees_of_the_map_is_there()
    {
        var page = DocPage.Read("docs/map.md");

        Assert.DoesNotContain(NamedIn(page, "| folder |"), path => !Path.Exists(Path.Combine(Root, path)));
        Assert.DoesNotContain(
            NamedIn(page, "| in `TgVault.Core` |"),
            path => !Directory.Exists(Path.Combine(Root, "functions", "TgVault.Core", path))
        );
    }

    [Fact]
    public void Every_folder_of_the_code_is_on_the_map()
    {
        var page = DocPage.Read("docs/map.md");
        var tree = NamedIn(page, "| folder |").ToList();
        var core = NamedIn(page, "| in `TgVault.Core` |").Select(path => path.Split('/')[0]).ToHashSet(StringComparer.Ordinal);

        Assert.DoesNotContain(FoldersOf("functions"), folder => !tree.Contains("functions/" + folder));
        Assert.DoesNotContain(FoldersOf("functions/TgVault.Core"), folder => !core.Contains(folder));
    }

    /// <summary>What stands in backticks in the first cells of the table that begins with this heading.</summary>
    static IEnumerable<string> NamedIn(DocPage page, string heading) =>
        page
            .Lines.SkipWhile(line => !line.StartsWith(heading, StringComparison.Ordinal))
            .Skip(2)
            .TakeWhile(line => line.StartsWith('|'))
            .SelectMany(line => line.Split('|')[1].Split('`').Where((_, place) => place % 2 == 1));

    static IEnumerable<string> FoldersOf(string path) =>
        Directory
            .EnumerateDirectories(Path.Combine(Root, path))
            .Select(folder => Path.GetFileName(folder)!)
            .Where(name => name is not ("bin" or "obj"));
}
