namespace TgVault.BotApi;

static partial class Log
{
    [LoggerMessage(1200, LogLevel.Error, "A call failed unexpectedly")]
    public static partial void UnexpectedFailure(ILogger logger, Exception exception);
}
