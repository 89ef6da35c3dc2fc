using Microsoft.Extensions.Logging;
using TgVault.Core.Library;
using TgVault.Core.Videos;

namespace TgVault.Core.Upkeep;

/// <summary>
/// Removes what has been in the trash for its time. Engines ask as often as for <see cref="AbandonedUploads"/>; it costs what is in the
/// trash, not what is in the library.
/// </summary>
public sealed class TrashedVideos(ILibrary library, TimeProvider time, ILogger<TrashedVideos> logger)
{
    const int PageSize = 200;

    /// <summary>Marks every video whose time in the trash is over as being removed.</summary>
    /// <param name="remove">How the engine carries the removal of a marked video out.</param>
    /// <param name="cancellationToken">Stops looking.</param>
    public async Task EmptyAsync(Func<Video, Task> remove, CancellationToken cancellationToken)
    {
        var query = new VideoQuery(null, null, PageSize, null) { Status = VideoStatus.Trashed };
        do
        {
            var page = await library.ListAsync(query, cancellationToken);
            foreach (var video in page.Videos.Where(IsOver))
                await RemoveAsync(video, remove, cancellationToken);
            query = query with { Continuation = page.Continuation };
        } while (query.Continuation is not null);
    }

    async Task RemoveAsync(Video video, Func<Video, Task> remove, CancellationToken cancellationToken)
    {
        Video? marked = null;
        await library.ChangeAsync(
            video.Id,
            // Somebody may have brought it back just now.
            current => marked = IsOver(current) ? VideoLife.Remove(current, time.GetUtcNow()) : null,
            cancellationToken
        );
        if (marked is null)
            return;
        logger.TrashEmptied(video.Id);
        await remove(marked);
    }

    bool IsOver(Video video) => video.Life is { Status: VideoStatus.Trashed, TrashedUntil: { } until } && until <= time.GetUtcNow();
}
