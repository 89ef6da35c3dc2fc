using Microsoft.Extensions.Logging;

namespace TgVault.Core.Ffmpeg;

static partial class Log
{
    [LoggerMessage(430, LogLevel.Information, "{What}")]
    public static partial void CageHolds(this ILogger logger, string what);

    [LoggerMessage(431, LogLevel.Warning, "{What} Uploads of strangers can do more here than they should")]
    public static partial void CageHasGaps(this ILogger logger, string what);
}
