using System.Runtime.Versioning;
using TgVault.Cli.Terminal;

namespace TgVault.Cli.Local;

/// <summary>
/// The rule for a vault's data folder: its user's alone. It holds the master secret, and in clear every name and every upload that is not
/// stored yet.
/// </summary>
static class PrivateFolder
{
    const UnixFileMode Others =
        UnixFileMode.GroupRead
        | UnixFileMode.GroupWrite
        | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead
        | UnixFileMode.OtherWrite
        | UnixFileMode.OtherExecute;
    const UnixFileMode OthersWrite = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    /// <summary>Makes the folder, or looks at the one that is there.</summary>
    /// <exception cref="CommandFailedException">Others own it, can write or read it, or something in it leads elsewhere.</exception>
    public static void Open(string path)
    {
        if (!Directory.Exists(path) || OperatingSystem.IsWindows())
        {
            PrivateFile.MakeFolder(path);
            return;
        }

        if (Ownership.IsAnothers(path))
            throw new CommandFailedException(
                $"{path} belongs to another user, who could take the vault over. Make it yours (chown -R USER {path}), or name another "
                    + "folder with --data."
            );
        CloseToOthers(path);
        foreach (var folder in (string[])[path, Path.Combine(path, "storage"), Path.Combine(path, "telegram")])
            CheckLinks(folder);
    }

    [UnsupportedOSPlatform("windows")]
    static void CloseToOthers(string path)
    {
        var mode = File.GetUnixFileMode(path);
        if ((mode & Others) == 0)
            return;
        // As mkdir makes it: nobody can have read or put in anything.
        if ((mode & OthersWrite) == 0 && !Directory.EnumerateFileSystemEntries(path).Any())
        {
            File.SetUnixFileMode(path, mode & ~Others);
            return;
        }

        var what = (mode & OthersWrite) != 0 ? "write to" : "read";
        throw new CommandFailedException(
            $"Other users of this machine can {what} {path}, which holds the vault's secrets. Close it to them: chmod 700 {path}"
        );
    }

    static void CheckLinks(string folder)
    {
        if (!Directory.Exists(folder))
            return;
        foreach (var entry in new DirectoryInfo(folder).EnumerateFileSystemInfos())
        {
            if (entry.LinkTarget is not null)
                throw new CommandFailedException(
                    $"{entry.FullName} is a symbolic link. A vault keeps its files in its data folder: put there what the link leads to, "
                        + "or name another folder with --data."
                );
        }
    }
}
