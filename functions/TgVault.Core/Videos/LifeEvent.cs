using System.Collections.Immutable;
using System.Diagnostics;

namespace TgVault.Core.Videos;

/// <summary>What sites are told of a video.</summary>
public enum LifeEventKind
{
    /// <summary>It was announced.</summary>
    Created,

    /// <summary>It plays: for the first time, again after another try, or because it came back from the trash.</summary>
    Ready,

    /// <summary>Its ingest ended without success.</summary>
    Failed,

    /// <summary>It plays no more: it went into the trash, or is being removed without having been there. Told once.</summary>
    Deleted,
}

/// <summary>Something that happened to a video and that sites may have to be told of.</summary>
/// <param name="Id">Names it, the same each time it is told; like a video's id, so that they sort newest first.</param>
/// <param name="Kind">What happened.</param>
/// <param name="Time">When.</param>
public sealed record LifeEvent(string Id, LifeEventKind Kind, DateTimeOffset Time)
{
    /// <summary>The video's status then.</summary>
    public VideoStatus Status { get; init; }

    /// <summary>Its stage then.</summary>
    public IngestStage Stage { get; init; }

    /// <summary>Its attempt then.</summary>
    public int Attempt { get; init; }

    /// <summary>What had gone wrong then.</summary>
    public string? Failure { get; init; }

    /// <summary>Until when it was in the trash then.</summary>
    public DateTimeOffset? TrashedUntil { get; init; }

    public static ImmutableArray<LifeEventKind> Kinds { get; } = [.. Enum.GetValues<LifeEventKind>()];

    /// <summary>What an event of this kind is called in messages.</summary>
    public static string NameOf(LifeEventKind kind) =>
        kind switch
        {
            LifeEventKind.Created => "video.created",
            LifeEventKind.Ready => "video.ready",
            LifeEventKind.Failed => "video.failed",
            LifeEventKind.Deleted => "video.deleted",
            _ => throw new UnreachableException("bug: an event without a name"),
        };

    /// <summary>The event of a row that is about to be written.</summary>
    internal static LifeEvent New(LifeEventKind kind, Video video, DateTimeOffset now) =>
        new(VideoId.New(now).ToString(), kind, now)
        {
            Status = video.Life.Status,
            Stage = video.Life.Stage,
            Attempt = video.Life.Attempt,
            Failure = video.Life.Failure,
            TrashedUntil = video.Life.TrashedUntil,
        };

    /// <summary>The video as it is now, but where it stood as it did when this happened.</summary>
    internal Video Seen(Video video) => video with { Life = VideoLife.Restored(Status, Stage, Attempt, null, Failure, TrashedUntil) };

    /// <summary>What a change of a row means to others; null where it is nothing that they are told.</summary>
    /// <param name="before">Null where there was no row.</param>
    /// <param name="after">The row as it will be.</param>
    internal static LifeEventKind? Between(Video? before, Video after) =>
        (before?.Life.Status, after.Life.Status) switch
        {
            (null, VideoStatus.Waiting or VideoStatus.Ingesting) => LifeEventKind.Created,
            // What is brought back from the channel was told when it happened.
            (null, _) => null,
            var (from, to) when from == to => null,
            (_, VideoStatus.Ready) => LifeEventKind.Ready,
            (_, VideoStatus.Failed) => LifeEventKind.Failed,
            // That it plays no more was told when it went there.
            (VideoStatus.Trashed, VideoStatus.Deleting) => null,
            (_, VideoStatus.Trashed or VideoStatus.Deleting) => LifeEventKind.Deleted,
            _ => null,
        };
}
