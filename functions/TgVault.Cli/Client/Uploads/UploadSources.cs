using TgVault.Cli.Client.Videos;
using TgVault.Core.Videos;

namespace TgVault.Cli.Client.Uploads;

/// <summary>One file to upload, or the address of one.</summary>
/// <param name="Given">Its path, or the address as it was given.</param>
/// <param name="Name">What it is called.</param>
/// <param name="Folder">Where it is listed.</param>
/// <param name="Url">Null for a file.</param>
sealed record UploadSource(string Given, string Name, string Folder, Uri? Url);

/// <summary>
/// What the arguments of an upload stand for: files as they are, folders with all films and music in them, addresses. What lies in a folder
/// keeps its place: below the folder's own name, or below the name that was wanted instead.
/// </summary>
sealed class UploadSources
{
    const int MostNamed = 5;

    readonly List<UploadSource> _found = [];
    readonly List<(string Given, string Message)> _problems = [];
    readonly List<string> _skipped = [];
    readonly bool _everything;

    UploadSources(bool everything) => _everything = everything;

    /// <summary>In the order of the arguments; within a folder by name, its files before its folders.</summary>
    public IReadOnlyList<UploadSource> Found => _found;

    /// <summary>Arguments that cannot be uploaded, and why.</summary>
    public IReadOnlyList<(string Given, string Message)> Problems => _problems;

    /// <summary>Of folders: hidden files, and those that are neither film nor music by their names.</summary>
    public IReadOnlyList<string> Skipped => _skipped;

    /// <summary>What is skipped, in one line.</summary>
    public string SkippedLine
    {
        get
        {
            var more = _skipped.Count > MostNamed ? $" and {_skipped.Count - MostNamed} more" : "";
            return "Skipped as neither film nor music, or hidden (--all-files takes them too): "
                + $"{string.Join(", ", _skipped.Take(MostNamed))}{more}";
        }
    }

    public static UploadSources Find(IEnumerable<string> arguments, string? folder, bool everything)
    {
        var sources = new UploadSources(everything);
        var listed = folder is null ? null : FolderName.Clean(folder);
        foreach (var argument in arguments)
            sources.Add(argument, listed);
        return sources;
    }

    /// <summary>An address without what may be a secret in it; anything else as it is.</summary>
    public static string WithoutSecrets(string given) =>
        UrlOf(given) is { } url ? url.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped) : given;

    static Uri? UrlOf(string text) =>
        (text.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || text.StartsWith("https://", StringComparison.OrdinalIgnoreCase))
        && Uri.TryCreate(text, UriKind.Absolute, out var url)
            ? url
            : null;

    void Add(string argument, string? folder)
    {
        if (UrlOf(argument) is { } url)
            _found.Add(new UploadSource(argument, VideoName.Clean(FetchedFile.NameIn(url)), folder ?? "", url));
        else if (Directory.Exists(argument))
            AddFolder(argument, folder);
        else
            _found.Add(new UploadSource(argument, VideoName.Clean(Path.GetFileName(argument)), folder ?? "", null));
    }

    void AddFolder(string argument, string? folder)
    {
        var before = _found.Count;
        var own = new DirectoryInfo(Path.TrimEndingDirectorySeparator(Path.GetFullPath(argument))).Name;
        try
        {
            Walk(argument, folder ?? FolderName.Clean(own));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            _problems.Add((argument, $"The folder cannot be read ({exception.Message})"));
            return;
        }

        if (_found.Count == before)
            _problems.Add((argument, "There is neither film nor music in this folder."));
    }

    void Walk(string path, string folder)
    {
        foreach (var file in Directory.EnumerateFiles(path).Order(StringComparer.Ordinal))
        {
            var name = Path.GetFileName(file);
            if (_everything || (!name.StartsWith('.') && ContentTypes.IsMedia(name)))
                _found.Add(new UploadSource(file, VideoName.Clean(name), folder, null));
            else
                _skipped.Add(file);
        }

        foreach (var inner in Directory.EnumerateDirectories(path).Order(StringComparer.Ordinal))
        {
            var name = Path.GetFileName(inner);
            // A link may lead back to where it lies.
            if (new DirectoryInfo(inner).LinkTarget is not null || (name.StartsWith('.') && !_everything))
                _skipped.Add(inner);
            else
                Walk(inner, FolderName.Clean($"{folder}/{name}"));
        }
    }
}
