using TgVault.Core.Library;
using TgVault.Core.Staging;
using TgVault.Core.Telemetry;
using TgVault.Core.Videos;

namespace TgVault.Core.Ingest;

/// <summary>
/// Makes a video's row the one of an upload that arrived. Events come at least once and in any order, so everything is decided from the
/// row and the blob's version; the event only says where to look.
/// </summary>
sealed class UploadClaim(ILibrary library, IStaging staging, TimeProvider time)
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

        var id = await FindOrAdoptAsync(blob, cancellationToken);
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
        return current is { Life: { Status: VideoStatus.Ready, Stage: IngestStage.CleaningUp } } && IsOf(current, request) ? current : null;
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
            VideoStatus.Ready when sameUpload && video.Life.Stage == IngestStage.CleaningUp => (null, CleansUp(video)),
            VideoStatus.Ready => (null, Nothing("The video is ready already.")),
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

    /// <summary>
    /// The video that this upload belongs to. A blob that nobody announced becomes a video under its own name; it is the same video however
    /// often this runs.
    /// </summary>
    async Task<VideoId> FindOrAdoptAsync(StagedBlob blob, CancellationToken cancellationToken)
    {
        var announced = VideoId.TryParse(blob.Name) is { } id ? await library.FindAsync(id, cancellationToken) : null;

        // An upload URL can be used again while it lasts: what is ready stays, and the new bytes are kept as a video of their own.
        var replacesReady = announced is { Life.Status: VideoStatus.Ready, Upload.Source: { } source } && source.ETag != blob.ETag;
        if (announced is not null && !replacesReady)
            return announced.Id;

        var adopted = VideoId.ForBlob(blob.Name, blob.ETag, blob.Modified);
        await library.TryAddAsync(
            new Video
            {
                Id = adopted,
                Details = announced?.Details ?? new VideoDetails { Name = VideoName.Clean(blob.Name) },
                Upload = new VideoUpload { ContentType = announced?.Upload.ContentType ?? VideoUpload.UnknownType },
                Life = VideoLife.Announced,
                Updated = time.GetUtcNow(),
            },
            cancellationToken
        );
        return adopted;
    }

    static ClaimOutcome Nothing(string reason) => new(null, reason);
}
