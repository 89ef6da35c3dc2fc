using Microsoft.Extensions.Logging;

namespace TgVault.Core.Catalogue;

static partial class Log
{
    [LoggerMessage(
        210,
        LogLevel.Information,
        "The catalogue was written anew, number {Sequence}: changes {Changes}, bytes {Bytes}, {Milliseconds:0} ms"
    )]
    public static partial void CataloguePublished(this ILogger logger, long sequence, int changes, int bytes, double milliseconds);

    [LoggerMessage(
        211,
        LogLevel.Warning,
        "The tables hold no catalogue; took over the pinned one, number {Sequence}, with {Recent} recent and {Older} older changes"
    )]
    public static partial void CatalogueAdopted(this ILogger logger, long sequence, int recent, long older);

    [LoggerMessage(212, LogLevel.Warning, "A former catalogue, message {Message}, could not be deleted")]
    public static partial void FormerCatalogueStays(this ILogger logger, int message, Exception exception);
}
