namespace TgVault.Cli.Client.Apps;

/// <summary>
/// A folder of .strm files: text files with one URL, which media centres take for the film. What lies there besides is left alone.
/// </summary>
sealed class StrmFolder(string root)
{
    const string Extension = ".strm";

    /// <summary>Names the files that are ours, a line each: only those may be removed.</summary>
    const string ListName = ".tgvault-export";

    static readonly char[] Forbidden = ['<', '>', ':', '"', '/', '\\', '|', '?', '*'];

    readonly string _root = Path.GetFullPath(root);
    readonly SortedSet<string> _written = new(StringComparer.OrdinalIgnoreCase);

    public int Written => _written.Count;

    /// <summary>Writes the film's file. Of several with one name in one folder, the others get a number.</summary>
    public async Task WriteAsync(PlayerListEntry entry, CancellationToken cancellationToken)
    {
        var folder = Path.Combine([.. entry.Folder.Split('/', StringSplitOptions.RemoveEmptyEntries).Select(SafeName)]);
        var name = SafeName(entry.Name);
        var path = Path.Combine(folder, name + Extension);
        for (var number = 2; !_written.Add(path); number++)
            path = Path.Combine(folder, $"{name} ({number}){Extension}");
        var full = Path.Combine(_root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        await File.WriteAllTextAsync(full, entry.Url + "\n", cancellationToken);
    }

    /// <summary>Removes what an earlier export wrote and this one did not, and notes what is there now. Returns how many went.</summary>
    public async Task<int> RemoveOthersAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(_root);
        var list = Path.Combine(_root, ListName);
        var before = File.Exists(list) ? await File.ReadAllLinesAsync(list, cancellationToken) : [];
        var removed = 0;
        foreach (var path in before.Where(path => IsInside(path) && !_written.Contains(path)))
        {
            var full = Path.Combine(_root, path);
            if (!File.Exists(full))
                continue;
            File.Delete(full);
            removed++;
        }

        await File.WriteAllLinesAsync(list, _written, cancellationToken);
        return removed;
    }

    // The list is a file that anybody may have edited: nothing outside of the folder is removed for it.
    bool IsInside(string path) =>
        path.EndsWith(Extension, StringComparison.Ordinal)
        && Path.GetFullPath(Path.Combine(_root, path)).StartsWith(_root + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    /// <summary>A name that every file system takes.</summary>
    static string SafeName(string name)
    {
        var safe = string.Concat(name.Select(c => Forbidden.Contains(c) || char.IsControl(c) ? '_' : c)).TrimEnd('.', ' ');
        return safe is "" or "." or ".." ? "_"
            : safe.Length <= 200 ? safe
            : safe[..200].TrimEnd('.', ' ');
    }
}
