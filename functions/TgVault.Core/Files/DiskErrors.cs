namespace TgVault.Core.Files;

/// <summary>What a failed write means. .NET gives the system's own number.</summary>
public static class DiskErrors
{
    /// <summary>Whether the disk, or the user's share of it, is full.</summary>
    public static bool IsFull(IOException exception) =>
        // ENOSPC; EDQUOT on Linux and macOS; ERROR_DISK_FULL, ERROR_HANDLE_DISK_FULL.
        exception.HResult
            is 28
                or 122
                or 69
                or unchecked((int)0x80070070)
                or unchecked((int)0x80070027);

    /// <summary>Whether the file system takes no writes at all.</summary>
    public static bool IsReadOnly(IOException exception) =>
        // EROFS; ERROR_WRITE_PROTECT.
        exception.HResult
            is 30
                or unchecked((int)0x80070013);
}
