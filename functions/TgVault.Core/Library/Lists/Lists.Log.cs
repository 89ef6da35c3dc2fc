using Microsoft.Extensions.Logging;

namespace TgVault.Core.Library.Lists;

static partial class Log
{
    [LoggerMessage(200, LogLevel.Debug, "Swept a listing entry that video {Video} does not have: a write was interrupted")]
    public static partial void ListingEntrySwept(this ILogger logger, VideoId video);

    [LoggerMessage(201, LogLevel.Information, "Every video is indexed: lists by status and search know all of them")]
    public static partial void LibraryIndexed(this ILogger logger);
}
