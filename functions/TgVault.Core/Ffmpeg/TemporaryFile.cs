using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace TgVault.Core.Ffmpeg;

/// <summary>
/// A file for the time of one step, in a folder of its own, removed when disposed. Nobody but the vault's user can read either. The
/// folder's name tells which process of which machine it belongs to, so that a later start can sweep what a crash left, also in a folder
/// that several machines share.
/// </summary>
sealed class TemporaryFile : IDisposable
{
    const string Prefix = "tgvault-";

    /// <summary>
    /// Longer than ffmpeg can be given for one file. Of a process on another machine nothing but age tells that it is gone.
    /// </summary>
    static readonly TimeSpan LongestUse = TimeSpan.FromDays(8);

    static readonly string Machine = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Environment.MachineName)), 0, 4);

    readonly string _folder;

    TemporaryFile(string folder, string path) => (_folder, Path) = (folder, path);

    /// <summary>The file, which is there and empty at first. What lies beside it is removed with it.</summary>
    public string Path { get; }

    public static TemporaryFile Create(string folder, string extension)
    {
        var own = System.IO.Path.Combine(
            folder,
            string.Create(CultureInfo.InvariantCulture, $"{Prefix}{Environment.ProcessId}-{Machine}-{Guid.NewGuid():N}")
        );
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        Directory.CreateDirectory(folder);
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(own);
        else
        {
            Directory.CreateDirectory(own, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        var path = System.IO.Path.Combine(own, $"file{extension}");
        new FileStream(path, options).Dispose();
        return new TemporaryFile(own, path);
    }

    /// <summary>
    /// Removes what processes that are no longer there left in <paramref name="folder"/>: this machine's at once, those of others after
    /// eight days.
    /// </summary>
    public static void Sweep(string folder)
    {
        if (!Directory.Exists(folder))
            return;
        foreach (var path in Directory.EnumerateFileSystemEntries(folder, Prefix + "*"))
        {
            if (IsLeftBehind(path))
                Remove(path);
        }
    }

    public void Dispose()
    {
        // Twice is as well as once.
        if (Directory.Exists(_folder))
            Directory.Delete(_folder, recursive: true);
    }

    static bool IsLeftBehind(string path)
    {
        var owner = System.IO.Path.GetFileName(path)[Prefix.Length..].Split('-', 3);
        if (owner.Length < 3 || !int.TryParse(owner[0], NumberStyles.None, CultureInfo.InvariantCulture, out var process))
            return false;
        return owner[1] == Machine ? !IsRunning(process) : Directory.GetLastWriteTimeUtc(path) < DateTime.UtcNow - LongestUse;
    }

    static void Remove(string path)
    {
        try
        {
            if (Directory.Exists(path))
                Directory.Delete(path, recursive: true);
            else
                File.Delete(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Another machine has it open, or it is another user's in a folder for all: no reason for this vault not to start.
        }
    }

    static bool IsRunning(int processId)
    {
        if (processId == Environment.ProcessId)
            return true;
        try
        {
            using var process = System.Diagnostics.Process.GetProcessById(processId);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
