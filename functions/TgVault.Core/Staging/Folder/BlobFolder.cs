using System.Buffers;
using TgVault.Core.Files;

namespace TgVault.Core.Staging.Folder;

/// <summary>
/// The folder of one staged blob. It holds files with bytes, and the list <c>blocks</c> that says which of them are the blob. A file with
/// bytes is called <c>w-TAG</c> where it alone is that version of the blob, and <c>b-TAG-ID</c> where it is the block of that id (in hex),
/// staged while that version was the newest. What the list does not name and is not staged upon the newest version is nothing any more: so
/// a crash between any two steps leaves either the old blob or the new one, and files to sweep.
/// </summary>
sealed class BlobFolder(string path)
{
    /// <summary>What folders begin with that are being removed.</summary>
    public const string GoneStart = ".gone-";

    const string ListName = "blocks";

    /// <summary>50,000 names of block ids as long as Azure takes them.</summary>
    const int MaxListBytes = 16 << 20;

    static readonly SearchValues<char> NameCharacters = SearchValues.Create("0123456789abcdef-");

    public string Path => path;

    public static string WholeName(string tag) => $"w-{tag}";

    /// <param name="idHex">1 to 64 bytes in hex.</param>
    public static string BlockName(string tag, string idHex) => $"b-{tag}-{idHex}";

    /// <summary>The id, in hex, of a block that was staged upon that version; null for other files.</summary>
    public static string? IdStagedUpon(string tag, string file) =>
        file.StartsWith($"b-{tag}-", StringComparison.Ordinal) ? IdOf(file) : null;

    /// <summary>The id, in hex, of a block; null for other files.</summary>
    public static string? IdOf(string file) => file is ['b', '-', ..] && file.Length > 19 ? file[19..] : null;

    public static bool IsBlockFile(string file) =>
        file is ['w' or 'b', '-', ..] && file.Length <= 160 && !file.AsSpan(2).ContainsAnyExcept(NameCharacters);

    /// <summary>The newest version; null where nothing was committed, or its list is damaged.</summary>
    public async Task<BlobVersion?> FindAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var list = File.OpenHandle(System.IO.Path.Combine(path, ListName));
            var head = new byte[CommittedBlocks.MaxHeadBytes];
            var read = await RandomAccess.ReadAsync(list, head, 0, cancellationToken);
            var end = head.AsSpan(0, read).IndexOf((byte)'\n');
            return end < 0 ? null : BlobVersion.TryRead(head.AsSpan(0, end));
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>The newest version with its files; null as in <see cref="FindAsync"/>.</summary>
    public async Task<CommittedBlocks?> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            var list = new FileInfo(System.IO.Path.Combine(path, ListName));
            return list.Length > MaxListBytes
                ? null
                : CommittedBlocks.TryRead(await File.ReadAllBytesAsync(list.FullName, cancellationToken));
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Makes these files, which are on the disk already, the blob.</summary>
    public async Task CommitAsync(CommittedBlocks blocks, CancellationToken cancellationToken)
    {
        // The names that the list will tell of must not come to the disk after the list does.
        DurableFolder.Sync(path);
        await DurableFile.WriteAsync(path, ListName, blocks.Write(), cancellationToken);
    }

    /// <summary>Whether something was committed, even if its list cannot be read.</summary>
    public bool HasList => File.Exists(System.IO.Path.Combine(path, ListName));

    /// <summary>Every file with bytes, whatever it is still worth.</summary>
    public IEnumerable<FileInfo> BlockFiles() =>
        Directory.Exists(path) ? new DirectoryInfo(path).EnumerateFiles().Where(file => IsBlockFile(file.Name)) : [];

    /// <summary>Removes the files with bytes that are not in this version; those staged upon it only where told.</summary>
    public void RemoveOthers(CommittedBlocks? newest, Func<FileInfo, bool> removesStaged)
    {
        var tag = newest?.Version.Tag ?? BlobVersion.NoTag;
        var kept = newest?.Files.Select(file => file.File).ToHashSet(StringComparer.Ordinal);
        foreach (var file in BlockFiles())
        {
            if (kept?.Contains(file.Name) != true && (IdStagedUpon(tag, file.Name) is null || removesStaged(file)))
                file.Delete();
        }
    }

    /// <summary>
    /// Takes the blob and all blocks away in one step, whatever happens next. What comes back is to be given to <see cref="Erase"/> out of
    /// turn, because many files take long; null where there was nothing.
    /// </summary>
    public string? TakeAway()
    {
        var gone = GoneStart + BlobVersion.NewTag();
        try
        {
            DurableFolder.Rename(path, gone);
            return System.IO.Path.Combine(System.IO.Path.GetDirectoryName(path)!, gone);
        }
        catch (DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Removes what was taken away; what cannot be removed now is swept.</summary>
    public static void Erase(string gone)
    {
        try
        {
            Directory.Delete(gone, recursive: true);
        }
        catch (IOException)
        {
            // The sweep may be at it, or somebody reads.
        }
    }

    /// <summary>Removes what a process that was killed was writing. Only while nobody writes.</summary>
    public void RemoveTemporary()
    {
        foreach (var file in Directory.EnumerateFiles(path, DurableFile.TemporaryStart + "*"))
            File.Delete(file);
    }

    /// <summary>Removes the folder if nothing is in it, nor being written.</summary>
    public void RemoveIfEmpty()
    {
        if (Directory.EnumerateFileSystemEntries(path).Any())
            return;
        try
        {
            Directory.Delete(path);
        }
        catch (IOException)
        {
            // A block began to arrive just now.
        }
    }
}
