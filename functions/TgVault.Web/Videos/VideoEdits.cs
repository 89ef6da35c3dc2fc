using Microsoft.Extensions.Logging;
using TgVault.Core;
using TgVault.Core.Engine;
using TgVault.Core.Library;
using TgVault.Core.Playback.Open;
using TgVault.Core.Settings;
using TgVault.Core.Videos;
using TgVault.Web.Http;

namespace TgVault.Web.Videos;

/// <summary>Changes and removals that people ask for, of one video.</summary>
internal sealed class VideoEdits(
    ILibrary library,
    OpenVideos videos,
    IIngestScheduler scheduler,
    VaultSettings settings,
    TimeProvider time,
    ILogger<VideoEdits> log
)
{
    /// <summary>
    /// Changes what a person says of the video, and has what is stored follow. Null where there is none; one that cannot be changed
    /// now, or whose details stay as they are, is given back as it is.
    /// </summary>
    public async Task<Video?> ChangeAsync(VideoId id, Func<VideoDetails, VideoDetails> change, CancellationToken cancellationToken)
    {
        var changed = await library.ChangeAsync(
            id,
            video =>
            {
                if (Problem.WhyFixed(video) is not null)
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

    /// <summary>
    /// Puts a ready video into the trash, where the vault has one, and begins to remove any other; returns it as it is then. Null where
    /// there is none.
    /// </summary>
    /// <param name="isPermanent">Nothing goes into the trash, and what is there is removed.</param>
    public async Task<Video?> RemoveAsync(VideoId id, bool isPermanent, CancellationToken cancellationToken)
    {
        if (await library.FindAsync(id, cancellationToken) is not { } video)
            return null;
        if (!isPermanent && await TrashAsync(id, cancellationToken) is { } trashed)
            return trashed;
        log.RemovalAsked(id);
        await scheduler.RemoveAsync(id, cancellationToken);
        // Small videos may be gone by now.
        return await library.FindAsync(id, cancellationToken) ?? VideoLife.Remove(video, time.GetUtcNow()) ?? video;
    }

    /// <summary>Brings a video back from the trash and returns it; another as it is; null where there is none.</summary>
    public async Task<Video?> RestoreAsync(VideoId id, CancellationToken cancellationToken)
    {
        var isRestored = false;
        var video = await library.ChangeAsync(
            id,
            current =>
            {
                var restored = VideoLife.Untrash(current, time.GetUtcNow());
                isRestored = restored is not null;
                return restored;
            },
            cancellationToken
        );
        if (isRestored)
            log.VideoRestored(id);
        // What was asked for before it went there was not carried out since.
        if (video is { NeedsAmending: true })
            await scheduler.AmendAsync(id, cancellationToken);
        return video;
    }

    /// <summary>The video in the trash, also where it was there already; null where it does not go there.</summary>
    async Task<Video?> TrashAsync(VideoId id, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var video = await library.ChangeAsync(
            id,
            current => settings.TrashDays > 0 ? VideoLife.Trash(current, now.AddDays(settings.TrashDays), now) : null,
            cancellationToken
        );
        if (video is not { Life.Status: VideoStatus.Trashed })
            return null;
        log.VideoTrashed(id);
        // What plays here knows it at once.
        await videos.FindNowAsync(id, cancellationToken);
        return video;
    }
}
