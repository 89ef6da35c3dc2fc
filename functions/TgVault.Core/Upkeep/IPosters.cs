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
