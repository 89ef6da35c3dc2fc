using Microsoft.Extensions.Logging;

namespace TgVault.Core.Staging;

static partial class Log
{
    [LoggerMessage(300, LogLevel.Debug, "Staged blob {Name} is another version by now and stays")]
    public static partial void StagedBlobKept(this ILogger logger, string name);

    [LoggerMessage(
        301,
        LogLevel.Warning,
        "The storage account does not let this identity set its CORS rule ({Code}); browsers can upload only if the rule is there already"
    )]
    public static partial void CorsLeftAlone(this ILogger logger, string code);

    [LoggerMessage(302, LogLevel.Error, "The list of blocks of staged blob {Upload} cannot be read; what is in its folder stays as it is")]
    public static partial void StagedBlobDamaged(this ILogger logger, string upload);
}
