using TgVault.Core.Videos;

namespace TgVault.Testing;

/// <summary>Lives that tests put videos into, whether or not a transition leads there: as if a row were read that says so.</summary>
public static class VideoLives
{
    /// <summary>Until when the trash keeps what a test puts there.</summary>
    static readonly DateTimeOffset TrashedUntil = new(2099, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The life with what is given changed.</summary>
    public static VideoLife With(
        this VideoLife life,
        VideoStatus? status = null,
        IngestStage? stage = null,
        int? attempt = null,
        IngestProgress? progress = null,
        string? failure = null
    ) =>
        VideoLife.Restored(
            status ?? life.Status,
            stage ?? life.Stage,
            attempt ?? life.Attempt,
            progress ?? life.Progress,
            failure ?? life.Failure,
            status == VideoStatus.Trashed ? life.TrashedUntil ?? TrashedUntil : life.TrashedUntil
        );
}
