using Microsoft.Extensions.Logging;

namespace TgVault.Core.Telegram;

static partial class Log
{
    [LoggerMessage(100, LogLevel.Warning, "Telegram asks bot {Bot} to wait {Seconds} s before posting in channel {Channel}")]
    public static partial void TelegramAsksToWait(this ILogger logger, long bot, long channel, double seconds);

    [LoggerMessage(101, LogLevel.Debug, "The link of message {Message} in channel {Channel} had expired; renewed")]
    public static partial void LinkRenewed(this ILogger logger, long channel, int message);

    [LoggerMessage(102, LogLevel.Information, "Message {Message} of channel {Channel} was found again through bot {Bot}")]
    public static partial void DocumentHealed(this ILogger logger, long channel, int message, long bot);

    [LoggerMessage(103, LogLevel.Warning, "Message {Message} of channel {Channel} is a copy that could not be deleted: {Reason}")]
    public static partial void CopyLeft(this ILogger logger, long channel, int message, string reason);

    [LoggerMessage(104, LogLevel.Warning, "Other instances could not be told that Telegram asks to wait")]
    public static partial void PauseNotShared(this ILogger logger, Exception exception);
}
