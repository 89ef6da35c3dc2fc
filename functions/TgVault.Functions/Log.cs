using Microsoft.Extensions.Logging;
using TgVault.Core;

namespace TgVault.Functions;

static partial class Log
{
    [LoggerMessage(1300, LogLevel.Information, "Upload {Upload} has arrived: {Reason}")]
    public static partial void UploadArrived(this ILogger logger, string upload, string reason);

    [LoggerMessage(1301, LogLevel.Information, "Instance {Instance} of {Orchestrator} is scheduled")]
    public static partial void Scheduled(this ILogger logger, string orchestrator, string instance);

    [LoggerMessage(1302, LogLevel.Debug, "Instance {Instance} of {Orchestrator} is under way already")]
    public static partial void AlreadyUnderWay(this ILogger logger, string orchestrator, string instance);

    [LoggerMessage(1304, LogLevel.Debug, "Instance {Instance} could not be told; it ends by itself")]
    public static partial void CouldNotTell(this ILogger logger, string instance, Exception exception);

    [LoggerMessage(1312, LogLevel.Information, "{Count} finished instances are forgotten")]
    public static partial void HistoryPurged(this ILogger logger, int count);

    [LoggerMessage(1313, LogLevel.Error, "Video {Video} could not be looked after; the next run tries again")]
    public static partial void UpkeepFailed(this ILogger logger, VideoId video, Exception exception);

    [LoggerMessage(1314, LogLevel.Error, "Upload {Upload} could not be taken up; the next run tries again")]
    public static partial void TakingUpFailed(this ILogger logger, string upload, Exception exception);
}
