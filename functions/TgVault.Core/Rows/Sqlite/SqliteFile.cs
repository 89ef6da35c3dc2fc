using System.Globalization;
using Microsoft.Data.Sqlite;

namespace TgVault.Core.Rows.Sqlite;

/// <summary>The database file of a vault: how it is opened, what marks it as one, and what is looked at before it is used.</summary>
static class SqliteFile
{
    public const string Name = "vault.db";

    /// <summary>"TgVa" in the file's header: a vault's database (sqlite.org/pragma.html#pragma_application_id).</summary>
    const int ApplicationId = 0x54675661;

    /// <summary>The form of the tables. A database of a higher one is left alone.</summary>
    const int Form = 1;

    const int WriterCacheKiB = 8 << 10;
    const int ReaderCacheKiB = 4 << 10;

    // The log is cut to this after a checkpoint; it grows beyond while something reads for long, such as the nightly copy.
    const long LogBytes = 64 << 20;

    /// <summary>
    /// Opens the file for the writer, makes it where there is none, and checks that it is a vault's of a form that is known.
    /// </summary>
    /// <remarks>
    /// What is looked at costs the same for any size: header, marks, length of the file, the schema, and cells as they are read. Looking at
    /// every page takes seconds for each GiB, and a process that was killed leaves no damage in WAL mode; so that is done each night for
    /// the copy, and in the background after an end that was not clean (<see cref="NightlyCopies"/>).
    /// </remarks>
    /// <exception cref="StorageException">It is none that can be used.</exception>
    public static SqliteSession OpenToWrite(string path)
    {
        var session = Open(path, SqliteOpenMode.ReadWriteCreate, WriterCacheKiB);
        try
        {
            // Before the first page is written; later it says nothing.
            session.Execute("PRAGMA page_size = 4096");
            if (Number(session, "PRAGMA application_id") == 0 && Number(session, "SELECT count(*) FROM sqlite_schema") == 0)
                Make(session);
            Check(session, path);
            if (session.Scalar("PRAGMA journal_mode = WAL") as string != "wal")
                throw new StorageException($"The disk of {path} cannot share memory between programs: name a folder on a local disk.");
            session.Execute("PRAGMA synchronous = FULL");
            session.Scalar($"PRAGMA journal_size_limit = {LogBytes}");
            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>Opens the file to copy it or to look at all of it. Others may write it meanwhile.</summary>
    public static SqliteSession OpenToCopy(string path) => Open(path, SqliteOpenMode.ReadWrite, ReaderCacheKiB);

    /// <summary>Opens the file to read only. Others may write it meanwhile.</summary>
    public static SqliteSession OpenToRead(string path)
    {
        // Not SQLite's mode for reading: that one cannot make the files that readers and writers share.
        var session = Open(path, SqliteOpenMode.ReadWrite, ReaderCacheKiB);
        session.Execute("PRAGMA query_only = ON");
        return session;
    }

    /// <exception cref="StorageException">It is no vault's database, or one of a newer form.</exception>
    public static void Check(SqliteSession session, string path)
    {
        var folder = Path.GetDirectoryName(path);
        if (Number(session, "PRAGMA application_id") != ApplicationId)
            throw new StorageException($"{path} is no database of a vault: name another folder, or put back a copy of the vault's own.");
        var form = Number(session, "PRAGMA user_version");
        if (form > Form)
            throw new StorageException(
                $"The database in {folder} was written by a newer TgVault (form {form}, this one knows {Form}): run that version or a "
                    + "later one."
            );
        if (form < 1 || session.Scalar("SELECT value FROM store WHERE name = 'version'") is not long)
            throw SqliteFailures.Damaged(folder!, "its own table is gone");
    }

    /// <summary>Looks at every page; null where all is well, or else what was found first.</summary>
    /// <param name="isThorough">Also whether indexes and tables agree: takes several times as long.</param>
    public static string? FindDamage(SqliteSession session, bool isThorough)
    {
        var found = session.Scalar(isThorough ? "PRAGMA integrity_check(1)" : "PRAGMA quick_check(1)") as string;
        return found == "ok" ? null : found ?? "nothing was answered";
    }

    static SqliteSession Open(string path, SqliteOpenMode mode, int cacheKiB)
    {
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder
            {
                DataSource = path,
                Mode = mode,
                Pooling = false,
                DefaultTimeout = 5,
            }.ToString()
        );
        try
        {
            connection.Open();
            var session = new SqliteSession(connection);
            session.Scalar("PRAGMA busy_timeout = 5000");
            session.Execute($"PRAGMA cache_size = -{cacheKiB}");
            // No mmap: a damaged disk would end the process, and mapped pages count as its memory.
            session.Scalar("PRAGMA mmap_size = 0");
            session.Execute("PRAGMA cell_size_check = ON");
            session.Execute("PRAGMA trusted_schema = OFF");
            return session;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    static void Make(SqliteSession session)
    {
        session.Execute("BEGIN IMMEDIATE");
        session.Execute("CREATE TABLE store (name TEXT NOT NULL PRIMARY KEY, value INTEGER NOT NULL) STRICT");
        session.Execute("INSERT INTO store VALUES ('version', 0)");
        session.Execute($"PRAGMA user_version = {Form}");
        session.Execute($"PRAGMA application_id = {ApplicationId}");
        session.Execute("COMMIT");
    }

    static long Number(SqliteSession session, string sql) => Convert.ToInt64(session.Scalar(sql), CultureInfo.InvariantCulture);
}
