using System.Collections.Immutable;
using TgVault.Core.Videos;

namespace TgVault.Web;

/// <summary>A video as the API shows it. Sizes in bytes, times in UTC.</summary>
/// <param name="Size">Bytes announced, then bytes uploaded.</param>
/// <param name="ContentType">What it is served as once it is ready; before that what the upload said.</param>
/// <param name="Decision">What ingest does with the file, and <paramref name="Reason"/> why; null before it was inspected.</param>
/// <param name="StoredSize">Bytes of the prepared file: what a range request reads from. Null before it is prepared.</param>
public sealed record VideoView(
    string Id,
    string Name,
    long Size,
    VideoStatus Status,
    IngestStage Stage,
    string ContentType,
    string Folder,
    ImmutableArray<string> Tags,
    string Description,
    DateTimeOffset Created,
    DateTimeOffset Updated,
    int Attempt,
    MediaAction? Decision,
    string? Reason,
    MediaSummary? Media,
    ProgressView? Progress,
    string? Failure,
    long? StoredSize,
    int? Chunks,
    ImmutableArray<CaptionView> Captions,
    ImmutableArray<RenditionView> Renditions
)
{
    public static VideoView Of(Video video) =>
        new(
            video.Id.ToString(),
            video.Name,
            video.SizeBytes,
            video.Status,
            video.Stage,
            video.Prepared?.ContentType ?? video.ContentType,
            video.Folder,
            video.Tags,
            video.Description,
            video.Created,
            video.Updated,
            video.Attempt,
            video.Decision?.Action,
            video.Decision?.Reason,
            video.Prepared?.Media ?? video.Inspected,
            video.Progress is { } progress ? ProgressView.Of(progress) : null,
            video.Failure,
            video.Prepared?.LengthBytes,
            video.Chunks?.Count,
            CaptionView.AllOf(video),
            RenditionView.AllOf(video)
        );
}

/// <summary>Captions in one language. <paramref name="Status"/>: waiting until they are stored, stored, or failed with what went wrong.</summary>
/// <param name="Language">A language tag (BCP 47).</param>
/// <param name="Name">What players show.</param>
/// <param name="Size">Bytes of the WebVTT text.</param>
public sealed record CaptionView(string Language, string Name, CompanionStatus Status, long Size, string? Failure)
{
    /// <summary>Of each language what came last.</summary>
    public static ImmutableArray<CaptionView> AllOf(Video video) =>
        [
            .. video
                .Companions.Where(companion => companion.Kind == CompanionKind.Captions && companion.State != CompanionState.Leaving)
                .GroupBy(companion => companion.Language, StringComparer.Ordinal)
                .Select(same => Of(same.MaxBy(companion => companion.Number)!)),
        ];

    public static CaptionView Of(Companion companion) =>
        new(companion.Language, companion.Name, CompanionStatuses.Of(companion.State), companion.LengthBytes, companion.Failure);
}

/// <summary>A smaller size to switch to. <paramref name="Status"/>: waiting until it is stored, stored, or failed with what went wrong.</summary>
/// <param name="Name">Its height, such as <c>720p</c>.</param>
/// <param name="Size">Bytes of the file.</param>
public sealed record RenditionView(string Name, CompanionStatus Status, long Size, string? Failure)
{
    public static ImmutableArray<RenditionView> AllOf(Video video) =>
        [
            .. video
                .Companions.Where(companion => companion.Kind == CompanionKind.Rendition && companion.State != CompanionState.Leaving)
                .Select(companion => new RenditionView(
                    companion.Name,
                    CompanionStatuses.Of(companion.State),
                    companion.LengthBytes,
                    companion.Failure
                )),
        ];
}

public enum CompanionStatus
{
    Waiting,
    Stored,
    Failed,
}

static class CompanionStatuses
{
    public static CompanionStatus Of(CompanionState state) =>
        state switch
        {
            CompanionState.Waiting => CompanionStatus.Waiting,
            CompanionState.Stored => CompanionStatus.Stored,
            _ => CompanionStatus.Failed,
        };
}

/// <summary>How far ingest is; the rate and the time left are null until something was sent.</summary>
public sealed record ProgressView(
    int ChunksDone,
    int ChunksTotal,
    long BytesDone,
    long BytesTotal,
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
