using System.Security.Cryptography;

namespace TgVault.Core.Files;

/// <summary>
/// A file that appears under its name whole or not at all, whenever the power goes: written under a temporary name, brought to the disk,
/// renamed, and the folder brought to the disk. Disposed before it has its name, it is removed.
/// </summary>
sealed class DurableFile : IDisposable
{
    /// <summary>What temporary names begin with; nothing else may. Left behind only by a process that was killed.</summary>
    public const string TemporaryStart = ".new-";

    const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    readonly string _folder;
    readonly string _temporary;
    readonly FileStream _stream;
    bool _isRenamed;

    DurableFile(string folder, string temporary, FileStream stream) => (_folder, _temporary, _stream) = (folder, temporary, stream);

    public long LengthBytes { get; private set; }

    /// <summary>Begins a file in a folder that is there; only the owner may read it.</summary>
    public static DurableFile Create(string folder)
    {
        var temporary = Path.Combine(folder, TemporaryStart + RandomNumberGenerator.GetHexString(16, lowercase: true));
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerOnly;
        return new DurableFile(folder, temporary, new FileStream(temporary, options));
    }

    /// <summary>A whole small file under that name, in place of the one before.</summary>
    public static async Task WriteAsync(string folder, string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        using var file = Create(folder);
        await file.AppendAsync(content, cancellationToken);
        file.Flush();
        file.RenameTo(name);
        DurableFolder.Sync(folder);
    }

    /// <summary>Appends. Not for several threads at once.</summary>
    public async ValueTask AppendAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        await _stream.WriteAsync(content, cancellationToken);
        LengthBytes += content.Length;
    }

    /// <summary>Brings the content to the disk.</summary>
    public void Flush() => _stream.Flush(flushToDisk: true);

    /// <summary>
    /// Gives it its name, in place of a file that has it. To be called after <see cref="Flush"/>; the name is safe once the caller has
    /// synced the folder, too.
    /// </summary>
    public void RenameTo(string name)
    {
        File.Move(_temporary, Path.Combine(_folder, name), overwrite: true);
        _isRenamed = true;
    }

    public void Dispose()
    {
        _stream.Dispose();
        if (_isRenamed)
            return;
        try
        {
            File.Delete(_temporary);
        }
        catch (IOException)
        {
            // The folder was removed with it, or it is swept at the next start.
        }
    }
}
