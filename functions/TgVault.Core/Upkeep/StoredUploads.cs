using Microsoft.Extensions.Logging;
using TgVault.Core.Library;
using TgVault.Core.Playback.Open;
using TgVault.Core.Staging;
using TgVault.Core.Videos;

namespace TgVault.Core.Upkeep;

/// <summary>Gives a video that is kept as a file its upload back, so that it is ingested anew.</summary>
interface IStoredUploads
{
    /// <summary>
    /// Stages what is stored, which is what was uploaded, byte for byte. The upload is then taken up as any other, and with that the row
    /// asks no more. Safe to repeat. What cannot be read any more is not asked for again.
    /// </summary>
    /// <exception cref="VaultException">What is stored cannot be read for now, or there is no room.</exception>
    Task StageAsync(Video video, CancellationToken cancellationToken);
}

/// <inheritdoc/>
sealed class StoredUploads(ILibrary library, IStaging staging, OpenVideos videos, TimeProvider time, ILogger<StoredUploads> logger)
    : IStoredUploads
{
    public async Task StageAsync(Video video, CancellationToken cancellationToken)
    {
        if (await staging.FindAsync(StagingArea.Uploads, video.Id.ToString(), cancellationToken) is not null)
            return;
        try
        {
            await using var stream = await videos.OpenAsync(video, cancellationToken);
            if (stream is null)
                return;
            stream.ReadEnd = stream.Length;
            await staging.SaveUploadAsync(video.Id, stream, cancellationToken);
        }
        catch (VaultException exception)
            when (exception is not (StorageException or ChunkStoreException { Failure: ChunkStoreFailure.Transient }))
        {
            logger.UploadNotStaged(video.Id, exception.Message);
            await library.ChangeAsync(
                video.Id,
                current =>
                    current.Files.WantsUpload
                        ? current with
                        {
                            Files = current.Files with { WantsUpload = false },
                            Updated = time.GetUtcNow(),
                        }
                        : null,
                cancellationToken
            );
        }
    }
}
