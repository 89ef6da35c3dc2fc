using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using TgVault.Core.Videos;

namespace TgVault.Web.Streams;

/// <summary>How a video's prepared file is announced: inline where browsers play it, otherwise as a download that cannot do harm.</summary>
internal static class VideoHeaders
{
    /// <summary>Sets the headers and returns the content type, which is a valid one.</summary>
    public static string Set(HttpContext context, Video video)
    {
        var headers = context.Response.Headers;
        var contentType = TypeOf(video);
        var isMedia =
            video.Files.Prepared!.Media is not null
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

    /// <summary>The content type of a ready video, which is a valid one.</summary>
    public static string TypeOf(Video video) =>
        MediaTypeHeaderValue.TryParse(video.Files.Prepared!.ContentType, out var parsed) ? parsed.ToString() : "application/octet-stream";

    /// <summary>The real name of a ready video; a file that became another container gets that one's extension.</summary>
    public static string NameOf(Video video) =>
        video.Inspection.Decision?.Action == MediaAction.Remux && video.Files.Prepared!.ContentType == "video/mp4"
            ? Path.ChangeExtension(video.Details.Name, ".mp4")
            : video.Details.Name;
}
