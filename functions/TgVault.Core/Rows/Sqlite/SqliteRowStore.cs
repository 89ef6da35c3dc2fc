using System.Collections.Concurrent;
using TgVault.Core.Files;

namespace TgVault.Core.Rows.Sqlite;

/// <summary>
/// The tables of one vault in a file of SQLite, in a folder that this process has for itself. One connection writes, some read; all of it
/// takes some 25 MiB of memory, whatever the vault holds.
/// </summary>
sealed class SqliteRowStore : IRowStore, IDisposable
{
    readonly ConcurrentDictionary<string, IRowFollower> _followers = new(StringComparer.Ordinal);
    readonly IDisposable _lock;
    readonly SqliteWriter _writer;
    readonly SqliteReaders _readers;

    SqliteRowStore(string folder, IDisposable folderLock, SqliteSession session, bool endedCleanly, TimeProvider time)
    {
        Folder = folder;
        EndedCleanly = endedCleanly;
        _lock = folderLock;
        var versions = new SqliteVersions(time);
        versions.Open(session);
        _writer = new SqliteWriter(session, versions, exception => SqliteFailures.Explain(Folder, exception));
        _readers = new SqliteReaders(() => SqliteFile.OpenToRead(File), exception => SqliteFailures.Explain(Folder, exception));
    }

    /// <summary>Full path of the folder.</summary>
    public string Folder { get; }

    public string File => Path.Combine(Folder, SqliteFile.Name);

    /// <summary>Whether the process that had the database before closed it.</summary>
    public bool EndedCleanly { get; }

    /// <summary>Opens the database of a folder; makes both where they are missing.</summary>
    /// <param name="time">Says when a row was written.</param>
    /// <exception cref="StorageException">It cannot be used; the message says why and what to do.</exception>
    public static SqliteRowStore Open(string folder, TimeProvider time)
    {
        folder = Path.GetFullPath(folder);
        Make(folder);
        var folderLock = FolderLock.Take(folder);
        try
        {
            var path = Path.Combine(folder, SqliteFile.Name);
            // The last connection that closes a database removes its log.
            var endedCleanly = !System.IO.File.Exists(path + "-wal");
            return new SqliteRowStore(folder, folderLock, SqliteFile.OpenToWrite(path), endedCleanly, time);
        }
        catch (Exception exception)
        {
            folderLock.Dispose();
            if (exception is Microsoft.Data.Sqlite.SqliteException)
                throw SqliteFailures.Explain(folder, exception);
            throw;
        }
    }

    public IRowTable Table(string name) => Rows(name);

    /// <summary>As <see cref="Table"/>.</summary>
    public SqliteRows Rows(string name)
    {
        RowLimits.CheckTable(name);
        return new SqliteRows(this, name);
    }

    /// <summary>From here on, every change of the table's rows is told to this follower, in place of an earlier one.</summary>
    public void Follow(string name, IRowFollower follower) => _followers[name] = follower;

    public IRowFollower? FollowerOf(string name) => _followers.GetValueOrDefault(name);

    /// <inheritdoc cref="SqliteWriter.WriteAsync"/>
    public Task<T> WriteAsync<T>(Func<SqliteSession, SqliteVersions, T> change, CancellationToken cancellationToken) =>
        _writer.WriteAsync(change, cancellationToken);

    /// <inheritdoc cref="SqliteReaders.ReadAsync"/>
    public Task<T> ReadAsync<T>(Func<SqliteSession, T> read, CancellationToken cancellationToken) =>
        _readers.ReadAsync(read, cancellationToken);

    /// <summary>Makes the changes that wait, closes the database and gives the folder free.</summary>
    public void Dispose()
    {
        // The writer closes last: the last connection brings the log into the file.
        _readers.Dispose();
        _writer.Dispose();
        _lock.Dispose();
    }

    static void Make(string folder)
    {
        try
        {
            DurableFolder.Create(folder);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw SqliteFailures.NotWritable(folder, exception);
        }
    }
}
