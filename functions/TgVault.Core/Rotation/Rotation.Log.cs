using Microsoft.Extensions.Logging;

namespace TgVault.Core.Rotation;

static partial class Log
{
    [LoggerMessage(
        250,
        LogLevel.Information,
        "The master secret is being rotated: everything comes under version {Number} of the vault key"
    )]
    public static partial void RotationBegins(this ILogger logger, int number);

    [LoggerMessage(
        251,
        LogLevel.Information,
        "The rotation to version {Number} of the vault key is done: the keys of {Count} videos were wrapped anew. Where the "
            + "settings name the former secret, remove it"
    )]
    public static partial void RotationEnded(this ILogger logger, int number, int count);

    [LoggerMessage(252, LogLevel.Error, "Video {Video}: its keys do not open, so they cannot be wrapped anew")]
    public static partial void KeysDoNotOpen(this ILogger logger, VideoId video, Exception exception);

    [LoggerMessage(
        253,
        LogLevel.Error,
        "Video {Video} has no row, and its manifest, message {Message}, cannot be read: it stays in the catalogue as it is"
    )]
    public static partial void ManifestIsLost(this ILogger logger, VideoId video, int message, Exception exception);
}
