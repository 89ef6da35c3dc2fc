using Microsoft.Extensions.Logging;

namespace TgVault.Core.Replicas;

static partial class Log
{
    [LoggerMessage(460, LogLevel.Information, "Replicas have everything up to catalogue {Sequence}")]
    public static partial void Replicated(this ILogger logger, long sequence);

    [LoggerMessage(461, LogLevel.Warning, "A replica could not be brought up to what is stored, which is tried again: {Reason}")]
    public static partial void NotReplicated(this ILogger logger, string reason);

    [LoggerMessage(462, LogLevel.Debug, "A replica is not there: {Reason}")]
    public static partial void ReplicaNotThere(this ILogger logger, string reason);

    [LoggerMessage(463, LogLevel.Warning, "Video {Video}: a copy could not be made: {Reason}")]
    public static partial void CopyNotMade(this ILogger logger, VideoId video, string reason);

    [LoggerMessage(464, LogLevel.Warning, "Video {Video}, chunk {Chunk}: a copy that seemed good could not be read: {Reason}")]
    public static partial void CopyNotRead(this ILogger logger, VideoId video, ChunkNumber chunk, string reason);

    [LoggerMessage(
        466,
        LogLevel.Information,
        "Share {Number} of {Of} was looked at: {Chunks} chunks, {Left} copies lost, {Count} not looked at"
    )]
    public static partial void ShareChecked(this ILogger logger, int number, int of, long chunks, long left, long count);

    [LoggerMessage(467, LogLevel.Warning, "The nightly look at what is stored goes on later: {Reason}")]
    public static partial void CheckWaits(this ILogger logger, string reason);

    [LoggerMessage(465, LogLevel.Warning, "Video {Video}: chunk {Chunk} was lost in its channel, and is posted anew from a copy")]
    public static partial void ChunkPostedAnew(this ILogger logger, VideoId video, ChunkNumber chunk);
}
