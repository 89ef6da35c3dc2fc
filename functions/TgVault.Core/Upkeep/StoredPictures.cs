using Microsoft.Extensions.Logging;
using TgVault.Core.Library;
using TgVault.Core.Pictures;
using TgVault.Core.Videos;

namespace TgVault.Core.Upkeep;

/// <summary>Makes the pictures that the row of a ready video asks for.</summary>
interface IStoredPictures
{
    /// <summary>
    /// Takes them from the stored film and adds them as companions that wait; where that does not work, the row says why. Either way the
    /// row asks no more. After a crash in between it is done again, and what was added first is replaced.
    /// </summary>
    /// <exception cref="VaultException">What is stored cannot be read for now.</exception>
    Task MakeAsync(Video video, CancellationToken cancellationToken);
}

/// <inheritdoc/>
sealed class StoredPictures(
    ILibrary library,
    StoredFilms films,
    PictureTaker taker,
    ICompanionWishes wishes,
    TimeProvider time,
    ILogger<StoredPictures> logger
) : IStoredPictures
{
    public async Task MakeAsync(Video video, CancellationToken cancellationToken)
    {
        string? failure = null;
        try
        {
            foreach (var pictures in await films.TakeAsync(video, film => taker.TakeAsync(film, cancellationToken), cancellationToken))
            {
                // As the row is by now: a person may have chosen one meanwhile.
                if (pictures.Kind == CompanionKind.Poster && HasChosen(await library.FindAsync(video.Id, cancellationToken)))
                    continue;
                using var content = new MemoryStream(pictures.Content, writable: false);
                await wishes.AddAsync(video.Id, pictures.ToCompanion(), content, cancellationToken);
            }
        }
        catch (Exception exception)
            when (exception is IOException
                || (exception is VaultException and not (StorageException or ChunkStoreException { Failure: ChunkStoreFailure.Transient }))
            )
        {
            failure = exception is IOException ? "The temporary space was used up while its pictures were made." : exception.Message;
            logger.PicturesFailed(video.Id, failure);
        }

        await library.ChangeAsync(
            video.Id,
            current => current is { Life.Status: VideoStatus.Ready, Files.WantsPictures: true } ? Over(current, failure) : null,
            cancellationToken
        );
    }

    Video Over(Video video, string? failure)
    {
        var files = video.Files with { WantsPictures = false };
        if (failure is not null && files.LastCompanion + 2 <= Companion.MaxNumber)
        {
            var failed = PackedPictures
                .Failed(failure)
                .Where(companion => !files.Companions.Any(other => other.State != CompanionState.Failed && companion.HasPlaceOf(other)))
                .Select((companion, i) => companion with { Number = files.LastCompanion + 1 + i })
                .ToList();
            files = files with
            {
                Companions = [.. files.Companions.Where(other => !failed.Any(companion => companion.HasPlaceOf(other))), .. failed],
                LastCompanion = files.LastCompanion + failed.Count,
            };
        }

        return video with
        {
            Files = files,
            Updated = time.GetUtcNow(),
        };
    }

    static bool HasChosen(Video? video) =>
        video?.Files.Companions.Any(companion =>
            companion is { Kind: CompanionKind.Poster, Name: PackedPictures.Chosen, State: CompanionState.Stored or CompanionState.Waiting }
        ) == true;
}
