using System.Runtime.CompilerServices;
using TgVault.Core.Library;
using TgVault.Core.Settings;
using TgVault.Core.Staging;
using TgVault.Core.Videos;

namespace TgVault.Core.Upkeep;

/// <summary>
/// Finds uploads that were announced and never came. Costs the videos announced in the last weeks, not the library: it reads the listing newest
/// first and stops where an earlier run has been.
/// </summary>
public sealed class AbandonedUploads(ILibrary library, IStaging staging, UploadSettings settings, TimeProvider time)
{
    const int PageSize = 200;

    /// <summary>An upload URL can be renewed, and Azure keeps uncommitted blocks for a week.</summary>
    static readonly TimeSpan Grace = TimeSpan.FromDays(7);

    /// <summary>How far back a run looks: whoever runs it daily may miss a week.</summary>
    static readonly TimeSpan Reach = TimeSpan.FromDays(7);

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

    async Task<bool> IsAbandonedAsync(Video video, CancellationToken cancellationToken) =>
        video is { Life.Status: VideoStatus.Waiting, Upload.Source: null }
        && await staging.FindAsync(StagingArea.Uploads, video.Id.ToString(), cancellationToken) is null;
}
