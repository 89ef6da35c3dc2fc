using System.Text.RegularExpressions;
using TgVault.Testing;

namespace TgVault.Cli.Tests.Docs;

/// <summary>A fenced block of a page: its language, what stands behind that on the fence, and where it begins.</summary>
internal sealed record Fence(int Line, string Language, string Note, string Text)
{
    /// <summary>The name of the file that a sample is to be saved as, from the comment in its first line; null where it has none.</summary>
    public string? FileName => NamingComment.Match(Text) is { Success: true } match ? match.Groups[1].Value : null;

    static readonly Regex NamingComment = new(@"\A(?://|#|<!--) ([\w-]+\.\w+)(?: -->)?\n");
}

/// <summary>A page of the documentation, as text lines and fenced blocks.</summary>
internal sealed partial record DocPage(string Name, string[] Lines, IReadOnlyList<Fence> Fences)
{
    /// <summary>All pages for readers, by their paths from the repository's root. FORMAT.md is a contract, with tests of its own.</summary>
    public static IEnumerable<string> Names =>
        new[] { "README.md", "CONTRIBUTING.md", "infra/README.md", "ffmpeg-layer/README.md" }.Concat(
            Directory
                .EnumerateFiles(Path.Combine(RepositoryFolders.Root(), "docs"), "*.md")
                .Select(path => $"docs/{Path.GetFileName(path)}")
                .Order(StringComparer.Ordinal)
        );

    public static DocPage Read(string name)
    {
        var lines = File.ReadAllLines(Path.Combine(RepositoryFolders.Root(), name));
        var fences = new List<Fence>();
        for (var i = 0; i < lines.Length; i++)
        {
            if (FenceStart().Match(lines[i]) is not { Success: true } start)
                continue;
            var end = Array.IndexOf(lines, "```", i + 1);
            if (end < 0)
                throw new InvalidDataException($"{name}:{i + 1}: this block does not end.");
            fences.Add(
                new Fence(
                    i + 1,
                    start.Groups[1].Value,
                    start.Groups[2].Value,
                    string.Concat(lines[(i + 1)..end].Select(line => line + "\n"))
                )
            );
            i = end;
        }

        return new DocPage(name, lines, fences);
    }

    /// <summary>The lines that are in no block, with their numbers from 1.</summary>
    public IEnumerable<(int Number, string Text)> Prose
    {
        get
        {
            var isInside = false;
            for (var i = 0; i < Lines.Length; i++)
            {
                if (Lines[i].StartsWith("```", StringComparison.Ordinal))
                    isInside = !isInside;
                else if (!isInside)
                    yield return (i + 1, Lines[i]);
            }
        }
    }

    /// <summary>What a command is said to print: the block of plain text right behind its own.</summary>
    public Fence? OutputOf(Fence command)
    {
        var next = Fences.SkipWhile(fence => fence != command).Skip(1).FirstOrDefault();
        var end = command.Line + command.Text.Count(c => c == '\n') + 1;
        return next is { Language: "text" } && next.Line == end + 1 ? next : null;
    }

    [GeneratedRegex(@"^```(\w*) ?(.*)$")]
    private static partial Regex FenceStart();
}
