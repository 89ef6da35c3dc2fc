using System.Buffers;
using System.Globalization;
using System.Text;
using Azure;
using Azure.Core;
using Azure.Storage;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Microsoft.Win32.SafeHandles;
using TgVault.Cli.Terminal;

namespace TgVault.Cli.Client.Uploads;

/// <summary>
/// Sends one file in blocks straight to storage. Blocks are named by their offset, and a journal knows which have arrived, so that an
/// interrupted upload goes on where it was; memory is a few blocks whatever the file's size.
/// </summary>
sealed class FileUpload(VaultClient vault, string journalFolder)
{
    const int BlockBytes = 8 << 20;
    const int MaxBlocks = 50_000;
    const int Parallelism = 4;

    /// <summary>How long storing what was announced last takes at least, as told then; null where the vault keeps no pace.</summary>
    public TimeSpan? Storing { get; private set; }

    /// <summary>Returns the video's id.</summary>
    /// <param name="progress">Told how many bytes have arrived, of this file, and what is waited for.</param>
    /// <exception cref="IOException">The file cannot be read, or changed meanwhile.</exception>
    /// <exception cref="CommandFailedException">Where it goes nobody answers any more, or there is no room. What has arrived is
    /// kept.</exception>
    public async Task<string> SendAsync(string path, Announcement announcement, Transfer progress, CancellationToken cancellationToken)
    {
        var file = FileVersion.Of(path);
        using var handle = File.OpenHandle(
            file.Path,
            FileMode.Open,
            FileAccess.Read,
            FileShare.ReadWrite | FileShare.Delete,
            FileOptions.Asynchronous
        );
        announcement = announcement with { Size = file.SizeBytes };
        var server = vault.Url.GetLeftPart(UriPartial.Authority);
        using var turn = UploadJournal.Lock(journalFolder, server, file);
        if (UploadJournal.Find(journalFolder, server, file, announcement) is { } earlier)
        {
            using (earlier)
            {
                progress.Note("going on where it was ...");
                var video = await vault.FindAsync(earlier.Head.Upload.Id, cancellationToken);
                // Committed already, and only the journal's removal was missed.
                if (video is { Status: not "waiting" })
                    return Finish(earlier);
                // The URL of then may end in the middle, or lead to a port that is another's by now.
                if (
                    video is not null
                    && await vault.RenewAsync(earlier.Head.Upload.Id, cancellationToken) is { } renewed
                    && await TrySendAsync(earlier, renewed.UploadUrl, handle, progress, cancellationToken)
                )
                    return Finish(earlier);
            }
        }

        var announced = await vault.AnnounceAsync(announcement, cancellationToken);
        Storing = announced.StoringSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null;
        using var journal = UploadJournal.Begin(
            journalFolder,
            new JournalHead(server, file, announcement, announced, BlockSize(file.SizeBytes))
        );
        return await TrySendAsync(journal, journal.Head.Upload.UploadUrl, handle, progress, cancellationToken)
            ? Finish(journal)
            : throw new CommandFailedException($"Storage lost blocks of {announcement.Name} while they were sent; try again.");
    }

    static string Finish(UploadJournal journal)
    {
        journal.Delete();
        return journal.Head.Upload.Id;
    }

    /// <summary>False where storage no longer has the blocks that the journal lists, or no longer takes the URL:
    /// the upload has to begin anew.</summary>
    async Task<bool> TrySendAsync(
        UploadJournal journal,
        Uri uploadUrl,
        SafeFileHandle handle,
        Transfer progress,
        CancellationToken cancellationToken
    )
    {
        var (file, blockBytes) = (journal.Head.File, journal.Head.BlockBytes);
        var options = new BlobClientOptions
        {
            Retry =
            {
                // A vault on this machine that does not answer was stopped, mostly.
                MaxRetries = uploadUrl.IsLoopback ? 4 : 6,
                Mode = RetryMode.Exponential,
                MaxDelay = TimeSpan.FromSeconds(20),
            },
        };
        options.AddPolicy(new StorageTries(progress), HttpPipelinePosition.PerRetry);
        var blob = new BlockBlobClient(uploadUrl, options);
        var offsets = Offsets(file.SizeBytes, blockBytes);
        var arrived = new Arrived(progress, file.SizeBytes);
        try
        {
            await Parallel.ForEachAsync(
                offsets,
                new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellationToken },
                async (offset, cancelled) =>
                {
                    var length = (int)Math.Min(blockBytes, file.SizeBytes - offset);
                    if (!journal.IsDone(offset))
                    {
                        await SendBlockAsync(blob, handle, file, offset, length, arrived, cancelled);
                        journal.Add(offset);
                    }
                    else
                    {
                        arrived.Add(length);
                    }
                }
            );
            if (FileVersion.Of(file.Path) != file)
                throw Changed(journal);
            await blob.CommitBlockListAsync(offsets.Select(BlockId), new CommitBlockListOptions(), cancellationToken);
            return true;
        }
        catch (RequestFailedException refused) when (refused.ErrorCode == BlobErrorCode.BlobAlreadyExists)
        {
            // The commit's first answer was lost, and the vault was quicker than its repetition.
            if (await vault.FindAsync(journal.Head.Upload.Id, cancellationToken) is { Status: not "waiting" })
                return true;
            throw;
        }
        catch (RequestFailedException refused) when (refused.ErrorCode == BlobErrorCode.InvalidBlockList || refused.Status == 403)
        {
            journal.Delete();
            return false;
        }
        catch (EndOfStreamException)
        {
            throw Changed(journal);
        }
        catch (Exception exception) when (Failures.IsBrokenOff(exception))
        {
            throw new CommandFailedException(
                $"{(uploadUrl.Authority == vault.Url.Authority ? "The vault does not answer any more." : Failures.Describe(exception))} "
                    + GoesOn(progress),
                exception
            );
        }
        catch (RequestFailedException refused) when (Failures.IsDiskFull(refused))
        {
            throw new CommandFailedException($"{Failures.Describe(refused)} {GoesOn(progress)}", refused);
        }
    }

    static string GoesOn(Transfer progress) => $"{progress.Percent} % has arrived; the same command goes on from there.";

    static async Task SendBlockAsync(
        BlockBlobClient blob,
        SafeFileHandle handle,
        FileVersion file,
        long offset,
        int length,
        Arrived arrived,
        CancellationToken cancellationToken
    )
    {
        var buffer = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            for (var read = 0; read < length; )
            {
                var count = await RandomAccess.ReadAsync(handle, buffer.AsMemory(read, length - read), offset + read, cancellationToken);
                if (count == 0)
                    throw new EndOfStreamException(file.Path);
                read += count;
            }

            using var content = new MemoryStream(buffer, 0, length, writable: false);
            var options = new BlockBlobStageBlockOptions
            {
                ProgressHandler = arrived.Block(),
                TransferValidation = new UploadTransferValidationOptions { ChecksumAlgorithm = StorageChecksumAlgorithm.MD5 },
            };
            await blob.StageBlockAsync(BlockId(offset), content, options, cancellationToken);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    static IOException Changed(UploadJournal journal)
    {
        journal.Delete();
        return new IOException($"{journal.Head.File.Path} changed while it was read; upload it again once it is complete.");
    }

    static List<long> Offsets(long sizeBytes, int blockBytes)
    {
        var offsets = new List<long>();
        for (var offset = 0L; offset < sizeBytes; offset += blockBytes)
            offsets.Add(offset);
        return offsets;
    }

    /// <summary>All ids of a blob have to be of one length.</summary>
    static string BlockId(long offset) =>
        Convert.ToBase64String(Encoding.ASCII.GetBytes(offset.ToString("x16", CultureInfo.InvariantCulture)));

    static int BlockSize(long sizeBytes)
    {
        const int MiB = 1 << 20;
        var least = (sizeBytes + MaxBlocks - 1) / MaxBlocks;
        return (int)Math.Max(BlockBytes, (least + MiB - 1) / MiB * MiB);
    }

    /// <summary>Sums what the blocks under way report; a block that is sent again takes its earlier bytes back.</summary>
    sealed class Arrived(Transfer progress, long totalBytes)
    {
        long _bytes;

        public void Add(long bytes) => progress.Report((Interlocked.Add(ref _bytes, bytes), totalBytes));

        public IProgress<long> Block() => new BlockProgress(this);

        sealed class BlockProgress(Arrived arrived) : IProgress<long>
        {
            long _reported;

            public void Report(long value) => arrived.Add(value - Interlocked.Exchange(ref _reported, value));
        }
    }
}
