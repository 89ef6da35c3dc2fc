using Microsoft.Extensions.Logging;

namespace TgVault.Core.Library;

static partial class Log
{
    [LoggerMessage(200, LogLevel.Debug, "Swept a listing entry that video {Video} does not have: a write was interrupted")]
    public static partial void ListingEntrySwept(this ILogger logger, VideoId video);
}
