using System.Text.RegularExpressions;
using TgVault.Testing;

namespace TgVault.Cli.Tests.Docs;

/// <summary>Links between pages of the repository; those to other sites are not followed.</summary>
internal static partial class DocLinks
{
    public static IEnumerable<string> In(DocPage page) =>
        page
            .Prose.SelectMany(line => Target().Matches(line.Text))
            .Select(match => match.Groups[1].Value)
            .Where(link => !link.Contains("://", StringComparison.Ordinal));

    /// <summary>Whether the file is there, and in it the heading that stands behind the number sign.</summary>
    public static bool Exists(string folder, string page, string link)
    {
        var (path, anchor) = link.Split('#') is [var file, var heading] ? (file, heading) : (link, null);
        path = path.Length == 0 ? Path.Combine(RepositoryFolders.Root(), page) : Path.Combine(folder, path);
        return anchor is null
            ? Path.Exists(path)
            : File.Exists(path) && File.ReadLines(path).Any(line => line.StartsWith('#') && Anchor(line.TrimStart('#').Trim()) == anchor);
    }

    /// <summary>GitHub's name for a heading.</summary>
    static string Anchor(string heading) => NotInAnchors().Replace(heading.ToLowerInvariant(), "").Replace(' ', '-');

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Target();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NotInAnchors();
}
