using System.Collections.Immutable;
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using TgVault.Core;
using TgVault.Core.Videos;
using TgVault.Web.Http;
using TgVault.Web.Videos;

namespace TgVault.Web.Uploads;

/// <summary>What a ticket is asked for with. Names the request's fields and their limits; <see cref="JsonBody"/> reads them.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record NewTicket(
    [Description("Bytes of the largest file; absent: what the vault takes at most.")] [Range(1, double.PositiveInfinity)] long? MaxSize,
    [Description("What the file may be: media types, `video/*`, or endings such as `.mp4`; none = anything.")]
    [ListOf(NewTicket.MaxTypes, MaxLength = NewTicket.MaxType)]
        ImmutableArray<string>? Types,
    [Description("Seconds within which the upload must be begun; an hour where absent, 30 days at most.")]
    [Range(1, double.PositiveInfinity)]
        long? Ttl,
    [MaxLength(VideoFields.MaxFolder)] string? Folder,
    [ListOf(VideoFields.MaxTags, MaxLength = VideoFields.MaxTag)] ImmutableArray<string>? Tags,
    [MaxLength(VideoFields.MaxDescription)] string? Description
)
{
    public const int MaxTypes = 16;
    public const int MaxType = 100;
    public const long DefaultTtl = 3600;
}

/// <summary>A permission to upload one file.</summary>
internal sealed record TicketView(
    string Id,
    [Description("For the page that uploads; a secret until it expires. Not told again.")] [Url] string Url,
    DateTimeOffset Expires,
    long MaxSize,
    ImmutableArray<string> Types,
    string Folder,
    ImmutableArray<string> Tags,
    string Description
);

/// <summary>The file that a ticket is used for. Names the request's fields and their limits; <see cref="JsonBody"/> reads them.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record TicketFile(
    [Description("Kept as one line of at most 255 characters, without a path.")] [MaxLength(VideoFields.MaxNameSent)] string Name,
    [Range(1, double.PositiveInfinity)] long Size,
    [MaxLength(NewUpload.MaxContentType)] string? ContentType
);

/// <summary>Where the file of a ticket goes, as long as it has not arrived.</summary>
internal sealed record TicketUploadView(
    VideoId Id,
    string Name,
    long Size,
    VideoStatus Status,
    [Description("Takes Put Block and Put Block List, or one Put Blob with `x-ms-blob-type: BlockBlob`. Absent once the file is there.")]
    [Url]
        string? UploadUrl,
    [Description("When the upload URL ends.")] DateTimeOffset? Expires
);

/// <summary>What a page with a ticket may know: what the ticket permits, and what became of its file.</summary>
internal sealed record TicketStateView(
    [Description("Until when the upload may be begun.")] DateTimeOffset Expires,
    long MaxSize,
    ImmutableArray<string> Types,
    [Description("Absent where it was not used, and where its video was removed.")] TicketVideoView? Video
);

/// <summary>What a page with a ticket may know of its video.</summary>
internal sealed record TicketVideoView(
    VideoId Id,
    string Name,
    long Size,
    VideoStatus Status,
    IngestStage Stage,
    ProgressView? Progress,
    [Description("What went wrong and what to do.")] string? Failure,
    [Description("What it waits for; absent where nothing keeps it.")] WaitView? Waiting
)
{
    public static TicketVideoView Of(Video video, VideoWait? wait = null) =>
        new(
            video.Id,
            video.Details.Name,
            video.Upload.SizeBytes,
            video.Life.Status,
            video.Life.Stage,
            video.Life.Progress is { } progress ? ProgressView.Of(progress) : null,
            video.Life.Failure,
            wait is null ? null : WaitView.Of(wait, video)
        );
}
