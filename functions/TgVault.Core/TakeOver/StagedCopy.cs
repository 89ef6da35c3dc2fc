using System.Buffers;
using System.Security.Cryptography;
using TgVault.Core.Files;
using TgVault.Core.Staging.Folder;
using TgVault.Core.Videos;

namespace TgVault.Core.TakeOver;

/// <summary>Copies staged blobs out of the emulator's files into a staging folder, and reads back what it wrote.</summary>
sealed class StagedCopy(StagingFolder folder)
{
    const int BufferBytes = 1 << 20;

    /// <summary>Makes the blob in the folder; returns what it is called there.</summary>
    /// <exception cref="TakeOverException">Its bytes are not all there, or the copy does not read as they do.</exception>
    public async Task<StagedBlob> CopyAsync(EmulatorBlob blob, CancellationToken cancellationToken)
    {
        var from = blob.Blob;
        var to = folder.Of(from.Area, from.Name);
        using var file = await folder.BeginFileAsync(to, cancellationToken);
        byte[] wanted;
        await using (var content = blob.Open())
            wanted = await HashAsync(content, file, cancellationToken);
        file.Flush();
        var version = await StagingFolder.CommitWholeAsync(to, file, from.Modified, cancellationToken);
        var copied = await to.ReadAsync(cancellationToken);
        var path = Path.Combine(to.Path, copied?.Files[0].File ?? "");
        await using (var written = File.OpenRead(path))
        {
            var read = await SHA256.HashDataAsync(written, cancellationToken);
            if (written.Length != from.LengthBytes || !wanted.AsSpan().SequenceEqual(read))
                throw new TakeOverException($"The upload {from.Name} does not read back as it was written: look at the disk of {path}.");
        }

        return new StagedBlob(from.Area, from.Name, version.ETag, version.LengthBytes, version.Modified);
    }

    /// <summary>Makes a block that waits to be committed: whoever sends that file goes on where it was.</summary>
    public async Task CopyAsync(EmulatorBlock block, CancellationToken cancellationToken)
    {
        var to = folder.Of(StagingArea.Uploads, block.Name);
        using var file = await folder.BeginFileAsync(to, cancellationToken);
        await using (var content = new EmulatorStream([block.Extent]))
            await HashAsync(content, file, cancellationToken);
        file.Flush();
        file.RenameTo(BlobFolder.BlockName(BlobVersion.NoTag, block.IdHex));
        DurableFolder.Sync(to.Path);
    }

    static async Task<byte[]> HashAsync(Stream content, DurableFile file, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            while (await content.ReadAsync(buffer, cancellationToken) is > 0 and var read)
            {
                hash.AppendData(buffer, 0, read);
                await file.AppendAsync(buffer.AsMemory(0, read), cancellationToken);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return hash.GetHashAndReset();
    }
}
