using TgVault.Core.Library;
using TgVault.Core.Pictures;
using TgVault.Core.Videos;

namespace TgVault.Core.Upkeep;

/// <inheritdoc/>
sealed class Posters(ILibrary library, StoredFilms films, PictureTaker taker, ICompanionWishes wishes, TimeProvider time) : IPosters
{
    public async Task<Companion?> TakeAsync(VideoId id, double seconds, Func<Video, bool> isWanted, CancellationToken cancellationToken)
    {
        if (await library.FindAsync(id, cancellationToken) is not { Life.Status: VideoStatus.Ready } video)
            return null;
        return await AddAsync(
            id,
            () => films.TakeAsync(video, film => taker.TakeAsync(film, seconds, cancellationToken), cancellationToken),
            isWanted,
            cancellationToken
        );
    }

    public async Task<Companion?> PutAsync(
        VideoId id,
        ReadOnlyMemory<byte> image,
        Func<Video, bool> isWanted,
        CancellationToken cancellationToken
    )
    {
        if (await library.FindAsync(id, cancellationToken) is not { Life.Status: VideoStatus.Ready })
            return null;
        return await AddAsync(id, () => taker.TakeAsync(image, cancellationToken), isWanted, cancellationToken);
    }

    public async Task<Video?> MakeAsync(VideoId id, Func<Video, bool> isWanted, CancellationToken cancellationToken)
    {
        var isRefused = false;
        var changed = await library.ChangeAsync(
            id,
            video =>
                !(isRefused = !isWanted(video)) && video is { Life.Status: VideoStatus.Ready, Files.WantsPictures: false }
                    ? video with
                    {
                        Files = video.Files with { WantsPictures = true },
                        Updated = time.GetUtcNow(),
                    }
                    : null,
            cancellationToken
        );
        return !isRefused && changed is { Life.Status: VideoStatus.Ready } ? changed : null;
    }

    async Task<Companion?> AddAsync(
        VideoId id,
        Func<Task<PackedPictures>> take,
        Func<Video, bool> isWanted,
        CancellationToken cancellationToken
    )
    {
        PackedPictures poster;
        try
        {
            poster = await take();
        }
        catch (FfmpegException exception)
        {
            throw new MediaException(exception.Message, exception);
        }
        catch (IOException exception)
        {
            throw new MediaException("The temporary space was used up while the picture was made.", exception);
        }

        using var content = new MemoryStream(poster.Content, writable: false);
        return await wishes.AddAsync(id, poster.ToCompanion(PackedPictures.Chosen), content, isWanted, cancellationToken);
    }
}
