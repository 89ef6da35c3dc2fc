using System.Net;
using Microsoft.Extensions.Logging;
using TgVault.Core;

namespace TgVault.Web;

internal static partial class Log
{
    [LoggerMessage(1000, LogLevel.Debug, "The client of {Method} {Route} left")]
    public static partial void ClientLeft(this ILogger logger, string method, string route);

    [LoggerMessage(1001, LogLevel.Error, "{Method} {Route} failed (request {Request})")]
    public static partial void RequestFailed(this ILogger logger, Exception exception, string method, string route, string request);

    [LoggerMessage(1002, LogLevel.Warning, "The vault is not healthy: its tables do not answer")]
    public static partial void Unhealthy(this ILogger logger, Exception exception);

    [LoggerMessage(1003, LogLevel.Warning, "Storage does not work: {Reason}")]
    public static partial void StorageTroubled(this ILogger logger, string reason);

    [LoggerMessage(1004, LogLevel.Warning, "{Address} sent an API key that is not good; {Count} more came from there in the hour before")]
    public static partial void KeyRefused(this ILogger logger, IPAddress address, long count);

    [LoggerMessage(
        1005,
        LogLevel.Warning,
        "What the vault measures and logs does not reach {What}; it goes on trying, and says so again in an hour"
    )]
    public static partial void ExportFailed(this ILogger logger, string what);

    [LoggerMessage(1010, LogLevel.Information, "Upload {Video} announced: {Bytes} bytes")]
    public static partial void UploadAnnounced(this ILogger logger, VideoId video, long bytes);

    [LoggerMessage(1020, LogLevel.Information, "Removal of video {Video} asked for")]
    public static partial void RemovalAsked(this ILogger logger, VideoId video);

    [LoggerMessage(1021, LogLevel.Information, "Retry of video {Video} asked for")]
    public static partial void RetryAsked(this ILogger logger, VideoId video);

    [LoggerMessage(1022, LogLevel.Information, "Captions {Language} of video {Video} put: {Bytes} bytes")]
    public static partial void CaptionsPut(this ILogger logger, VideoId video, string language, int bytes);

    [LoggerMessage(1023, LogLevel.Information, "Captions {Language} of video {Video} removed")]
    public static partial void CaptionsRemoved(this ILogger logger, VideoId video, string language);

    [LoggerMessage(1024, LogLevel.Warning, "The library could not be looked at for those who follow it")]
    public static partial void LibraryNotSeen(this ILogger logger, Exception exception);

    [LoggerMessage(1025, LogLevel.Information, "A link was revoked")]
    public static partial void LinkRevoked(this ILogger logger);

    [LoggerMessage(1026, LogLevel.Information, "All links of video {Video} were revoked")]
    public static partial void LinksRevoked(this ILogger logger, VideoId video);

    [LoggerMessage(1034, LogLevel.Information, "Every link was revoked: {Count} that the vault knows as good, and {Number} link keys")]
    public static partial void AllLinksRevoked(this ILogger logger, int count, int number);

    [LoggerMessage(1027, LogLevel.Information, "Poster of video {Video} chosen")]
    public static partial void PosterChosen(this ILogger logger, VideoId video);

    [LoggerMessage(1028, LogLevel.Information, "Pictures of video {Video} asked for")]
    public static partial void PicturesAsked(this ILogger logger, VideoId video);

    [LoggerMessage(1029, LogLevel.Information, "Video {Video} was put into the trash")]
    public static partial void VideoTrashed(this ILogger logger, VideoId video);

    [LoggerMessage(1033, LogLevel.Information, "Video {Video} was brought back from the trash")]
    public static partial void VideoRestored(this ILogger logger, VideoId video);

    [LoggerMessage(1030, LogLevel.Debug, "Streaming video {Video}: {Range}")]
    public static partial void Streaming(this ILogger logger, VideoId video, string range);

    [LoggerMessage(1031, LogLevel.Debug, "The viewer of video {Video} left")]
    public static partial void ViewerLeft(this ILogger logger, VideoId video);

    [LoggerMessage(1032, LogLevel.Warning, "Cut a viewer of video {Video} off")]
    public static partial void ViewerCutOff(this ILogger logger, Exception exception, VideoId video);

    [LoggerMessage(1035, LogLevel.Debug, "The beginning of video {Video} was not fetched before its player asked")]
    public static partial void NotBegunEarly(this ILogger logger, Exception exception, VideoId video);
}
