using System.Collections.Immutable;
using Microsoft.Win32.SafeHandles;
using TgVault.Core.Streams;

namespace TgVault.Core.TakeOver;

/// <summary>The bytes of one blob, read out of the emulator's files from its first to its last.</summary>
sealed class EmulatorStream(ImmutableArray<EmulatorExtent> extents) : ReadOnlyStream
{
    SafeFileHandle? _file;
    string? _open;
    int _extent;
    long _within;

    /// <exception cref="TakeOverException">A file is missing or too short.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_extent < extents.Length && _within == extents[_extent].LengthBytes)
            (_extent, _within) = (_extent + 1, 0);
        if (_extent == extents.Length || buffer.IsEmpty)
            return 0;
        var extent = extents[_extent];
        var wanted = buffer[..(int)Math.Min(buffer.Length, extent.LengthBytes - _within)];
        var read = await RandomAccess.ReadAsync(FileOf(extent), wanted, extent.Offset + _within, cancellationToken);
        if (read == 0)
            throw TakeOverException.Unreadable(extent.File, "it is shorter than the blobs in it");
        _within += read;
        return read;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _file?.Dispose();
        base.Dispose(disposing);
    }

    SafeFileHandle FileOf(EmulatorExtent extent)
    {
        if (_open == extent.File)
            return _file!;
        _file?.Dispose();
        _open = null;
        try
        {
            _file = File.OpenHandle(extent.File, options: FileOptions.Asynchronous);
        }
        catch (FileNotFoundException exception)
        {
            throw TakeOverException.Unreadable(extent.File, "it is gone", exception);
        }

        _open = extent.File;
        return _file;
    }
}
