using System.Text;
using TgVault.Core.Files;

namespace TgVault.Core.Replicas;

/// <summary>
/// A replica in a folder: names are paths below it. A file appears whole or not at all. Nothing but <see cref="BeginAsync"/> makes the
/// folder itself, so a disk that is not mounted is not taken for an empty replica.
/// </summary>
sealed class FolderReplica(string folder) : IReplica
{
    public const string MarkerName = "tgvault-replica.json";

    const int MostMarkerBytes = 4096;

    readonly string _folder = Path.GetFullPath(folder);

    public string Place => _folder;

    public ReplicaKind Kind => ReplicaKind.Folder;

    public Task<string?> ReadMarkerAsync(CancellationToken cancellationToken) =>
        DoAsync(async () =>
        {
            var marker = new FileInfo(PathOf(MarkerName));
            if (!marker.Exists)
                return null;
            if (marker.Length > MostMarkerBytes)
                throw new ReplicaException($"{marker.FullName} is no marker of a replica.");
            return await File.ReadAllTextAsync(marker.FullName, cancellationToken);
        });

    public Task BeginAsync(string marker, CancellationToken cancellationToken) =>
        DoAsync(async () =>
        {
            DurableFolder.Create(_folder);
            await DurableFile.WriteAsync(_folder, MarkerName, Encoding.UTF8.GetBytes(marker), cancellationToken);
            return true;
        });

    public Task<bool> IsEmptyAsync(CancellationToken cancellationToken) =>
        // A file system's own folder is in every new one.
        DoAsync(() =>
            Task.FromResult(
                !Directory.Exists(_folder)
                    || !Directory
                        .EnumerateFileSystemEntries(_folder)
                        .Any(path => Path.GetFileName(path) is not ("lost+found" or MarkerName))
            )
        );

    public Task<long?> FindLengthAsync(string name, CancellationToken cancellationToken) =>
        DoAsync(() =>
        {
            var file = new FileInfo(PathOf(name));
            return Task.FromResult<long?>(file.Exists ? file.Length : null);
        });

    public Task<bool> TryReadAsync(string name, long offset, Memory<byte> destination, CancellationToken cancellationToken) =>
        DoAsync(async () =>
        {
            var path = PathOf(name);
            if (!File.Exists(path))
                return false;
            using var file = File.OpenHandle(path, options: FileOptions.Asynchronous);
            while (!destination.IsEmpty)
            {
                var read = await RandomAccess.ReadAsync(file, destination, offset, cancellationToken);
                if (read == 0)
                    return false;
                destination = destination[read..];
                offset += read;
            }

            return true;
        });

    public Task WriteAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        DoAsync(async () =>
        {
            if (!File.Exists(PathOf(MarkerName)))
                throw new ReplicaException($"The replica {_folder} is not there: is its disk mounted?");
            var path = PathOf(name);
            var above = Path.GetDirectoryName(path)!;
            DurableFolder.Create(above);
            await DurableFile.WriteAsync(above, Path.GetFileName(path), content, cancellationToken);
            return true;
        });

    public Task DeleteAsync(string name, CancellationToken cancellationToken) =>
        DoAsync(() =>
        {
            var path = PathOf(name);
            if (File.Exists(path))
                File.Delete(path);
            return Task.FromResult(true);
        });

    public Task DeleteBelowAsync(string name, CancellationToken cancellationToken) =>
        DoAsync(() =>
        {
            var path = PathOf(name);
            if (!Directory.Exists(path))
                return Task.FromResult(true);
            Directory.Delete(path, recursive: true);
            DurableFolder.Sync(Path.GetDirectoryName(path)!);
            return Task.FromResult(true);
        });

    public IAsyncEnumerable<string> ListBelowAsync(string name, CancellationToken cancellationToken) =>
        List(name, path => Directory.GetFiles(path, "*", SearchOption.AllDirectories)).ToAsyncEnumerable();

    public IAsyncEnumerable<string> ListInAsync(string name, CancellationToken cancellationToken) =>
        List(name, Directory.GetFileSystemEntries).ToAsyncEnumerable();

    string[] List(string name, Func<string, string[]> entries) =>
        Do(() => Directory.Exists(PathOf(name)) ? [.. entries(PathOf(name)).Select(NameOf)] : Array.Empty<string>());

    string NameOf(string path) => Path.GetRelativePath(_folder, path).Replace(Path.DirectorySeparatorChar, '/');

    string PathOf(string name) => Path.Combine(_folder, name.Replace('/', Path.DirectorySeparatorChar));

    async Task<T> DoAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Explain(exception);
        }
    }

    T Do<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Explain(exception);
        }
    }

    ReplicaException Explain(Exception exception) =>
        exception switch
        {
            IOException full when DiskErrors.IsFull(full) => new ReplicaException(
                $"The disk of the replica {_folder} is full: make room there, and copying goes on.",
                exception
            ),
            IOException readOnly when DiskErrors.IsReadOnly(readOnly) => new ReplicaException(
                $"The disk of the replica {_folder} takes no writes.",
                exception
            ),
            UnauthorizedAccessException => new ReplicaException(
                $"The vault may not read or write in the replica {_folder}: make its user the owner.",
                exception
            ),
            _ => new ReplicaException(
                $"The replica {_folder} cannot be used now ({exception.GetType().Name}): {exception.Message}",
                exception
            ),
        };
}
