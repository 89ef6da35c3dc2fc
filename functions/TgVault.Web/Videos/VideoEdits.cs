using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using TgVault.Core;
using TgVault.Core.Engine;
using TgVault.Core.Ingest.Decision;
using TgVault.Core.Library;
using TgVault.Core.Playback.Open;
using TgVault.Core.Settings;
using TgVault.Core.Staging;
using TgVault.Core.Videos;
using TgVault.Web.Http.Problems;

namespace TgVault.Web.Videos;

/// <summary>Changes and removals that people ask for, of one video.</summary>
internal sealed class VideoEdits(
    ILibrary library,
    IStaging staging,
    OpenVideos videos,
    IIngestScheduler scheduler,
    VaultSettings settings,
    TimeProvider time,
    ILogger<VideoEdits> log
)
{
    /// <summary>
    /// Changes what a person says of the video, and has what is stored follow. No video where there is none; one whose details stay as
    /// they are is given back as it is.
    /// </summary>
    /// <param name="refuse">Asked of the row that is changed, whatever is written meanwhile; null: it may be.</param>
    public async Task<EditedVideo> ChangeAsync(
        VideoId id,
        Func<Video, Problem?> refuse,
        Func<VideoDetails, VideoDetails> change,
        CancellationToken cancellationToken
    )
    {
        Problem? refusal = null;
        var changed = await library.ChangeAsync(
            id,
            video =>
            {
                refusal = refuse(video) ?? Problem.WhyFixed(video);
                if (refusal is not null)
                    return null;
                var details = change(video.Details);
                return ReferenceEquals(details, video.Details)
                    ? null
                    : video with
                    {
                        Details = details,
                        // A vault recovered from the channel must have the new name too.
                        Manifests = video.Manifests.Outdated(),
                        Updated = time.GetUtcNow(),
                    };
            },
            cancellationToken
        );
        if (refusal is null && changed is { NeedsAmending: true })
            await scheduler.AmendAsync(id, cancellationToken);
        return new EditedVideo(changed, changed is null ? null : refusal);
    }

    /// <summary>
    /// Puts a ready video into the trash, where the vault has one, and begins to remove any other; gives it as it is then. No video where
    /// there is none.
    /// </summary>
    /// <param name="isPermanent">Nothing goes into the trash, and what is there is removed.</param>
    /// <param name="refuse">Asked of the row that is changed; null: it may be.</param>
    public async Task<EditedVideo> RemoveAsync(
        VideoId id,
        bool isPermanent,
        Func<Video, Problem?> refuse,
        CancellationToken cancellationToken
    )
    {
        var now = time.GetUtcNow();
        Problem? refusal = null;
        var video = await library.ChangeAsync(
            id,
            current =>
            {
                refusal = refuse(current);
                return refusal is null ? Removed(current, isPermanent, now) : null;
            },
            cancellationToken
        );
        if (video is null || refusal is not null)
            return new EditedVideo(video, refusal);
        if (video.Life.Status == VideoStatus.Trashed)
        {
            log.VideoTrashed(id);
            // What plays here knows it at once.
            await videos.FindNowAsync(id, cancellationToken);
            return new EditedVideo(video, null);
        }

        log.RemovalAsked(id);
        await scheduler.RemoveAsync(id, cancellationToken);
        // Small videos may be gone by now.
        return new EditedVideo(await library.FindAsync(id, cancellationToken) ?? video, null);
    }

    /// <summary>
    /// Tries a failed video again, or one that is kept as a file and may play as the vault is set now, and gives it; no video where there
    /// is none.
    /// </summary>
    /// <param name="refuse">Asked of the row that is changed; null: it may be.</param>
    public async Task<EditedVideo> RetryAsync(VideoId id, Func<Video, Problem?> refuse, CancellationToken cancellationToken)
    {
        Problem? refusal = null;
        var hasUpload =
            await library.FindAsync(id, cancellationToken) is { Upload.Source: { } source }
            && await staging.FindAsync(StagingArea.Uploads, source.Name, cancellationToken) is not null;
        var video = await library.ChangeAsync(
            id,
            current =>
            {
                var isKept = current.Life.Status == VideoStatus.Ready;
                refusal = refuse(current) ?? WhyNotAgain(current) ?? (isKept || hasUpload ? null : UploadGone);
                return refusal is not null ? null
                    : isKept ? current with { Files = current.Files with { WantsUpload = true }, Updated = time.GetUtcNow() }
                    : VideoLife.Retry(current, time.GetUtcNow());
            },
            cancellationToken
        );
        if (video is null || refusal is not null)
            return new EditedVideo(video, refusal);
        log.RetryAsked(id);
        if (video.Life.Status == VideoStatus.Ready)
            await scheduler.AmendAsync(id, cancellationToken);
        else
            await scheduler.RetryAsync(id, cancellationToken);
        return new EditedVideo(await library.FindAsync(id, cancellationToken), null);
    }

    /// <summary>Brings a video back from the trash and gives it; another as it is; no video where there is none.</summary>
    /// <param name="refuse">Asked of the row that is changed; null: it may be.</param>
    public async Task<EditedVideo> RestoreAsync(VideoId id, Func<Video, Problem?> refuse, CancellationToken cancellationToken)
    {
        var isRestored = false;
        Problem? refusal = null;
        var video = await library.ChangeAsync(
            id,
            current =>
            {
                isRestored = false;
                refusal = refuse(current);
                if (refusal is not null)
                    return null;
                var restored = VideoLife.Untrash(current, time.GetUtcNow());
                isRestored = restored is not null;
                return restored;
            },
            cancellationToken
        );
        if (isRestored)
            log.VideoRestored(id);
        // What was asked for before it went there was not carried out since.
        if (refusal is null && video is { NeedsAmending: true })
            await scheduler.AmendAsync(id, cancellationToken);
        return new EditedVideo(video, video is null ? null : refusal);
    }

    Problem? WhyNotAgain(Video video)
    {
        if (video.Life.Status == VideoStatus.Failed)
            return null;
        if (video is not { Life.Status: VideoStatus.Ready, Inspection.Decision: { Action: MediaAction.KeepAsFile } kept })
            return NotAgain($"Only a failed video can be tried again; this one is {VideoRoutes.Word(video.Life.Status)}.");
        if (KeptFile.MayPlay(video, settings.Ingest))
            return null;
        return NotAgain(
            KeptFile.PlaysTranscoded(video)
                ? "It is stored as a file, and would be again as this vault is set: start it with TgVault__Ingest__TranscodeVideo=true."
                : $"It is stored as a file, and would be again: {kept.Reason}"
        );
    }

    static Problem NotAgain(string why) => new(StatusCodes.Status409Conflict, why) { Code = ProblemCode.NotFailed };

    static Problem UploadGone { get; } =
        new(StatusCodes.Status409Conflict, "Its upload was not kept, so there is nothing to try again with: upload the file anew.")
        {
            Code = ProblemCode.UploadGone,
        };

    /// <summary>The video as it is to be; null where it stays as it is.</summary>
    Video? Removed(Video video, bool isPermanent, DateTimeOffset now)
    {
        if (isPermanent)
            return VideoLife.Remove(video, now);
        if (video.Life.Status == VideoStatus.Trashed)
            return null;
        var trashed = settings.TrashDays > 0 ? VideoLife.Trash(video, now.AddDays(settings.TrashDays), now) : null;
        return trashed ?? VideoLife.Remove(video, now);
    }
}

/// <summary>A video after an edit.</summary>
/// <param name="Video">As it is now; null where there is none.</param>
/// <param name="Refusal">Why it stayed as it was; null where it did not.</param>
internal readonly record struct EditedVideo(Video? Video, Problem? Refusal);
