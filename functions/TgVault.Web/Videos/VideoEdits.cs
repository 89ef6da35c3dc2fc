using Microsoft.Extensions.Logging;
using TgVault.Core;
using TgVault.Core.Engine;
using TgVault.Core.Library;
using TgVault.Core.Videos;

namespace TgVault.Web.Videos;

/// <summary>Changes and removals that people ask for, of one video.</summary>
internal sealed class VideoEdits(ILibrary library, IIngestScheduler scheduler, TimeProvider time, ILogger<VideoEdits> log)
{
    /// <summary>
    /// Changes what a person says of the video, and has what is stored follow. Null where there is none; one that is being removed, or
    /// whose details stay as they are, is given back as it is.
    /// </summary>
    public async Task<Video?> ChangeAsync(VideoId id, Func<VideoDetails, VideoDetails> change, CancellationToken cancellationToken)
    {
        var changed = await library.ChangeAsync(
            id,
            video =>
            {
                if (video.Life.Status == VideoStatus.Deleting)
                    return null;
                var details = change(video.Details);
                return ReferenceEquals(details, video.Details)
                    ? null
                    : video with
                    {
                        Details = details,
                        // A vault recovered from the channel must have the new name too.
                        Manifests = video.Manifests with
                        {
                            IsStale = video.Manifests.IsStale || video.Manifests.Newest is not null,
                        },
                        Updated = time.GetUtcNow(),
                    };
            },
            cancellationToken
        );
        if (changed is { NeedsAmending: true })
            await scheduler.AmendAsync(id, cancellationToken);
        return changed;
    }

    /// <summary>Begins to remove the video and returns it as it goes; null where there is none.</summary>
    public async Task<Video?> RemoveAsync(VideoId id, CancellationToken cancellationToken)
    {
        if (await library.FindAsync(id, cancellationToken) is not { } video)
            return null;
        log.RemovalAsked(id);
        await scheduler.RemoveAsync(id, cancellationToken);
        // Small videos may be gone by now.
        return await library.FindAsync(id, cancellationToken) ?? VideoLife.Remove(video, time.GetUtcNow()) ?? video;
    }
}
