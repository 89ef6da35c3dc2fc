using System.Runtime.InteropServices;

namespace TgVault.Cli.Local;

/// <summary>Who owns what on this machine, and what new files let others do. On Windows a folder's rights are inherited.</summary>
static class Ownership
{
    const int StatxBytes = 256;
    const int UserAt = 20;
    const int CurrentFolder = -100;
    const uint WantsUser = 0x8;

    // All rights of group and others.
    const uint NothingForOthers = 0b000_111_111;

    /// <summary>What this process and its children make from now on is their user's alone.</summary>
    public static void KeepOthersOut()
    {
        if (!OperatingSystem.IsWindows())
            _ = SetMask(NothingForOthers);
    }

    /// <summary>Whether the file or folder is another user's; false where the system does not tell.</summary>
    public static bool IsAnothers(string path)
    {
        if (!OperatingSystem.IsLinux())
            return false;
        // The same on every processor (statx(2)).
        var found = new byte[StatxBytes];
        return Statx(CurrentFolder, path, 0, WantsUser, found) == 0 && BitConverter.ToUInt32(found, UserAt) != EffectiveUser();
    }

#pragma warning disable SYSLIB1054 // The generated form needs unsafe code, and these need no marshalling but a string and an array.
    [DllImport("libc", EntryPoint = "umask")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern uint SetMask(uint mask);

    [DllImport("libc", EntryPoint = "geteuid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern uint EffectiveUser();

    [DllImport("libc", EntryPoint = "statx")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern int Statx(int folder, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags, uint mask, [Out] byte[] found);
#pragma warning restore SYSLIB1054
}
