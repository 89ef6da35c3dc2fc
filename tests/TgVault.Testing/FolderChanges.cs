namespace TgVault.Testing;

/// <summary>Waits for what other processes bring about in a folder.</summary>
public static class FolderChanges
{
    /// <summary>Looks at once, and again whenever anything below the folder changes.</summary>
    public static async Task UntilAsync(string folder, Func<bool> condition, CancellationToken cancellationToken)
    {
        var signal = new Signal();
        using var watcher = new FileSystemWatcher(folder) { IncludeSubdirectories = true };
        watcher.NotifyFilter = NotifyFilters.FileName | NotifyFilters.DirectoryName | NotifyFilters.Size | NotifyFilters.LastWrite;
        watcher.Created += (_, _) => signal.Raise();
        watcher.Changed += (_, _) => signal.Raise();
        watcher.Deleted += (_, _) => signal.Raise();
        watcher.Renamed += (_, _) => signal.Raise();
        // Too many changes to be told one by one: that there were some is enough.
        watcher.Error += (_, _) => signal.Raise();
        watcher.EnableRaisingEvents = true;
        await signal.UntilAsync(condition).WaitAsync(cancellationToken);
    }
}
