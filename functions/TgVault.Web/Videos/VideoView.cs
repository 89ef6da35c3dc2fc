using System.Collections.Immutable;
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using TgVault.Core;
using TgVault.Core.Videos;
using TgVault.Web.Http;

namespace TgVault.Web.Videos;

/// <summary>A video as the API shows it. Sizes in bytes, times in UTC; what has no value is left out.</summary>
internal sealed record VideoView(
    VideoId Id,
    string Name,
    [Description("Bytes announced, then bytes uploaded.")] long Size,
    [Description(
        "SHA-256 of the uploaded file as it arrived, in hex, whatever became of it: the same for the same file. Absent until it was read "
            + "for it, and of videos that an earlier version stored."
    )]
        string? Sha256,
    VideoStatus Status,
    IngestStage Stage,
    [Description("What it is served as once ready.")] string ContentType,
    string Folder,
    [ListOf(VideoFields.MaxTags, MaxLength = VideoFields.MaxTag)] ImmutableArray<string> Tags,
    string Description,
    DateTimeOffset Created,
    DateTimeOffset Updated,
    [Description("When all of it was stored. Absent before, and where nobody knows: of videos that an earlier version stored.")]
        DateTimeOffset? Finished,
    int Attempt,
    [Description("What ingest does with the file.")] MediaAction? Decision,
    [Description("Why, for a person.")] string? Reason,
    [Description("What the file holds that is stored, or else the upload.")] MediaSummary? Media,
    [Description("What the upload holds, and what is done with each track.")] MediaSummary? Uploaded,
    ProgressView? Progress,
    [Description("What it waits for now; absent where it goes on, or there is nothing more to do.")] WaitView? Waiting,
    [Description("What went wrong and what to do.")] string? Failure,
    [Description("Until when it can be restored from the trash; absent where it is not there.")] DateTimeOffset? TrashedUntil,
    [Description("Bytes of the file that plays.")] long? StoredSize,
    [Description("Chunks of the file that plays; what lies beside it has some more.")] int? Chunks,
    ImmutableArray<CaptionsView> Captions,
    ImmutableArray<RenditionView> Renditions,
    [Description("Absent where none was made.")] PosterView? Poster,
    [Description("Absent where none was made.")] StoryboardView? Storyboard
)
{
    /// <param name="wait">What it waits for now.</param>
    public static VideoView Of(Video video, VideoWait? wait = null) =>
        new(
            video.Id,
            video.Details.Name,
            video.Upload.SizeBytes,
            video.Upload.Sha256,
            video.Life.Status,
            video.Life.Stage,
            video.Files.Prepared?.ContentType ?? video.Upload.ContentType,
            video.Details.Folder,
            video.Details.Tags,
            video.Details.Description,
            video.Created,
            video.Updated,
            video.Finished,
            video.Life.Attempt,
            video.Inspection.Decision?.Action,
            video.Inspection.Decision?.Reason,
            video.Files.Prepared?.Media ?? video.Inspection.Media,
            video.Inspection.Media,
            video.Life.Progress is { } progress ? ProgressView.Of(progress) : null,
            wait is null ? null : WaitView.Of(wait, video),
            video.Life.Failure,
            video.Life.TrashedUntil,
            video.Files.Prepared?.LengthBytes,
            video.Files.Plan?.Count,
            CaptionsView.AllOf(video),
            RenditionView.AllOf(video),
            PosterView.Of(video),
            StoryboardView.Of(video)
        );
}

/// <summary>Videos in the order that was asked for; <paramref name="Continuation"/> asks for the next page.</summary>
internal sealed record VideoPageView(IReadOnlyList<VideoView> Videos, [Description("Absent on the last page.")] string? Continuation);

/// <summary>One event of those who follow videos, by its fields <c>event</c> and <c>data</c>.</summary>
internal sealed record VideoEventView(
    [Description("`video`: it is new, or has changed; `removed`: it is gone.")] VideoEventName Event,
    [Description("As it now is, or was at the end.")] VideoView Data
);

/// <summary>What an event tells.</summary>
internal enum VideoEventName
{
    Video,
    Removed,
}

/// <summary>Why a video goes on only later, and when.</summary>
internal sealed record WaitView(
    [Description(
        "`upload`: for the rest of its bytes; `place`: others are stored before it; `floodWait`: Telegram asks to wait; `pace`: the "
            + "vault's own pace is used up; `telegramUnreachable`; `botToken`: Telegram does not accept it; `botRights`: a bot is no "
            + "administrator; `storage`: a full disk, mostly; `other`. More may be added."
    )]
        WaitCause Why,
    DateTimeOffset Since,
    [Description("When it is tried again; absent where nobody knows.")] DateTimeOffset? Until,
    [Description("One sentence for a person.")] string Detail,
    [Description("Of an upload: bytes that have arrived.")] long? BytesDone,
    [Description("Of an upload: how much of it has arrived.")] [Range(0, 100)] int? Percent,
    [Description("Of a place: how many videos wait before it.")] int? Ahead
)
{
    public static WaitView Of(VideoWait wait, Video video) =>
        new(
            wait.Why,
            wait.Since,
            wait.Until,
            wait.Detail,
            wait.BytesDone,
            wait.BytesDone is { } bytes && video.Upload.SizeBytes > 0 ? (int)(100 * bytes / video.Upload.SizeBytes) : null,
            wait.Ahead
        );
}

/// <summary>How far ingest is; the rate and the time left are null until something was sent.</summary>
internal sealed record ProgressView(
    int ChunksDone,
    [Description("Of the file that plays and of all that lies beside it.")] int ChunksTotal,
    long BytesDone,
    [Description("Of the file that plays and of all that lies beside it.")] long BytesTotal,
    double? BytesPerSecond,
    double? EtaSeconds
)
{
    public static ProgressView Of(IngestProgress progress) =>
        new(
            progress.ChunksDone,
            progress.ChunksTotal,
            progress.BytesDone,
            progress.BytesTotal,
            progress.BytesPerSecond is { } rate ? Math.Round(rate) : null,
            progress.Remaining is { } left ? Math.Round(left.TotalSeconds, 1) : null
        );
}
