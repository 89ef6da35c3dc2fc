using TgVault.Core.Files;
using TgVault.Core.Videos;

namespace TgVault.Core.Staging.Folder;

/// <summary>
/// The folder that staging is in: where each blob lies, and whose turn it is to change one. One process at a time may use it.
/// </summary>
sealed class StagingFolder(string root)
{
    // Names share locks by chance; nothing is done under one that takes long.
    const int Locks = 64;

    /// <summary>What uploads leave free, so that the rows, which are on the same disk, can still be written.</summary>
    const long LeftFreeBytes = 64L << 20;

    readonly SemaphoreSlim[] _locks = [.. Enumerable.Range(0, Locks).Select(_ => new SemaphoreSlim(1))];

    public string PathOf(StagingArea area) => Path.Combine(root, area == StagingArea.Uploads ? "uploads" : "prepared");

    /// <exception cref="ArgumentException">No blob can have that name.</exception>
    public BlobFolder Of(StagingArea area, string name) => new(Path.Combine(PathOf(area), StagedNames.Encode(name)));

    /// <summary>The names of all that have a folder and begin so, in order.</summary>
    public IEnumerable<string> Names(StagingArea area, string start) =>
        Directory
            .EnumerateDirectories(PathOf(area))
            .Select(path => StagedNames.Decode(Path.GetFileName(path)))
            .OfType<string>()
            .Where(name => name.StartsWith(start, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);

    /// <summary>Waits for the turn to change what this blob is; disposing gives it back.</summary>
    public async Task<IDisposable> EnterAsync(BlobFolder blob, CancellationToken cancellationToken)
    {
        var turn = _locks[(uint)StringComparer.Ordinal.GetHashCode(blob.Path) % Locks];
        await turn.WaitAsync(cancellationToken);
        return new Turn(turn);
    }

    /// <summary>Begins a file of that blob, whose folder may be being swept.</summary>
    public async Task<DurableFile> BeginFileAsync(BlobFolder blob, CancellationToken cancellationToken)
    {
        using var turn = await EnterAsync(blob, cancellationToken);
        DurableFolder.Create(blob.Path);
        return DurableFile.Create(blob.Path);
    }

    /// <exception cref="UploadRefusedException">The disk has no room for so many bytes more.</exception>
    public void EnsureRoom(long bytes)
    {
        if (new DriveInfo(root).AvailableFreeSpace - LeftFreeBytes < bytes)
            throw DiskFull(null);
    }

    public static UploadRefusedException DiskFull(Exception? exception) =>
        new(
            UploadRefusal.DiskFull,
            "The vault's disk is full. What has arrived is kept: make room there, then go on with the upload.",
            exception
        );

    /// <summary>Makes what was written the whole blob. In turn, once the file is flushed.</summary>
    public static async Task<BlobVersion> CommitWholeAsync(
        BlobFolder blob,
        DurableFile file,
        DateTimeOffset modified,
        CancellationToken cancellationToken
    )
    {
        var tag = BlobVersion.NewTag();
        var name = BlobFolder.WholeName(tag);
        file.RenameTo(name);
        var blocks = new CommittedBlocks(tag, modified, [new BlockFile(name, file.LengthBytes)]);
        await blob.CommitAsync(blocks, cancellationToken);
        blob.RemoveOthers(blocks, _ => true);
        return blocks.Version;
    }

    sealed class Turn(SemaphoreSlim turn) : IDisposable
    {
        public void Dispose() => turn.Release();
    }
}
