using Microsoft.Extensions.Logging;
using TgVault.Core.Library;
using TgVault.Core.Settings;
using TgVault.Core.Staging;
using TgVault.Core.Telemetry;
using TgVault.Core.Videos;

namespace TgVault.Core.Ingest;

/// <summary>
/// Makes a video's row the one of an upload that arrived. Events come at least once and in any order, so everything is decided from the
/// row and the blob's version; the event only says where to look. An upload that is not what was announced is refused here: its row fails
/// with a sentence, and the blob goes.
/// </summary>
sealed class UploadClaim(ILibrary library, IStaging staging, UploadSettings settings, TimeProvider time, ILogger<UploadClaim> logger)
{
    public async Task<ClaimOutcome> RunAsync(IngestRequest request, CancellationToken cancellationToken)
    {
        var blob = await staging.FindAsync(StagingArea.Uploads, request.BlobName, cancellationToken);
        if (blob is null || blob.ETag != request.ETag)
        {
            if (request.Unfinished is { } unfinished && await GiveUpAsync(unfinished, request, cancellationToken) is { } stored)
                return CleansUp(stored);
            return Nothing(
                blob is null
                    ? "The upload is no longer in staging."
                    : "The upload was replaced since; its newer version has an event of its own."
            );
        }

        var found = VideoId.TryParse(blob.Name) is { } id ? await library.FindAsync(id, cancellationToken) : null;
        if (found is null && !settings.AdoptUnannounced)
            return Nothing("Nobody announced this upload; TgVault__Uploads__AdoptUnannounced says whether such become videos.");
        // An upload URL can be used again while it lasts.
        if (found is { IsStored: true } && found.Upload.Source?.ETag != blob.ETag && !IsWantedBack(found))
        {
            await staging.DeleteAsync(blob, cancellationToken);
            return Nothing("The video is stored already; what came to its upload URL afterwards was removed.");
        }

        found ??= await AdoptAsync(blob, cancellationToken);
        return await FindFaultAsync(found, blob, cancellationToken) is { } fault
            ? await RefuseAsync(found.Id, blob, fault, cancellationToken)
            : await TakeAsync(found.Id, blob, cancellationToken);
    }

    async Task<ClaimOutcome> TakeAsync(VideoId id, StagedBlob blob, CancellationToken cancellationToken)
    {
        var outcome = Nothing("The video was removed.");
        await library.ChangeAsync(
            id,
            video =>
            {
                (var changed, outcome) = Decide(video, blob);
                return changed;
            },
            cancellationToken
        );
        return outcome;
    }

    /// <summary>Why a new upload is not what was announced, for a person; null where it is, and of one that was taken already.</summary>
    async Task<string?> FindFaultAsync(Video video, StagedBlob blob, CancellationToken cancellationToken)
    {
        var mayBegin = video.Life.Status is VideoStatus.Waiting or VideoStatus.Failed || IsWantedBack(video);
        if (!mayBegin || video.Upload.Source?.ETag == blob.ETag)
            return null;
        if (blob.LengthBytes == 0)
            return "The upload is empty (0 bytes). Upload the file again.";
        if (blob.LengthBytes > settings.MaxBytes)
            return $"The upload has {blob.LengthBytes} bytes, and {settings.MaxBytes} are the most that this vault takes.";
        return blob.LengthBytes != video.Upload.SizeBytes
            ? $"The upload has {blob.LengthBytes} bytes but {video.Upload.SizeBytes} were announced: "
                + "it was cut short or changed on the way. Upload the file again."
            : await staging.FindFaultAsync(blob, cancellationToken);
    }

    async Task<ClaimOutcome> RefuseAsync(VideoId id, StagedBlob blob, string fault, CancellationToken cancellationToken)
    {
        Video? refused = null;
        await library.ChangeAsync(id, video => refused = VideoLife.Refuse(video, fault, time.GetUtcNow()), cancellationToken);
        if (refused is not null)
        {
            logger.IngestFailed(id, refused.Life.Attempt, fault);
            VaultMeter.IngestVideos.Add(1, VaultTags.Failed);
        }

        await staging.DeleteAsync(blob, cancellationToken);
        return Nothing($"Refused: {fault}");
    }

    const string UploadGone =
        "The upload was removed or replaced before it was stored. "
        + "If it was uploaded again, that upload is taken next; otherwise upload the file again.";

    /// <summary>
    /// Without its upload an ingest cannot go on, and while the row says ingesting a newer upload would not be taken. One that is stored
    /// is what comes back: its upload was removed by cleaning up, which broke off before it could say so.
    /// </summary>
    async Task<Video?> GiveUpAsync(VideoId id, IngestRequest request, CancellationToken cancellationToken)
    {
        Video? failed = null;
        var current = await library.ChangeAsync(
            id,
            video => failed = IsOf(video, request) ? VideoLife.Fail(video, UploadGone, time.GetUtcNow()) : null,
            cancellationToken
        );
        if (failed is not null)
            VaultMeter.IngestVideos.Add(1, VaultTags.Failed);
        return current is { IsStored: true, Life.Stage: IngestStage.CleaningUp } && IsOf(current, request) ? current : null;
    }

    static bool IsOf(Video video, IngestRequest request) =>
        video.Upload.Source is { } source && source.Name == request.BlobName && source.ETag == request.ETag;

    static ClaimOutcome CleansUp(Video video) =>
        new(new IngestRun(video.Id, video.Life.Attempt), "Only cleaning up is left.", Committed: true);

    (Video? Changed, ClaimOutcome Outcome) Decide(Video video, StagedBlob blob)
    {
        var sameUpload = video.Upload.Source is { } source && source.Name == blob.Name && source.ETag == blob.ETag;
        return video.Life.Status switch
        {
            VideoStatus.Waiting => Begin(video, blob, sameUpload),
            VideoStatus.Failed when !sameUpload => Begin(video, blob, sameUpload: false),
            VideoStatus.Failed => (null, Nothing("This upload failed before; it waits for a retry or a new upload.")),
            VideoStatus.Ingesting when sameUpload => (null, new ClaimOutcome(new IngestRun(video.Id, video.Life.Attempt), "Resumed.")),
            VideoStatus.Ingesting => (
                null,
                Nothing("Another version of this upload is being ingested; this one is looked at when that ends.")
            ),
            VideoStatus.Ready or VideoStatus.Trashed when sameUpload && video.Life.Stage == IngestStage.CleaningUp => (
                null,
                CleansUp(video)
            ),
            VideoStatus.Ready when IsWantedBack(video) => Begin(video, blob, sameUpload: false),
            VideoStatus.Ready => (null, Nothing("The video is ready already.")),
            VideoStatus.Trashed => (null, Nothing("The video is in the trash.")),
            _ => (null, Nothing("The video is being removed.")),
        };
    }

    // A retry after everything was planned goes on with the same key and keeps the chunks that were sent; otherwise it begins anew.
    (Video? Changed, ClaimOutcome Outcome) Begin(Video video, StagedBlob blob, bool sameUpload)
    {
        var now = time.GetUtcNow();
        var goesOn = sameUpload ? VideoLife.GoOn(video, now) : null;
        var begun = goesOn ?? VideoLife.Begin(video, blob, now);
        return begun is null
            ? (null, Nothing("The video is not waiting for an upload."))
            : (
                begun,
                new ClaimOutcome(new IngestRun(begun.Id, begun.Life.Attempt), goesOn is null ? "Begun." : "Goes on where it failed.")
            );
    }

    /// <summary>A blob that nobody announced becomes a video under its own name: the same one however often this runs.</summary>
    async Task<Video> AdoptAsync(StagedBlob blob, CancellationToken cancellationToken)
    {
        var adopted = new Video
        {
            Id = VideoId.ForBlob(blob.Name, blob.ETag, blob.Modified),
            Details = new VideoDetails { Name = VideoName.Clean(blob.Name) },
            Upload = new VideoUpload { SizeBytes = blob.LengthBytes, ContentType = VideoUpload.UnknownType },
            Life = VideoLife.Announced,
            Updated = time.GetUtcNow(),
        };
        await library.TryAddAsync(adopted, cancellationToken);
        return await library.FindAsync(adopted.Id, cancellationToken) ?? adopted;
    }

    static bool IsWantedBack(Video video) => video is { Life.Status: VideoStatus.Ready, Files.WantsUpload: true };

    static ClaimOutcome Nothing(string reason) => new(null, reason);
}
