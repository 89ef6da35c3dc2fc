using Microsoft.Extensions.Logging;

namespace TgVault.Core.Ingest;

static partial class Log
{
    [LoggerMessage(400, LogLevel.Information, "Ingest of upload {Upload} ended: {Result} {Reason}")]
    public static partial void IngestEnded(ILogger logger, string upload, StepResult result, string reason);

    [LoggerMessage(401, LogLevel.Warning, "Ingest of video {Video}, attempt {Attempt}, failed: {Reason}")]
    public static partial void IngestFailed(ILogger logger, VideoId video, int attempt, string reason);

    [LoggerMessage(402, LogLevel.Warning, "Video {Video}: chunk {Chunk} did not come back from the store as it was sent")]
    public static partial void ChunkDidNotComeBack(ILogger logger, VideoId video, ChunkNumber chunk, Exception exception);

    [LoggerMessage(403, LogLevel.Warning, "Video {Video}: preparing failed, the upload is kept unchanged")]
    public static partial void PreparingFailed(ILogger logger, VideoId video, Exception exception);

    [LoggerMessage(404, LogLevel.Information, "Video {Video} waits: {Reason}")]
    public static partial void StepWaits(ILogger logger, VideoId video, string reason);

    [LoggerMessage(405, LogLevel.Warning, "Video {Video} waits: storage answered {Status} {Code}")]
    public static partial void StorageWaits(ILogger logger, VideoId video, int status, string? code);

    [LoggerMessage(406, LogLevel.Error, "Video {Video}: an unexpected error stopped the ingest")]
    public static partial void StepBroke(ILogger logger, VideoId video, Exception exception);

    [LoggerMessage(407, LogLevel.Error, "Watching the staging container failed; trying again")]
    public static partial void WatchingFailed(ILogger logger, Exception exception);

    [LoggerMessage(408, LogLevel.Error, "{Work} broke off; it is taken up again")]
    public static partial void RunBroke(ILogger logger, string work, Exception exception);

    [LoggerMessage(409, LogLevel.Information, "Video {Video} is ready: {Chunks} chunks, {Bytes} bytes")]
    public static partial void VideoReady(ILogger logger, VideoId video, int chunks, long bytes);

    [LoggerMessage(414, LogLevel.Warning, "Video {Video}: file {Of} has no index and plays only as it is: {Reason}")]
    public static partial void NotIndexed(ILogger logger, VideoId video, int of, string reason);

    [LoggerMessage(415, LogLevel.Warning, "Video {Video}: captions {Language} were not taken out of the upload: {Reason}")]
    public static partial void CaptionsNotTaken(ILogger logger, VideoId video, string language, string reason);

    [LoggerMessage(416, LogLevel.Information, "Video {Video}: made its rendition {Rendition}, {Bytes} bytes")]
    public static partial void RenditionMade(ILogger logger, VideoId video, string rendition, long bytes);

    [LoggerMessage(417, LogLevel.Warning, "Video {Video}: its rendition {Rendition} could not be made and is left out: {Reason}")]
    public static partial void RenditionFailed(ILogger logger, VideoId video, string rendition, string reason);

    [LoggerMessage(413, LogLevel.Error, "Video {Video}: what is stored could not be brought up to its row, which is tried again: {Reason}")]
    public static partial void AmendingFailed(ILogger logger, VideoId video, string reason);
}
