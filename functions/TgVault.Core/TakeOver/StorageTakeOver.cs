using TgVault.Core.Files;
using TgVault.Core.Rows;
using TgVault.Core.Rows.Sqlite;
using TgVault.Core.Staging.Folder;
using TgVault.Core.Videos;

namespace TgVault.Core.TakeOver;

/// <summary>
/// Brings the storage of the version before, an emulator's folder, into the form of this one. What is copied is built beside it and gets
/// its name only when it is whole, counted and compared. So it may be killed at any point: the next start does it again, or ends it.
/// </summary>
/// <remarks>
/// <c>storage.new</c> is being built. Renamed to <c>storage.ready</c> it is the vault's: from there on, the old folder is put aside as
/// <c>storage.old</c>, and the new one gets the name <c>storage</c>.
/// </remarks>
public sealed class StorageTakeOver
{
    // What else grows on that disk meanwhile.
    const long SpareBytes = 64L << 20;

    // A row takes less in the database than as JSON; its log and its indexes come on top.
    const int RowsGrowth = 2;

    readonly string _storage;
    readonly string _prefix;
    readonly Action<string> _tell;
    readonly TimeProvider _time;

    /// <param name="storage">The folder that rows and uploads are in, before and after.</param>
    /// <param name="prefix"><see cref="Settings.VaultSettings.StoragePrefix"/>: only its tables and containers are taken over.</param>
    /// <param name="tell">Gets sentences for the person who waits.</param>
    /// <param name="time">Says when rows are written.</param>
    public StorageTakeOver(string storage, string prefix, Action<string> tell, TimeProvider time)
    {
        _storage = Path.GetFullPath(storage);
        (_prefix, _tell, _time) = (prefix, tell, time);
    }

    string Building => _storage + ".new";

    string Ready => ReadyOf(_storage);

    string Old => _storage + ".old";

    /// <summary>Whether the folder is an emulator's, of the version before, or was not put into its place yet.</summary>
    public static bool IsNeeded(string storage) => EmulatorFolder.IsOne(storage) || Directory.Exists(ReadyOf(Path.GetFullPath(storage)));

    /// <summary>
    /// Takes the folder over where that is needed, or ends what was begun. True where an older folder is left from an earlier take-over,
    /// for <see cref="Forget"/>.
    /// </summary>
    /// <exception cref="VaultException">It cannot be done; the message says why in a sentence, and the old folder is as it was.</exception>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        if (!Directory.Exists(Ready))
        {
            if (!EmulatorFolder.IsOne(_storage))
                return Directory.Exists(Old);
            await BuildAsync(cancellationToken);
            DurableFolder.Rename(Building, Path.GetFileName(Ready));
        }

        if (EmulatorFolder.IsOne(_storage))
            DurableFolder.Rename(_storage, Path.GetFileName(Old));
        DurableFolder.Rename(Ready, Path.GetFileName(_storage));
        _tell($"The old one is kept in {Old} until the next start.");
        return false;
    }

    /// <summary>Removes the folder that an earlier take-over put aside.</summary>
    public void Forget()
    {
        try
        {
            Directory.Delete(Old, recursive: true);
            _tell($"Removed {Old}, the library as the version before had it: the vault came up again without it.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            _tell($"{Old}, the library as the version before had it, is not needed any more and cannot be removed: {exception.Message}");
        }
    }

    async Task BuildAsync(CancellationToken cancellationToken)
    {
        await EmulatorRest.WaitAsync(_storage, cancellationToken);
        if (Directory.Exists(Building))
            Directory.Delete(Building, recursive: true);
        var tables = new EmulatorTables(_storage, _prefix);
        var counts = await RowCopy.CountAsync(tables, cancellationToken);
        var staged = await new EmulatorBlobs(_storage, _prefix).ListAsync(cancellationToken);
        CheckRoom(staged);
        var uploads = staged.Blobs.Where(blob => blob.Blob.Area == StagingArea.Uploads).ToList();
        _tell(
            $"Taking over the library of the version before: {counts[VaultTables.Videos]} videos, {counts.Values.Sum()} rows, "
                + $"{uploads.Count} uploads ({Size(staged.LengthBytes)}) ..."
        );

        DurableFolder.Create(Building);
        var moved = await CopyBlobsAsync(staged, cancellationToken);
        using (var store = SqliteRowStore.Open(Building, _time))
        {
            var copy = new RowCopy(tables, store, moved);
            await copy.CopyAsync(cancellationToken);
            await copy.CompareAsync(counts, cancellationToken);
        }

        _tell("Done, and compared.");
    }

    async Task<MovedBlobs> CopyBlobsAsync(StagedInEmulator staged, CancellationToken cancellationToken)
    {
        var copy = new StagedCopy(new StagingFolder(Building));
        var moved = new MovedBlobs();
        foreach (var blob in staged.Blobs)
            moved.Add(blob.Blob, await copy.CopyAsync(blob, cancellationToken));
        foreach (var block in staged.Blocks)
            await copy.CopyAsync(block, cancellationToken);
        return moved;
    }

    void CheckRoom(StagedInEmulator staged)
    {
        var tables = new FileInfo(Path.Combine(_storage, EmulatorTables.FileName));
        var needed = staged.LengthBytes + (tables.Exists ? RowsGrowth * tables.Length : 0) + SpareBytes;
        var free = new DriveInfo(_storage).AvailableFreeSpace;
        if (free < needed)
            throw new TakeOverException(
                $"Taking over the library of the version before needs {Size(needed)} of free space beside {_storage}, and there is "
                    + $"{Size(free)}: make room, then start again; nothing was changed."
            );
    }

    static string ReadyOf(string storage) => storage + ".ready";

    static string Size(long bytes) =>
        bytes switch
        {
            >= 1L << 30 => FormattableString.Invariant($"{bytes / (double)(1L << 30):0.0} GiB"),
            >= 1L << 20 => FormattableString.Invariant($"{bytes / (double)(1L << 20):0.0} MiB"),
            _ => FormattableString.Invariant($"{bytes} bytes"),
        };
}
