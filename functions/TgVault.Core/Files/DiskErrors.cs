namespace TgVault.Core.Files;

/// <summary>What a failed write means.</summary>
static class DiskErrors
{
    /// <summary>Whether the disk, or the user's share of it, is full.</summary>
    public static bool IsFull(IOException exception) =>
        // .NET gives the system's own number: ENOSPC; EDQUOT on Linux and macOS; ERROR_DISK_FULL, ERROR_HANDLE_DISK_FULL.
        exception.HResult
            is 28
                or 122
                or 69
                or unchecked((int)0x80070070)
                or unchecked((int)0x80070027);
}
