using System.Text.Json;
using TgVault.Core.Files;

namespace TgVault.Cli.Local;

/// <summary>Small JSON files that only their owner may read. A write is whole and on the disk, or has not happened.</summary>
static class PrivateFile
{
    const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    const UnixFileMode FolderMode = OwnerOnly | UnixFileMode.UserExecute;

    static readonly JsonSerializerOptions Indented = new(JsonSerializerOptions.Web) { WriteIndented = true };

    public static void MakeFolder(string path)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path);
        else
            Directory.CreateDirectory(path, FolderMode);
    }

    public static void Write<T>(string path, T value)
    {
        var next = path + ".next";
        using (var stream = Open(next, FileMode.Create))
        {
            JsonSerializer.Serialize(stream, value, Indented);
            // The first of them is the master secret.
            stream.Flush(flushToDisk: true);
        }

        File.Move(next, path, overwrite: true);
        DurableFolder.Sync(Path.GetDirectoryName(Path.GetFullPath(path))!);
    }

    /// <summary>Null where the file is missing or is not what <see cref="Write"/> wrote.</summary>
    public static T? Read<T>(string path)
        where T : class
    {
        try
        {
            using var stream = File.OpenRead(path);
            return JsonSerializer.Deserialize<T>(stream, Indented);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException or JsonException)
        {
            return null;
        }
    }

    /// <summary>A file that this process alone has until it is disposed, and that is gone then.</summary>
    /// <exception cref="IOException">Another has it (<see cref="IsTaken"/>), or it cannot be made.</exception>
    public static FileStream Lock(string path)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            Options = FileOptions.DeleteOnClose,
        };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerOnly;
        return new FileStream(path, options);
    }

    /// <summary>Whether another process has the file: EWOULDBLOCK on Linux and macOS, ERROR_SHARING_VIOLATION, as .NET gives
    /// them.</summary>
    public static bool IsTaken(IOException exception) => exception.HResult is 11 or 35 or unchecked((int)0x80070020);

    /// <summary>A stream to a file that is made readable for its owner only.</summary>
    public static FileStream Open(string path, FileMode mode)
    {
        var options = new FileStreamOptions
        {
            Mode = mode,
            Access = FileAccess.Write,
            Share = FileShare.Read,
        };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerOnly;
        return new FileStream(path, options);
    }
}
