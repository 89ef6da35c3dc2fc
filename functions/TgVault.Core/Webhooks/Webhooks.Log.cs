using Microsoft.Extensions.Logging;

namespace TgVault.Core.Webhooks;

static partial class Log
{
    [LoggerMessage(450, LogLevel.Error, "What happened to video {Video} could not be told; the next look tries again")]
    public static partial void TellingFailed(this ILogger logger, VideoId video, Exception exception);

    [LoggerMessage(451, LogLevel.Warning, "Message {Message} to webhook {Webhook} is given up; its log says why")]
    public static partial void DeliveryGivenUp(this ILogger logger, string message, string webhook);

    [LoggerMessage(452, LogLevel.Warning, "Webhook {Webhook} answered that it is gone: nothing is sent there any more")]
    public static partial void WebhookGone(this ILogger logger, string webhook);
}
