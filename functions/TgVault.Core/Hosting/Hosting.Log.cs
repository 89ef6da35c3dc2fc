using Microsoft.Extensions.Logging;

namespace TgVault.Core.Hosting;

static partial class Log
{
    [LoggerMessage(
        440,
        LogLevel.Warning,
        "The master secret is easy to guess, and whoever reads the channel may try. Store the films in a new vault with a better one"
    )]
    public static partial void MasterSecretIsWeak(this ILogger logger);

    [LoggerMessage(441, LogLevel.Warning, "{What} The vault must not run while ./tgvault recover brings its videos back")]
    public static partial void LibraryNotRecovered(this ILogger logger, string what);
}
