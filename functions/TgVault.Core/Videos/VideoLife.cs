using TgVault.Core.Chunks;

namespace TgVault.Core.Videos;

/// <summary>What a video is to its owner.</summary>
public enum VideoStatus
{
    /// <summary>Announced; the upload has not been seen yet, or a retry was asked for.</summary>
    Waiting,

    /// <summary>Being inspected, prepared, sent or committed; <see cref="VideoLife.Stage"/> says which.</summary>
    Ingesting,

    /// <summary>Every chunk is stored and was read back; it plays.</summary>
    Ready,

    /// <summary><see cref="VideoLife.Failure"/> says why and what to do; the staged blob is kept.</summary>
    Failed,

    /// <summary>In the trash: it is in no list and plays no more, but all of it is still stored, and it can be brought back.</summary>
    Trashed,

    /// <summary>Being removed.</summary>
    Deleting,
}

/// <summary>How far ingest is: what it does now, or did last.</summary>
public enum IngestStage
{
    None,
    Inspecting,
    Preparing,
    Sending,
    Verifying,
    Committing,
    CleaningUp,
    Done,
}

/// <summary>
/// Where a video stands, and every way it can go from there. Status and stage are written here and nowhere else: the compiler sees to it.
/// Each transition gives null where the video is not in a state that it can follow, and then nothing is to be changed.
/// <code>
/// transition     from                             to
/// Announced      (no row)                         waiting
/// Begin          waiting, failed, ready where     ingesting, inspecting: a new attempt, nothing of an earlier one
///                its upload is wanted back
/// Refuse         waiting, failed                  failed, and no upload any more
/// GoOn           waiting, failed, both planned    ingesting, sending: the same attempt, its key and its chunks
/// Inspected      ingesting, inspecting            ingesting, preparing
/// Planned        ingesting, any before sending    ingesting, sending
/// Moving         ingesting, planned               ingesting, sending or verifying
/// Waits          ingesting                        the same, and what is waited for
/// Committing     ingesting, planned               ingesting, committing
/// Stored         ingesting, manifest posted       ready, cleaning up: it plays from here on
/// CleanedUp      ready or trashed, cleaning up    the same, done
/// Fail           ingesting                        failed; the stage stays and says where
/// Retry          failed                           waiting
/// Trash          ready                            trashed: until a time it can be brought back
/// Untrash        trashed                          ready, as it was
/// Remove         all but deleting                 deleting: its keys are gone from the row; then the row goes
/// </code>
/// A row that is read again (<see cref="Restored"/>) and a manifest (<see cref="Recovered"/>) give back what was written. Neither is a
/// transition.
/// </summary>
public sealed record VideoLife
{
    VideoLife() { }

    /// <summary>What a person is told.</summary>
    public VideoStatus Status { get; private init; }

    /// <summary>How far ingest is; on a failed video, where it failed.</summary>
    public IngestStage Stage { get; private init; }

    /// <summary>Counts ingest attempts from 1; 0 before the first. Chunks belong to one attempt.</summary>
    public int Attempt { get; private init; }

    /// <summary>How far sending or verifying is; null before.</summary>
    public IngestProgress? Progress { get; private init; }

    /// <summary>One sentence for a person: what went wrong and what to do.</summary>
    public string? Failure { get; private init; }

    /// <summary>What the attempt waits for, as far as its steps said it; null while it goes on.</summary>
    public VideoWait? Waiting { get; private init; }

    /// <summary>Until when it can be brought back from the trash; null where nobody put it there, and once it was brought back.</summary>
    public DateTimeOffset? TrashedUntil { get; private init; }

    /// <summary>The life of a video that has just been announced, or whose upload was found without having been.</summary>
    public static VideoLife Announced { get; } = new();

    /// <summary>A life as a row says it.</summary>
    public static VideoLife Restored(
        VideoStatus status,
        IngestStage stage,
        int attempt,
        IngestProgress? progress,
        string? failure,
        DateTimeOffset? trashedUntil = null,
        VideoWait? waiting = null
    ) =>
        new()
        {
            Status = status,
            Stage = stage,
            Attempt = attempt,
            Progress = progress,
            Failure = failure,
            TrashedUntil = trashedUntil,
            Waiting = waiting,
        };

    /// <summary>The life of a video that a manifest tells of: it was ready when the manifest was posted.</summary>
    public static VideoLife Recovered(int attempt) =>
        new()
        {
            Status = VideoStatus.Ready,
            Stage = IngestStage.Done,
            Attempt = attempt,
        };

    /// <summary>
    /// A new attempt at this upload. Manifests of an earlier attempt are remembered until the new one has taken their place.
    /// </summary>
    public static Video? Begin(Video video, StagedBlob source, DateTimeOffset now) =>
        video.Life.Status is not (VideoStatus.Waiting or VideoStatus.Failed) && !IsWantedBack(video)
            ? null
            : video with
            {
                Life = new VideoLife
                {
                    Status = VideoStatus.Ingesting,
                    Stage = IngestStage.Inspecting,
                    Attempt = video.Life.Attempt + 1,
                },
                Upload = video.Upload with { Source = source, Sha256 = null },
                Inspection = new VideoInspection(),
                Files = new VideoFiles(),
                Manifests = video.Manifests.Superseded(),
                Updated = now,
            };

    /// <summary>What came is not what was announced, and is not kept: another upload may come.</summary>
    /// <param name="video">The video.</param>
    /// <param name="reason">One sentence for a person.</param>
    /// <param name="now">The time.</param>
    public static Video? Refuse(Video video, string reason, DateTimeOffset now) =>
        video.Life.Status is not (VideoStatus.Waiting or VideoStatus.Failed)
            ? null
            : video with
            {
                Life = video.Life with { Status = VideoStatus.Failed, Failure = reason },
                Upload = video.Upload with { Source = null, Sha256 = null },
                Updated = now,
            };

    /// <summary>
    /// The same attempt again, after everything was planned. It has the same key, so the chunks that were sent are kept.
    /// </summary>
    public static Video? GoOn(Video video, DateTimeOffset now) =>
        video.Life.Status is not (VideoStatus.Waiting or VideoStatus.Failed) || !IsPlanned(video)
            ? null
            : video with
            {
                Life = video.Life with { Status = VideoStatus.Ingesting, Stage = IngestStage.Sending, Failure = null, Waiting = null },
                Updated = now,
            };

    /// <summary>What the upload holds is known, and what will be done with it.</summary>
    public static Video? Inspected(Video video, VideoInspection inspection, long sizeBytes) =>
        video.Life is not { Status: VideoStatus.Ingesting, Stage: IngestStage.Inspecting }
            ? null
            : video with
            {
                Life = video.Life with { Stage = IngestStage.Preparing, Waiting = null },
                Inspection = inspection,
                Upload = video.Upload with { SizeBytes = sizeBytes },
            };

    /// <summary>Every file has its cut and its key.</summary>
    public static Video? Planned(Video video, VideoFiles files) =>
        video.Life is not { Status: VideoStatus.Ingesting, Stage: < IngestStage.Sending }
            ? null
            : video with
            {
                Life = video.Life with { Stage = IngestStage.Sending, Waiting = null },
                Files = files,
            };

    /// <summary>
    /// Chunks are on their way: to the store (<see cref="IngestStage.Sending"/>) or back from it (<see cref="IngestStage.Verifying"/>).
    /// </summary>
    public static Video? Moving(Video video, IngestStage stage, IngestProgress progress) =>
        video.Life.Status != VideoStatus.Ingesting || !IsPlanned(video) || stage is not (IngestStage.Sending or IngestStage.Verifying)
            ? null
            : video with
            {
                Life = video.Life with { Stage = stage, Progress = progress, Waiting = null },
                Updated = progress.Updated,
            };

    /// <summary>The manifest is posted; the catalogue does not have it yet.</summary>
    public static Video? Committing(Video video, ChunkReceipt manifest) =>
        video.Life.Status != VideoStatus.Ingesting || !IsPlanned(video)
            ? null
            : video with
            {
                Life = video.Life with { Stage = IngestStage.Committing, Waiting = null },
                Manifests = video.Manifests with { Newest = manifest },
            };

    /// <summary>The catalogue has the manifest: the video plays. What lies in staging is not needed any more.</summary>
    public static Video? Stored(Video video, VideoFiles files) =>
        video is not { Life.Status: VideoStatus.Ingesting, Manifests.Newest: not null }
            ? null
            : video with
            {
                Life = video.Life with { Status = VideoStatus.Ready, Stage = IngestStage.CleaningUp, Failure = null, Waiting = null },
                Files = files,
            };

    /// <summary>Nothing of the ingest is left in staging.</summary>
    public static Video? CleanedUp(Video video, VideoFiles files, DateTimeOffset now) =>
        video is not { IsStored: true, Life.Stage: IngestStage.CleaningUp }
            ? null
            : video with
            {
                Life = video.Life with { Stage = IngestStage.Done },
                Files = files,
                Updated = now,
            };

    /// <summary>A step is asked again later; the next that is said of the attempt ends it.</summary>
    public static Video? Waits(Video video, VideoWait wait) =>
        video.Life.Status != VideoStatus.Ingesting ? null : video with { Life = video.Life with { Waiting = wait } };

    /// <summary>The attempt ended without success; the upload is kept.</summary>
    /// <param name="video">The video.</param>
    /// <param name="reason">One sentence for a person: what went wrong and what to do.</param>
    /// <param name="now">The time.</param>
    public static Video? Fail(Video video, string reason, DateTimeOffset now) =>
        video.Life.Status != VideoStatus.Ingesting
            ? null
            : video with
            {
                Life = video.Life with { Status = VideoStatus.Failed, Failure = reason, Waiting = null },
                Updated = now,
            };

    /// <summary>A person asks for another try.</summary>
    public static Video? Retry(Video video, DateTimeOffset now) =>
        video.Life.Status != VideoStatus.Failed
            ? null
            : video with
            {
                Life = video.Life with { Status = VideoStatus.Waiting, Failure = null },
                Updated = now,
            };

    /// <summary>It leaves the lists and plays no more; nothing of it is changed.</summary>
    /// <param name="video">The video.</param>
    /// <param name="until">When it may be removed.</param>
    /// <param name="now">The time.</param>
    public static Video? Trash(Video video, DateTimeOffset until, DateTimeOffset now) =>
        video.Life.Status != VideoStatus.Ready
            ? null
            : video with
            {
                Life = video.Life with { Status = VideoStatus.Trashed, TrashedUntil = until },
                Updated = now,
            };

    /// <summary>Out of the trash again.</summary>
    public static Video? Untrash(Video video, DateTimeOffset now) =>
        video.Life.Status != VideoStatus.Trashed
            ? null
            : video with
            {
                Life = video.Life with { Status = VideoStatus.Ready, TrashedUntil = null },
                Updated = now,
            };

    /// <summary>
    /// From here on it neither plays nor ingests. Its keys leave the row first, so that nothing can be read while parts are still there.
    /// </summary>
    public static Video? Remove(Video video, DateTimeOffset now) =>
        video.Life.Status == VideoStatus.Deleting
            ? null
            : video with
            {
                Life = video.Life with { Status = VideoStatus.Deleting },
                Files = video.Files with
                {
                    Key = null,
                    Companions = [.. video.Files.Companions.Select(companion => companion with { Key = null })],
                },
                Updated = now,
            };

    static bool IsWantedBack(Video video) =>
        video is { Life: { Status: VideoStatus.Ready, Stage: IngestStage.Done }, Files.WantsUpload: true };

    static bool IsPlanned(Video video) => video.Files is { Plan: not null, Key: not null, Prepared: not null };
}
