using Microsoft.Extensions.Logging;

namespace TgVault.Core.Playback;

internal static partial class Log
{
    [LoggerMessage(500, LogLevel.Error, "Video {Video} did not open")]
    public static partial void VideoDidNotOpen(this ILogger logger, Exception exception, VideoId video);

    [LoggerMessage(501, LogLevel.Error, "Video {Video}, chunk {Chunk}, offset {Offset}: {What}")]
    public static partial void ChunkDidNotOpen(this ILogger logger, VideoId video, ChunkNumber chunk, long offset, string what);

    [LoggerMessage(
        502,
        LogLevel.Debug,
        "Holding a reader of video {Video} at chunk {Chunk}, offset {Offset}, for {Milliseconds} ms: the chunk store makes us wait"
    )]
    public static partial void HoldingReader(this ILogger logger, VideoId video, ChunkNumber chunk, long offset, long milliseconds);

    [LoggerMessage(503, LogLevel.Warning, "Video {Video}: the stored index of file {Of} cannot be used, it is built anew: {Why}")]
    public static partial void StoredIndexUnusable(this ILogger logger, VideoId video, int of, string why);

    [LoggerMessage(504, LogLevel.Warning, "Video {Video}: its rendition {Rendition} is left out of playlists: {Why}")]
    public static partial void RenditionLeftOut(this ILogger logger, VideoId video, string rendition, string why);

    [LoggerMessage(506, LogLevel.Warning, "Video {Video}: a link to it spent its budget of fetches; the next is in {Seconds} s")]
    public static partial void BudgetSpent(this ILogger logger, VideoId video, int seconds);

    [LoggerMessage(505, LogLevel.Debug, "Opened file {File} of video {Video}")]
    public static partial void FileOpened(this ILogger logger, VideoId video, int file);
}
