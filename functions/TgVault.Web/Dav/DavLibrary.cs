using TgVault.Core;
using TgVault.Core.Caching;
using TgVault.Core.Library;
using TgVault.Core.Playback.Open;
using TgVault.Core.Videos;
using TgVault.Web.Lists;

namespace TgVault.Web.Dav;

/// <summary>
/// The library as a tree of folders and files. Folders are remembered for some seconds, for clients ask for each several times; a file that
/// is being read is found by its row, however large its folder is.
/// </summary>
internal sealed class DavLibrary : IDisposable
{
    const long FolderBytes = 16 << 20;
    const long PathBytes = 1 << 20;
    const int PageSize = 200;

    static readonly TimeSpan FolderLifetime = TimeSpan.FromSeconds(5);

    readonly ILibrary _library;
    readonly OpenVideos _videos;
    readonly LibraryFigures _figures;
    readonly SharedCache<string, DavFolder?> _folders;
    readonly SharedCache<string, VideoId?> _paths = new(PathBytes, _ => 200);

    public DavLibrary(ILibrary library, OpenVideos videos, LibraryFigures figures, TimeProvider time)
    {
        (_library, _videos, _figures) = (library, videos, figures);
        _folders = new SharedCache<string, DavFolder?>(FolderBytes, folder => folder?.Bytes ?? 100)
        {
            Lifetime = FolderLifetime,
            Time = time,
        };
    }

    /// <summary>The folder at a path; null where there is none.</summary>
    public ValueTask<DavFolder?> FindFolderAsync(DavPath path, CancellationToken cancellationToken) =>
        _folders.GetAsync(path.Text, token => LoadAsync(path, token), cancellationToken);

    /// <summary>The row of the file at a path, ready to be read; null where there is none.</summary>
    public async Task<Video?> FindFileAsync(DavPath path, CancellationToken cancellationToken)
    {
        if (path.IsRoot)
            return null;
        if (_paths.TryGet(path.Text, out var known) && known is { } id)
        {
            // As long as it is still what is called so there, nothing has to be listed.
            if (await _videos.FindAsync(id, cancellationToken) is { Life.Status: VideoStatus.Ready } row && IsAt(row, path))
                return row;
            _paths.Remove(path.Text, known);
        }

        var folder = await FindFolderAsync(path.Folder, cancellationToken);
        if (folder?.Find(path.Name) is not { } file)
            return null;
        await _paths.GetAsync(path.Text, _ => Task.FromResult<VideoId?>(file.Id), cancellationToken);
        return await _videos.FindAsync(file.Id, cancellationToken) is { Life.Status: VideoStatus.Ready } found ? found : null;
    }

    public void Dispose()
    {
        _folders.Dispose();
        _paths.Dispose();
    }

    static bool IsAt(Video row, DavPath path)
    {
        if (DavPath.OfFolder(row.Details.Folder).Text != path.Folder.Text)
            return false;
        var file = DavFile.Of(row);
        return path.Name == file.Name || path.Name == file.NameWithId;
    }

    async Task<DavFolder?> LoadAsync(DavPath path, CancellationToken cancellationToken)
    {
        var counts = (await _figures.Counts.GetAsync(cancellationToken)).Value;
        var named = counts.Folders.Keys.Select(name => (Name: name, Path: DavPath.OfFolder(name))).ToList();
        var inside = named.Select(folder => folder.Path.StepFrom(path)).OfType<string>().Distinct(StringComparer.Ordinal);
        // Several where folders differ only in what no path can say, such as a slash at the end.
        var same = named.Where(folder => folder.Path.Text == path.Text).Select(folder => folder.Name).ToList();
        var files = new List<DavFile>();
        foreach (var name in same)
            await ReadAsync(name, files, cancellationToken);
        var folder = DavFolder.Of(inside, files);
        return path.IsRoot || same.Count > 0 || folder.Folders.Length > 0 ? folder : null;
    }

    async Task ReadAsync(string folder, List<DavFile> files, CancellationToken cancellationToken)
    {
        string? continuation = null;
        do
        {
            var page = await _library.ListAsync(new VideoQuery(folder, null, PageSize, continuation), cancellationToken);
            files.AddRange(page.Videos.Where(video => video.Life.Status == VideoStatus.Ready).Select(DavFile.Of));
            continuation = page.Continuation;
        } while (continuation is not null);
    }
}
