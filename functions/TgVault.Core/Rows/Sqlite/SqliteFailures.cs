using Microsoft.Data.Sqlite;
using TgVault.Core.Files;

namespace TgVault.Core.Rows.Sqlite;

/// <summary>What SQLite's errors mean to a person, in one sentence that says what to do (codes: sqlite.org/rescode.html).</summary>
static class SqliteFailures
{
    const int Busy = 5;
    const int Locked = 6;
    const int ReadOnly = 8;
    const int InputOutput = 10;
    const int Corrupt = 11;
    const int Full = 13;
    const int CannotOpen = 14;
    const int NoDatabase = 26;

    // The file that connections share cannot grow: the disk is full, or the quota used up.
    const int SharedMemorySize = InputOutput | (19 << 8);

    /// <summary>What a caller is told of an error of the database or of the disk; any other error as it is.</summary>
    public static Exception Explain(string folder, Exception exception) =>
        exception switch
        {
            SqliteException failure => Explain(folder, failure),
            IOException full when DiskErrors.IsFull(full) => FullDisk(folder, full),
            IOException or UnauthorizedAccessException => NotWritable(folder, exception),
            _ => exception,
        };

    /// <summary>Whether the file itself is at fault, not the disk or who else uses it.</summary>
    public static bool IsDamage(SqliteException failure) => failure.SqliteErrorCode is Corrupt or NoDatabase;

    public static StorageException NotWritable(string folder, Exception? inner) =>
        new($"Nothing can be written in {folder}: let the user that runs the vault write there, or name another folder.", inner);

    public static StorageException Damaged(string folder, string what, Exception? inner = null) =>
        new(
            $"The database in {folder} is damaged ({what}): stop the vault and put back the newest of {folder}/{VaultCopies.FolderName} "
                + "with `./tgvault restore FILE`.",
            inner
        );

    static StorageException FullDisk(string folder, Exception inner) =>
        new($"The disk that holds {folder} is full: free some space and the vault goes on by itself.", inner);

    static StorageException Explain(string folder, SqliteException failure) =>
        (failure.SqliteErrorCode, failure.SqliteExtendedErrorCode) switch
        {
            (Full, _) or (_, SharedMemorySize) => FullDisk(folder, failure),
            (ReadOnly or CannotOpen, _) => NotWritable(folder, failure),
            (Corrupt or NoDatabase, _) => Damaged(folder, $"SQLite says {failure.SqliteExtendedErrorCode}", failure),
            (Busy or Locked, _) => new($"The database in {folder} is in use by another program: end that one first.", failure),
            (InputOutput, var extended) => new(
                $"The disk that holds {folder} does not read or write (SQLite says {extended}): look at the disk and its free space.",
                failure
            ),
            (_, var extended) => new($"The database in {folder} failed (SQLite says {extended}); the log has more.", failure),
        };
}
