using System.Text.RegularExpressions;
using TgVault.Testing;

namespace TgVault.Core.Tests;

/// <summary>The sources of one project: which folder (a namespace below the project's) uses which.</summary>
sealed partial class SourceTree
{
    readonly string _root;
    readonly ILookup<string, string> _declaredIn;

    SourceTree(string root, IReadOnlyList<SourceFile> files)
    {
        _root = root;
        Files = files;
        _declaredIn = files
            .SelectMany(file => Declaration().Matches(file.Code).Select(match => (Name: match.Groups[1].Value, file.Folder)))
            .ToLookup(type => type.Name, type => type.Folder);
        Folders = [.. files.Select(file => file.Folder).Distinct().Order()];
        Uses = [.. files.SelectMany(UsesOf).Distinct()];
    }

    public IReadOnlyList<SourceFile> Files { get; }

    public IReadOnlyList<string> Folders { get; }

    /// <summary>Each use with a file that has it.</summary>
    public IReadOnlyList<(string From, string To, string Where)> Uses { get; }

    public static SourceTree Read(string folder, string root)
    {
        var path = Path.Combine(RepositoryFolders.Root(), folder);
        var files = Directory
            .EnumerateFiles(path, "*.cs", SearchOption.AllDirectories)
            .Where(file => !Path.GetRelativePath(path, file).Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj"))
            .Select(file => SourceFile.Of(Path.GetRelativePath(path, file), WithoutComments(File.ReadAllText(file)), root))
            .ToList();
        return new SourceTree(root, files);
    }

    IEnumerable<(string From, string To, string Where)> UsesOf(SourceFile file)
    {
        // What lies beside or below is named by a using or by its full name; what lies above is seen without either.
        var named = Regex
            .Matches(file.Code, $@"\b{Regex.Escape(_root)}((?:\.\w+)*)")
            .Select(match => match.Groups[1].Value.TrimStart('.'))
            .Select(name =>
                Folders.Where(folder => name == folder || name.StartsWith(folder + ".", StringComparison.Ordinal)).MaxBy(f => f.Length)
            )
            .OfType<string>();
        var above = Identifier()
            .Matches(file.Code)
            .SelectMany(match => _declaredIn[match.Value])
            .Where(folder => folder.Length == 0 || file.Folder.StartsWith(folder + ".", StringComparison.Ordinal));
        return named.Concat(above).Where(folder => folder != file.Folder).Distinct().Select(folder => (file.Folder, folder, file.Path));
    }

    static string WithoutComments(string text) => StringOrComment().Replace(text, " ");

    [GeneratedRegex(@"//[^\n]*|""(?:\\.|[^""\\\n])*""")]
    private static partial Regex StringOrComment();

    [GeneratedRegex(@"\b(?:class|struct|record|interface|enum|delegate \w+)\s+(\w+)")]
    private static partial Regex Declaration();

    [GeneratedRegex(@"\b[A-Z]\w+\b")]
    private static partial Regex Identifier();
}

/// <param name="Path">Below the project.</param>
/// <param name="Folder">Its namespace below the project's; empty at the root.</param>
/// <param name="Code">Without comments and texts.</param>
sealed record SourceFile(string Path, string Folder, string Code)
{
    public static SourceFile Of(string path, string code, string root) =>
        new(path, Regex.Match(code, $@"namespace {Regex.Escape(root)}\.?([\w.]*);").Groups[1].Value, code);
}
