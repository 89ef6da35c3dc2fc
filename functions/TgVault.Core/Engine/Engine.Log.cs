using Microsoft.Extensions.Logging;
using TgVault.Core.Ingest;

namespace TgVault.Core.Engine;

static partial class Log
{
    [LoggerMessage(400, LogLevel.Debug, "Ingest of upload {Upload} ended: {Result} {Reason}")]
    public static partial void IngestEnded(this ILogger logger, string upload, StepResult result, string reason);

    [LoggerMessage(421, LogLevel.Debug, "{Work} begins")]
    public static partial void WorkBegins(this ILogger logger, string work);

    [LoggerMessage(422, LogLevel.Debug, "{Work} is over")]
    public static partial void WorkIsOver(this ILogger logger, string work);

    [LoggerMessage(407, LogLevel.Error, "Watching the staging container failed; trying again")]
    public static partial void WatchingFailed(this ILogger logger, Exception exception);

    [LoggerMessage(408, LogLevel.Error, "{Work} broke off; it is taken up again")]
    public static partial void RunBroke(this ILogger logger, string work, Exception exception);

    [LoggerMessage(455, LogLevel.Error, "Webhooks could not be looked after; trying again")]
    public static partial void WebhooksFailed(this ILogger logger, Exception exception);

    [LoggerMessage(432, LogLevel.Error, "Bringing replicas up to what is stored failed; trying again")]
    public static partial void ReplicatingFailed(this ILogger logger, Exception exception);

    [LoggerMessage(433, LogLevel.Error, "Looking at the copies of what is stored failed; trying again")]
    public static partial void CheckingFailed(this ILogger logger, Exception exception);

    [LoggerMessage(434, LogLevel.Warning, "Looking for documents that nobody knows of broke off; trying again")]
    public static partial void SearchingFailed(this ILogger logger, Exception exception);

    [LoggerMessage(424, LogLevel.Error, "The rotation of the master secret could not go on; trying again")]
    public static partial void RotatingFailed(this ILogger logger, Exception exception);

    [LoggerMessage(423, LogLevel.Error, "Indexing videos of an earlier version failed; trying again")]
    public static partial void IndexingFailed(this ILogger logger, Exception exception);
}
