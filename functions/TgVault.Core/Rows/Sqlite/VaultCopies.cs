using System.Globalization;
using TgVault.Core.Files;

namespace TgVault.Core.Rows.Sqlite;

/// <summary>
/// Copies of the database of a vault that keeps its rows in a folder. They hold the rows: what videos there are and where their documents
/// lie. Uploads that were not ingested yet are files beside it, and not in them.
/// </summary>
public static class VaultCopies
{
    /// <summary>Where the vault's own copies lie, within its folder.</summary>
    internal const string FolderName = "copies";

    /// <summary>
    /// Copies the database as it is now into a file of its own, whether the vault runs or not, and reads the copy through.
    /// </summary>
    /// <param name="folder">The vault's.</param>
    /// <param name="file">It must not exist; its folder must.</param>
    /// <param name="cancellationToken">Ends it; nothing is left then.</param>
    /// <exception cref="StorageException">It could not be copied; the message says why. Nothing is left.</exception>
    public static Task BackupAsync(string folder, string file, CancellationToken cancellationToken) =>
        Task.Run(() => Backup(Path.GetFullPath(folder), Path.GetFullPath(file), cancellationToken), cancellationToken);

    /// <summary>
    /// Puts a copy in the place of the database of a vault that does not run, in one step, after reading it through. The database that was
    /// there is kept.
    /// </summary>
    /// <param name="file">Made by <see cref="BackupAsync"/>, or by the vault each night. It stays.</param>
    /// <param name="folder">The vault's; made where there is none.</param>
    /// <param name="time">Names what is kept.</param>
    /// <param name="cancellationToken">Ends it while the copy is read; afterwards it is too late.</param>
    /// <returns>Where the database that was there is now; null where there was none.</returns>
    /// <exception cref="StorageException">The copy cannot be used, or the folder not written. The vault is as it was.</exception>
    public static Task<string?> RestoreAsync(string file, string folder, TimeProvider time, CancellationToken cancellationToken) =>
        Task.Run(() => Restore(Path.GetFullPath(file), Path.GetFullPath(folder), time, cancellationToken), cancellationToken);

    internal static void Backup(string folder, string file, CancellationToken cancellationToken)
    {
        var database = Path.Combine(folder, SqliteFile.Name);
        if (!File.Exists(database))
            throw new StorageException($"There is no vault in {folder}: name the folder of one.");
        if (File.Exists(file))
            throw new StorageException($"{file} exists: name a file that does not, or remove it.");
        var target = Path.GetDirectoryName(file)!;
        if (!Directory.Exists(target))
            throw new StorageException($"There is no folder {target}: make it, or name another one.");

        // Only what is whole gets the name.
        var partial = file + ".partial";
        try
        {
            RemoveDatabase(partial);
            MakePrivate(partial);
            Copy(database, partial, cancellationToken);
            if (WhatIsWrongWith(partial, cancellationToken) is { } found)
                throw new StorageException($"The copy in {target} does not read as it was written ({found}): look at that disk.");
            Flush(partial);
            File.Move(partial, file);
            DurableFolder.Sync(target);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw SqliteFailures.Explain(target, exception);
        }
        finally
        {
            RemoveDatabase(partial);
        }
    }

    static string? Restore(string file, string folder, TimeProvider time, CancellationToken cancellationToken)
    {
        if (!File.Exists(file))
            throw new StorageException($"There is no file {file}: name a copy, such as the newest in {Path.Combine(folder, FolderName)}.");
        if (File.Exists(file + "-wal"))
            throw new StorageException($"{file} is a database with its log beside it, no copy: make one of it with `./tgvault backup`.");
        var database = Path.Combine(folder, SqliteFile.Name);
        var incoming = database + ".incoming";
        try
        {
            DurableFolder.Create(folder);
            using var folderLock = FolderLock.Take(folder);
            RemoveDatabase(incoming);
            try
            {
                // What is looked at is what will be used.
                CopyFile(file, incoming);
                if (WhatIsWrongWith(incoming, cancellationToken) is { } found)
                    throw new StorageException($"{file} is no whole copy of a vault's database ({found}): name another one.");
                var aside = File.Exists(database) ? SetAside(database, folder, time.GetUtcNow()) : null;
                File.Move(incoming, database, overwrite: true);
                DurableFolder.Sync(folder);
                return aside;
            }
            finally
            {
                RemoveDatabase(incoming);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw SqliteFailures.Explain(folder, exception);
        }
    }

    static void Copy(string database, string file, CancellationToken cancellationToken)
    {
        var folder = Path.GetDirectoryName(database)!;
        try
        {
            using var session = SqliteFile.OpenToCopy(database);
            using var stop = cancellationToken.Register(session.Interrupt);
            SqliteFile.Check(session, database);
            if (SqliteFile.FindDamage(session, isThorough: false) is { } found)
                throw SqliteFailures.Damaged(folder, found);
            session.Execute("VACUUM INTO $1", file);
        }
        catch (Microsoft.Data.Sqlite.SqliteException exception)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw SqliteFailures.Explain(SqliteFailures.IsDamage(exception) ? folder : Path.GetDirectoryName(file)!, exception);
        }
    }

    /// <summary>Reads a database file through that nobody uses; null where it is a vault's and whole.</summary>
    static string? WhatIsWrongWith(string file, CancellationToken cancellationToken)
    {
        try
        {
            using var session = SqliteFile.OpenToCopy(file);
            using var stop = cancellationToken.Register(session.Interrupt);
            SqliteFile.Check(session, file);
            return SqliteFile.FindDamage(session, isThorough: true);
        }
        catch (Microsoft.Data.Sqlite.SqliteException exception)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (SqliteFailures.IsDamage(exception))
                return $"SQLite says {exception.SqliteExtendedErrorCode}";
            throw SqliteFailures.Explain(Path.GetDirectoryName(file)!, exception);
        }
    }

    /// <summary>
    /// Copies the database with its log, and takes the log away: SQLite would play it into whatever file has the name. The file itself
    /// stays until another takes its place: a start in between must not find none and make an empty one.
    /// </summary>
    static string SetAside(string database, string folder, DateTimeOffset now)
    {
        try
        {
            using var session = SqliteFile.OpenToCopy(database);
            session.Scalar("PRAGMA wal_checkpoint(TRUNCATE)");
        }
        catch (Microsoft.Data.Sqlite.SqliteException)
        {
            // It is damaged, which is why a copy is put back: it is kept as it is.
        }

        var copies = Path.Combine(folder, FolderName);
        DurableFolder.Create(copies);
        var aside = Path.Combine(copies, string.Create(CultureInfo.InvariantCulture, $"before-restore-{now:yyyyMMdd-HHmmss}.db"));
        foreach (var end in new[] { "", "-wal" })
        {
            if (File.Exists(database + end))
                CopyFile(database + end, aside + end);
        }

        DurableFolder.Sync(copies);
        File.Delete(database + "-wal");
        File.Delete(database + "-shm");
        return aside;
    }

    /// <summary>SQLite writes into an empty file, too: one that only its owner may read, wherever it lies.</summary>
    static void MakePrivate(string file)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var made = new FileStream(file, options);
    }

    static void CopyFile(string from, string to)
    {
        File.Copy(from, to, overwrite: true);
        Flush(to);
    }

    static void Flush(string file)
    {
        using var handle = File.OpenHandle(file, FileMode.Open, FileAccess.ReadWrite);
        RandomAccess.FlushToDisk(handle);
    }

    static void RemoveDatabase(string file)
    {
        foreach (var end in new[] { "", "-journal", "-wal", "-shm" })
            File.Delete(file + end);
    }
}
