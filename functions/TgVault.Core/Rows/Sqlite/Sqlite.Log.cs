using Microsoft.Extensions.Logging;

namespace TgVault.Core.Rows.Sqlite;

static partial class Log
{
    [LoggerMessage(220, LogLevel.Information, "Copied the database to {File}: {Bytes} bytes, {Milliseconds:F0} ms")]
    public static partial void RowsCopied(this ILogger logger, string file, long bytes, double milliseconds);

    [LoggerMessage(221, LogLevel.Error, "The database was not copied; the copies of nights before are kept")]
    public static partial void RowsNotCopied(this ILogger logger, Exception exception);
}
