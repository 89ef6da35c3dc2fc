using System.Collections.Immutable;

namespace TgVault.Web.Dav;

/// <summary>
/// A path below /dav, as names. Folders are called as people like; what a path cannot hold is written with an underscore.
/// </summary>
internal sealed class DavPath
{
    readonly ImmutableArray<string> _names;

    DavPath(IEnumerable<string> names)
    {
        _names = [.. names];
        Text = string.Join('/', _names);
    }

    /// <summary>The names with slashes between; empty for the root.</summary>
    public string Text { get; }

    public bool IsRoot => _names.IsEmpty;

    /// <summary>The last name.</summary>
    /// <exception cref="InvalidOperationException">The root has none.</exception>
    public string Name => IsRoot ? throw new InvalidOperationException("bug: the root has no name") : _names[^1];

    /// <summary>What the last name lies in.</summary>
    public DavPath Folder => new(_names.SkipLast(1));

    /// <summary>What a request asks for; slashes at the end count for nothing.</summary>
    /// <param name="path">Percent-decoded; null for the root.</param>
    public static DavPath OfRequest(string? path) => new(Split(path ?? ""));

    /// <summary>Where a folder of the library is found.</summary>
    public static DavPath OfFolder(string folder) =>
        new(Split(folder).Select(name => name is "." or ".." ? "_" + name : name.Replace('\\', '_')));

    /// <summary>The first name on the way from <paramref name="outer"/> to here; null where this does not lie in it.</summary>
    public string? StepFrom(DavPath outer) =>
        _names.Length > outer._names.Length && _names.AsSpan(0, outer._names.Length).SequenceEqual(outer._names.AsSpan())
            ? _names[outer._names.Length]
            : null;

    /// <summary>As the path of a URL (RFC 4918 §8.3), beginning with a slash; that of a folder ends in one.</summary>
    public string ToHref(string root, bool isFolder) =>
        $"{root}/{string.Concat(_names.Select(name => Uri.EscapeDataString(name) + '/'))}" is var href && (isFolder || IsRoot)
            ? href
            : href[..^1];

    public DavPath With(string name) => new(_names.Append(name));

    static string[] Split(string path) => path.Split('/', StringSplitOptions.RemoveEmptyEntries);
}
