using Microsoft.Extensions.Logging;

namespace TgVault.Core.Chunks;

static partial class Log
{
    [LoggerMessage(120, LogLevel.Warning, "Video {Video}, chunk {Chunk}: copies are read instead, for Telegram fails: {Reason}")]
    public static partial void CopiesStandIn(this ILogger logger, VideoId video, ChunkNumber chunk, string reason);

    [LoggerMessage(121, LogLevel.Error, "Video {Video}: the copy of chunk {Chunk} in a replica did not open: {Reason}")]
    public static partial void CopyDidNotOpen(this ILogger logger, VideoId video, ChunkNumber chunk, string reason);
}
