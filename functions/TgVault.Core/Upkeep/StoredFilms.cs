using TgVault.Core.Mp4.Index;
using TgVault.Core.Pictures;
using TgVault.Core.Playback.Open;
using TgVault.Core.Playback.Packaging;
using TgVault.Core.Videos;

namespace TgVault.Core.Upkeep;

/// <summary>Opens ready films for taking pictures of them: of an MP4 only what is decoded is fetched from the channel.</summary>
sealed class StoredFilms(OpenVideos videos, PackagedVideos packaged)
{
    // What has no index is fetched as a whole.
    const long MostCopied = 256 << 20;

    /// <summary>Takes what it is asked for from a film.</summary>
    /// <param name="video">Its row.</param>
    /// <param name="take">Is given the film, which is open as long as this lasts.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <exception cref="MediaException">It is no film; the message is for people.</exception>
    /// <exception cref="VaultException">What is stored could not be read.</exception>
    public async Task<T> TakeAsync<T>(Video video, Func<FilmSource, Task<T>> take, CancellationToken cancellationToken)
    {
        if (video.Inspection.Decision?.Action == MediaAction.KeepAsFile || FilmSource.VideoOf(video.Files.Prepared?.Media) is null)
            throw new MediaException("There are no moving pictures in it.");
        await using var stream =
            await videos.OpenAsync(video, cancellationToken) ?? throw new MediaException("It is not ready, so there is nothing to see.");
        var index = await FindIndexAsync(video, cancellationToken);
        if (index is null)
            stream.ReadEnd = stream.Length;
        return await take(
            new FilmSource(
                async (offset, destination, cancellation) =>
                {
                    stream.Position = offset;
                    await stream.ReadExactlyAsync(destination, cancellation);
                },
                stream.Length,
                video.Files.Prepared!.Media!,
                index,
                MostCopied
            )
            {
                Expect = ranges => stream.Expect([.. ranges.OrderBy(range => range.Offset)]),
            }
        );
    }

    async Task<Mp4Index?> FindIndexAsync(Video video, CancellationToken cancellationToken)
    {
        try
        {
            var index = (await packaged.GetAsync(video, 0, cancellationToken)).Index;
            return index.Tracks[0].Kind == MediaTrackKind.Video ? index : null;
        }
        catch (MediaException)
        {
            return null;
        }
    }
}
