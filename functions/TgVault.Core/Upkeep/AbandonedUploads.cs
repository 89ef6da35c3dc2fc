using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using TgVault.Core.Library;
using TgVault.Core.Settings;
using TgVault.Core.Staging;
using TgVault.Core.Videos;

namespace TgVault.Core.Upkeep;

/// <summary>
/// Finds uploads that were announced and never came. Its cost is that of the videos announced in the last weeks, not of the library: it
/// reads the listing newest first and stops where an earlier run has been.
/// </summary>
public sealed class AbandonedUploads(
    ILibrary library,
    IStaging staging,
    UploadSettings settings,
    TimeProvider time,
    ILogger<AbandonedUploads> logger
)
{
    /// <summary>How often engines ask.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromDays(1);

    const int PageSize = 200;

    /// <summary>An upload URL can be renewed, and Azure keeps uncommitted blocks for a week.</summary>
    static readonly TimeSpan Grace = TimeSpan.FromDays(7);

    /// <summary>How far back a run looks: whoever runs it daily may miss a week.</summary>
    static readonly TimeSpan Reach = TimeSpan.FromDays(7);

    /// <summary>Marks what was announced and never came as being removed.</summary>
    /// <param name="remove">How the engine carries the removal of a marked video out.</param>
    /// <param name="cancellationToken">Stops looking.</param>
    public async Task ExpireAsync(Func<Video, Task> remove, CancellationToken cancellationToken)
    {
        await RemoveOrphansAsync(cancellationToken);
        await foreach (var video in ListAsync(cancellationToken))
        {
            Video? marked = null;
            await library.ChangeAsync(
                video.Id,
                // It may have come just now.
                current => marked = IsAwaited(current) ? VideoLife.Remove(current, time.GetUtcNow()) : null,
                cancellationToken
            );
            if (marked is null)
                continue;
            logger.UploadExpired(video.Id);
            await remove(marked);
        }
    }

    /// <summary>Announced uploads whose last URL ended a week ago and whose blob is not there.</summary>
    public async IAsyncEnumerable<Video> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var before = time.GetUtcNow() - TimeSpan.FromMinutes(settings.LifetimeMinutes) - Grace;
        string? continuation = null;
        do
        {
            var page = await library.ListAsync(new VideoQuery(null, null, PageSize, continuation), cancellationToken);
            foreach (var video in page.Videos)
            {
                if (video.Created < before - Reach)
                    yield break;
                if (video.Created < before && await IsAbandonedAsync(video, cancellationToken))
                    yield return video;
            }

            continuation = page.Continuation;
        } while (continuation is not null);
    }

    /// <summary>
    /// Removes what came to upload URLs of videos that are no more. Not at once: rows that are put back from a copy may want it.
    /// </summary>
    async Task RemoveOrphansAsync(CancellationToken cancellationToken)
    {
        var before = time.GetUtcNow() - Grace;
        await foreach (var blob in staging.ListUploadsAsync(cancellationToken))
        {
            if (blob.Modified >= before || VideoId.TryParse(blob.Name) is not { } id)
                continue;
            if (await library.FindAsync(id, cancellationToken) is not null)
                continue;
            logger.UploadOrphaned(id);
            await staging.DeleteAsync(blob, cancellationToken);
        }
    }

    async Task<bool> IsAbandonedAsync(Video video, CancellationToken cancellationToken) =>
        IsAwaited(video) && await staging.FindAsync(StagingArea.Uploads, video.Id.ToString(), cancellationToken) is null;

    static bool IsAwaited(Video video) => video is { Life.Status: VideoStatus.Waiting, Upload.Source: null };
}
