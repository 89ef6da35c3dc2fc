using System.ComponentModel;
using System.Runtime.InteropServices;

namespace TgVault.Core.Files;

/// <summary>
/// Changes to folders that a loss of power does not undo. A rename or a new name is on the disk only once the folder that holds it is: what
/// returns from here is there.
/// </summary>
public static partial class DurableFolder
{
    const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Makes the folder and those above it where they are missing; only the owner may enter those that are made.</summary>
    /// <exception cref="IOException">It cannot be made.</exception>
    public static void Create(string path)
    {
        if (Directory.Exists(path))
            return;
        var above = Path.GetDirectoryName(Path.GetFullPath(path));
        if (above is not null)
            Create(above);
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path);
        else
            Directory.CreateDirectory(path, OwnerOnly);
        if (above is not null)
            Sync(above);
    }

    /// <summary>Gives the folder another name within the same parent, in one step.</summary>
    /// <exception cref="DirectoryNotFoundException">It is not there.</exception>
    public static void Rename(string path, string newName)
    {
        var above = Path.GetDirectoryName(path)!;
        Directory.Move(path, Path.Combine(above, newName));
        Sync(above);
    }

    /// <summary>Brings the folder's list of names to the disk (fsync). NTFS writes it through by itself.</summary>
    /// <exception cref="IOException">The disk did not take it.</exception>
    public static void Sync(string path)
    {
        if (OperatingSystem.IsWindows())
            return;
        // .NET opens no folders: SafeFileHandle refuses them.
        var folder = Open(path, OperatingSystem.IsMacOS() ? CloseOnExecMacOs : CloseOnExecLinux);
        if (folder < 0)
            throw Failed("opened", path);
        try
        {
            // Some file systems over a network cannot sync a folder (EINVAL) and promise nothing; it is not a failing disk.
            if (FSync(folder) != 0 && Marshal.GetLastPInvokeError() != InvalidArgument)
                throw Failed("written to the disk", path);
        }
        finally
        {
            _ = Close(folder);
        }
    }

    // O_RDONLY is 0 everywhere. A child process must not inherit the handle.
    const int CloseOnExecLinux = 0x80000;
    const int CloseOnExecMacOs = 0x1000000;
    const int InvalidArgument = 22;
    const int NoSuchFile = 2;

    static IOException Failed(string what, string path)
    {
        var error = Marshal.GetLastPInvokeError();
        var message = $"The folder {path} could not be {what}: {new Win32Exception(error).Message}.";
        return error == NoSuchFile ? new DirectoryNotFoundException(message) : new IOException(message, error);
    }

#pragma warning disable SYSLIB1054 // The generated form needs unsafe code, and these need no marshalling but a string.
    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern int FSync(int file);

    [DllImport("libc", EntryPoint = "close", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern int Close(int file);
#pragma warning restore SYSLIB1054
}
