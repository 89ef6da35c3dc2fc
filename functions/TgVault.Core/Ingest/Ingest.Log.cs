using Microsoft.Extensions.Logging;

namespace TgVault.Core.Ingest;

static partial class Log
{
    [LoggerMessage(401, LogLevel.Warning, "Ingest of video {Video}, attempt {Attempt}, failed: {Reason}")]
    public static partial void IngestFailed(this ILogger logger, VideoId video, int attempt, string reason);

    [LoggerMessage(402, LogLevel.Warning, "Video {Video}: chunk {Chunk} did not come back from the store as it was sent")]
    public static partial void ChunkDidNotComeBack(this ILogger logger, VideoId video, ChunkNumber chunk, Exception exception);

    [LoggerMessage(403, LogLevel.Warning, "Video {Video}: preparing failed, the upload is kept unchanged")]
    public static partial void PreparingFailed(this ILogger logger, VideoId video, Exception exception);

    [LoggerMessage(404, LogLevel.Information, "Video {Video} waits: {Reason}")]
    public static partial void StepWaits(this ILogger logger, VideoId video, string reason);

    [LoggerMessage(405, LogLevel.Warning, "Video {Video} waits: storage answered {Status} {Code}")]
    public static partial void StorageWaits(this ILogger logger, VideoId video, int status, string? code);

    [LoggerMessage(428, LogLevel.Debug, "Video {Video}: that it waits could not be noted in its row")]
    public static partial void WaitNotNoted(this ILogger logger, VideoId video, Exception exception);

    [LoggerMessage(406, LogLevel.Error, "Video {Video}: an unexpected error stopped the ingest")]
    public static partial void StepBroke(this ILogger logger, VideoId video, Exception exception);

    [LoggerMessage(409, LogLevel.Information, "Video {Video} is ready: {Chunks} chunks, {Bytes} bytes")]
    public static partial void VideoReady(this ILogger logger, VideoId video, int chunks, long bytes);

    [LoggerMessage(414, LogLevel.Warning, "Video {Video}: file {Of} has no index and plays only as it is: {Reason}")]
    public static partial void NotIndexed(this ILogger logger, VideoId video, int of, string reason);

    [LoggerMessage(415, LogLevel.Warning, "Video {Video}: captions {Language} were not taken out of the upload: {Reason}")]
    public static partial void CaptionsNotTaken(this ILogger logger, VideoId video, string language, string reason);

    [LoggerMessage(416, LogLevel.Information, "Video {Video}: made its rendition {Rendition}, {Bytes} bytes")]
    public static partial void RenditionMade(this ILogger logger, VideoId video, string rendition, long bytes);

    [LoggerMessage(425, LogLevel.Information, "Video {Video}: its cover was not taken for its poster: {Reason}")]
    public static partial void CoverNotTaken(this ILogger logger, VideoId video, string reason);

    [LoggerMessage(424, LogLevel.Warning, "Video {Video}: it has no poster and no storyboard: {Reason}")]
    public static partial void PicturesFailed(this ILogger logger, VideoId video, string reason);

    [LoggerMessage(417, LogLevel.Warning, "Video {Video}: its rendition {Rendition} could not be made and is left out: {Reason}")]
    public static partial void RenditionFailed(this ILogger logger, VideoId video, string rendition, string reason);

    [LoggerMessage(418, LogLevel.Warning, "Video {Video}: its sound could not be written to an MP4 and plays only as its file: {Reason}")]
    public static partial void SoundNotWritten(this ILogger logger, VideoId video, string reason);
}
