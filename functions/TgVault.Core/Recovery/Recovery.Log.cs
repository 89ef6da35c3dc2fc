using Microsoft.Extensions.Logging;

namespace TgVault.Core.Recovery;

static partial class Log
{
    [LoggerMessage(240, LogLevel.Warning, "A part of the catalogue, message {Message} with {Changes} changes, cannot be read")]
    public static partial void SegmentLost(this ILogger logger, int message, long changes, Exception exception);
}
