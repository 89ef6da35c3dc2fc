using System.Globalization;

namespace TgVault.Core.Ffmpeg;

/// <summary>A file for the time of one step, removed when disposed. Its name tells which process it belongs to, so that a later start can sweep what a crash left.</summary>
public sealed class TemporaryFile : IDisposable
{
    const string Prefix = "tgvault-";

    TemporaryFile(string path) => Path = path;

    public string Path { get; }

    public static TemporaryFile Create(string folder, string extension)
    {
        Directory.CreateDirectory(folder);
        return new TemporaryFile(System.IO.Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{Prefix}{Environment.ProcessId}-{Guid.NewGuid():N}{extension}")));
    }

    /// <summary>Removes what processes that are no longer there left in <paramref name="folder"/>.</summary>
    public static void Sweep(string folder)
    {
        if (!Directory.Exists(folder)) return;
        foreach (var path in Directory.EnumerateFiles(folder, Prefix + "*"))
        {
            var owner = System.IO.Path.GetFileName(path)[Prefix.Length..].Split('-')[0];
            if (int.TryParse(owner, NumberStyles.None, CultureInfo.InvariantCulture, out var process) && !IsRunning(process)) File.Delete(path);
        }
    }

    public void Dispose() => File.Delete(Path);

    static bool IsRunning(int processId)
    {
        if (processId == Environment.ProcessId) return true;
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
