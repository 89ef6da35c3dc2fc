using TgVault.Core.Library;
using TgVault.Core.Pictures;
using TgVault.Core.Videos;

namespace TgVault.Core.Upkeep;

/// <summary>
/// Pictures that a person wishes of a ready video. A wish is in the row at once; an amendment (<see cref="IAmendments"/>) carries it out.
/// </summary>
public interface IPosters
{
    /// <summary>The largest file that a poster is made of, in bytes.</summary>
    const int MostBytes = Pictures.StillImage.MostBytes;

    /// <summary>Makes the picture on the screen at a moment the video's poster. Null where the video is not there or not ready.</summary>
    /// <param name="id">The video.</param>
    /// <param name="seconds">From its beginning; behind its end it is its last picture.</param>
    /// <param name="isWanted">Asked of the row that is changed, whatever others write meanwhile: where it says no, the poster stays as it
    /// is.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <exception cref="MediaException">There is no such picture, or ffmpeg could not make it; the message is for people.</exception>
    Task<Companion?> TakeAsync(VideoId id, double seconds, Func<Video, bool> isWanted, CancellationToken cancellationToken);

    /// <summary>Makes a picture the video's poster, encoded anew. Null where the video is not there or not ready.</summary>
    /// <param name="id">The video.</param>
    /// <param name="image">A JPEG or PNG of at most <see cref="MostBytes"/>.</param>
    /// <param name="isWanted">Asked of the row that is changed, as above.</param>
    /// <param name="cancellationToken">Stops encoding.</param>
    /// <exception cref="MediaException">It is no picture that is taken or can be decoded; the message is for people.</exception>
    Task<Companion?> PutAsync(VideoId id, ReadOnlyMemory<byte> image, Func<Video, bool> isWanted, CancellationToken cancellationToken);

    /// <summary>
    /// Wishes for poster and storyboard to be made anew; a poster that a person chose stays. Null where the video is not there or not
    /// ready, or not wanted so.
    /// </summary>
    Task<Video?> MakeAsync(VideoId id, Func<Video, bool> isWanted, CancellationToken cancellationToken);
}

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
