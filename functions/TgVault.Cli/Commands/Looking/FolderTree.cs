using TgVault.Cli.Client.Videos;

namespace TgVault.Cli.Commands.Looking;

/// <summary>A folder with the names of its videos and the folders below it.</summary>
sealed class FolderTree(string path)
{
    readonly SortedDictionary<string, FolderTree> _inner = new(StringComparer.OrdinalIgnoreCase);
    readonly List<string> _videos = [];

    /// <summary>Videos in it and in all folders below.</summary>
    public int Below => _videos.Count + _inner.Values.Sum(folder => folder.Below);

    /// <param name="folder">A path below this folder; empty: this folder itself.</param>
    /// <param name="name">The video's.</param>
    public void Add(string folder, string name)
    {
        var at = this;
        foreach (var part in folder.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!at._inner.TryGetValue(part, out var inner))
                at._inner[part] = inner = new FolderTree(at.PathOf(part));
            at = inner;
        }

        at._videos.Add(name);
    }

    /// <summary>This folder and all below it, each behind the one it lies in.</summary>
    public IReadOnlyList<FolderCount> Counts()
    {
        var own =
            path.Length > 0 || _videos.Count > 0
                ? [new FolderCount(path, _videos.Count, path.Length > 0 ? Below : _videos.Count)]
                : Array.Empty<FolderCount>();
        return [.. own, .. _inner.Values.SelectMany(folder => folder.Counts())];
    }

    /// <summary>Drawn as <c>tree</c> does: folders first, then videos by name.</summary>
    /// <param name="withVideos">Whether videos are drawn, too.</param>
    public IEnumerable<string> Draw(bool withVideos) => Draw("", withVideos);

    IEnumerable<string> Draw(string indent, bool withVideos)
    {
        var videos = withVideos ? _videos.Order(StringComparer.OrdinalIgnoreCase).ToList() : [];
        var left = _inner.Count + videos.Count;
        foreach (var (name, folder) in _inner)
        {
            var isLast = --left == 0;
            yield return $"{indent}{(isLast ? "└── " : "├── ")}{name}/ ({folder.Below})";
            foreach (var line in folder.Draw(indent + (isLast ? "    " : "│   "), withVideos))
                yield return line;
        }

        foreach (var name in videos)
            yield return $"{indent}{(--left == 0 ? "└── " : "├── ")}{name}";
    }

    string PathOf(string part) => path.Length > 0 ? $"{path}/{part}" : part;
}
