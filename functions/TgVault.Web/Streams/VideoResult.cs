using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;
using TgVault.Core.Playback.Open;
using TgVault.Core.Videos;

namespace TgVault.Web.Streams;

/// <summary>Answers with a video's prepared file: inline where browsers play it, otherwise as a download that cannot do harm.</summary>
internal sealed class VideoResult(VideoStream stream, long windowBytes, ILogger log) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        var contentType = PrepareHeaders(httpContext, stream.Video);
        return new ByteResult(stream, stream.Video, contentType, "", log)
        {
            WindowBytes = windowBytes,
            Expect = end => stream.ReadEnd = end,
        }.ExecuteAsync(httpContext);
    }

    static string PrepareHeaders(HttpContext context, Video video)
    {
        var headers = context.Response.Headers;
        var contentType = MediaTypeHeaderValue.TryParse(video.Files.Prepared!.ContentType, out var parsed)
            ? parsed.ToString()
            : "application/octet-stream";
        var isMedia =
            video.Files.Prepared.Media is not null
            && video.Inspection.Decision?.Action != MediaAction.KeepAsFile
            && (contentType.StartsWith("video/", StringComparison.Ordinal) || contentType.StartsWith("audio/", StringComparison.Ordinal));
        // An uploaded page must not run scripts on this site, however it is opened.
        if (!isMedia)
            headers.ContentSecurityPolicy = "sandbox; default-src 'none'";
        var disposition = new ContentDispositionHeaderValue(isMedia && context.Request.Query["download"] != "1" ? "inline" : "attachment");
        disposition.SetHttpFileName(NameOf(video));
        headers.ContentDisposition = disposition.ToString();
        return contentType;
    }

    /// <summary>The real name; a file that became another container gets that one's extension.</summary>
    static string NameOf(Video video) =>
        video.Inspection.Decision?.Action == MediaAction.Remux && video.Files.Prepared!.ContentType == "video/mp4"
            ? Path.ChangeExtension(video.Details.Name, ".mp4")
            : video.Details.Name;
}
