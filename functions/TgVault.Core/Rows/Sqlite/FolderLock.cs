namespace TgVault.Core.Rows.Sqlite;

/// <summary>
/// Keeps a vault's folder for one process: a file that stays open. It is free again when the process ends, however that happens.
/// </summary>
static class FolderLock
{
    public const string FileName = "vault.lock";

    /// <summary>Takes the folder until the result is disposed of.</summary>
    /// <exception cref="StorageException">Another process has it, or nothing can be written there.</exception>
    public static IDisposable Take(string folder)
    {
        var path = Path.Combine(folder, FileName);
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception) when (exception.GetType() == typeof(IOException) && File.Exists(path))
        {
            throw new StorageException($"The vault in {folder} is in use: end the other `./tgvault` that runs on it first.", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw SqliteFailures.NotWritable(folder, exception);
        }
    }
}
