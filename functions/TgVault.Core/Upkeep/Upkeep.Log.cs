using Microsoft.Extensions.Logging;

namespace TgVault.Core.Upkeep;

static partial class Log
{
    [LoggerMessage(
        410,
        LogLevel.Information,
        "Video {Video} removed: {Deleted} documents deleted, {Left} too old for Telegram to delete (unreadable: their key is gone)"
    )]
    public static partial void VideoRemoved(this ILogger logger, VideoId video, int deleted, int left);

    [LoggerMessage(411, LogLevel.Warning, "Video {Video}: file {Number} beside it could not be stored: {Reason}")]
    public static partial void CompanionFailed(this ILogger logger, VideoId video, int number, string reason);

    [LoggerMessage(412, LogLevel.Information, "Video {Video}: a new manifest is posted, {Bytes} bytes")]
    public static partial void ManifestPosted(this ILogger logger, VideoId video, int bytes);

    [LoggerMessage(413, LogLevel.Error, "Video {Video}: what is stored could not be brought up to its row, which is tried again: {Reason}")]
    public static partial void AmendingFailed(this ILogger logger, VideoId video, string reason);

    [LoggerMessage(426, LogLevel.Warning, "Video {Video}: its pictures could not be made: {Reason}")]
    public static partial void PicturesFailed(this ILogger logger, VideoId video, string reason);

    [LoggerMessage(434, LogLevel.Warning, "Video {Video}: what is stored could not be staged again, so it stays as it is: {Reason}")]
    public static partial void UploadNotStaged(this ILogger logger, VideoId video, string reason);

    [LoggerMessage(419, LogLevel.Error, "Video {Video}: not all of its parts could be removed, which is tried again: {Reason}")]
    public static partial void RemovingFailed(this ILogger logger, VideoId video, string reason);

    [LoggerMessage(429, LogLevel.Information, "The time of video {Video} in the trash is over: it is removed")]
    public static partial void TrashEmptied(this ILogger logger, VideoId video);

    [LoggerMessage(427, LogLevel.Information, "Video {Video} was announced and its upload never came: it is removed")]
    public static partial void UploadExpired(this ILogger logger, VideoId video);

    [LoggerMessage(
        420,
        LogLevel.Information,
        "An upload that came under the id {Video}, which no video has, lay for a week and is removed"
    )]
    public static partial void UploadOrphaned(this ILogger logger, VideoId video);
}
