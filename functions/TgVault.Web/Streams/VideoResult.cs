using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;
using TgVault.Core;
using TgVault.Core.Catalogue;
using TgVault.Core.Playback;

namespace TgVault.Web.Streams;

/// <summary>
/// Answers with a video's bytes. The framework does conditions and ranges. What fails once it has begun cuts the connection: players
/// come back after a cut but give up for good at a 5xx (facts/playback.md 1.6).
/// </summary>
internal sealed class VideoResult(VideoStream stream, long windowBytes, ILogger log) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        await using var owned = stream;
        var video = stream.Video;
        var contentType = PrepareHeaders(httpContext, video);
        log.Streaming(video.Id, httpContext.Request.Headers.Range.ToString());
        stream.ReadEnd = RequestedRange.Prepare(httpContext.Request, stream.Length, windowBytes);
        try
        {
            await TypedResults.Stream(
                    stream,
                    contentType,
                    lastModified: video.Source?.Modified ?? video.Created,
                    // The same on every instance and after every deployment, and another one for other bytes.
                    entityTag: new EntityTagHeaderValue($"\"{video.Id}-{video.Attempt}\""),
                    enableRangeProcessing: true)
                .ExecuteAsync(httpContext);
            // The framework swallows the cancellation of a client that left.
            if (httpContext.RequestAborted.IsCancellationRequested) log.ViewerLeft(video.Id);
            else await DescribeRefusalAsync(httpContext);
        }
        catch (OperationCanceledException) when (httpContext.RequestAborted.IsCancellationRequested)
        {
            log.ViewerLeft(video.Id);
        }
#pragma warning disable CA1031 // Whatever failed, the only right answer to a player is a cut connection.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            if (httpContext.RequestAborted.IsCancellationRequested) log.ViewerLeft(video.Id);
            else log.ViewerCutOff(exception, video.Id);
            httpContext.Abort();
        }
    }

    static string PrepareHeaders(HttpContext context, Video video)
    {
        var headers = context.Response.Headers;
        var contentType = MediaTypeHeaderValue.TryParse(video.Prepared!.ContentType, out var parsed) ? parsed.ToString() : "application/octet-stream";
        var isMedia = video.Prepared.Media is not null
            && video.Decision?.Action != MediaAction.KeepAsFile
            && (contentType.StartsWith("video/", StringComparison.Ordinal) || contentType.StartsWith("audio/", StringComparison.Ordinal));
        headers.CacheControl = "private";
        headers.XContentTypeOptions = "nosniff";
        // An uploaded page must not run scripts on this site, however it is opened.
        if (!isMedia) headers.ContentSecurityPolicy = "sandbox; default-src 'none'";
        var disposition = new ContentDispositionHeaderValue(isMedia && context.Request.Query["download"] != "1" ? "inline" : "attachment");
        disposition.SetHttpFileName(NameOf(video));
        headers.ContentDisposition = disposition.ToString();
        return contentType;
    }

    /// <summary>The real name; a file that became another container gets that one's extension.</summary>
    static string NameOf(Video video) => video.Decision?.Action == MediaAction.Remux && video.Prepared!.ContentType == "video/mp4"
        ? Path.ChangeExtension(video.Name, ".mp4")
        : video.Name;

    /// <summary>The framework refuses (412, 416) with headers only.</summary>
    static async Task DescribeRefusalAsync(HttpContext context)
    {
        var response = context.Response;
        if (response.HasStarted) return;
        var detail = response.StatusCode switch
        {
            StatusCodes.Status412PreconditionFailed => "The file is not the one that the request's conditions name.",
            StatusCodes.Status416RangeNotSatisfiable => "The file ends before the range begins; Content-Range has its length.",
            _ => null,
        };
        if (detail is null) return;
        response.Headers.Remove(HeaderNames.ContentDisposition);
        await new Problem(response.StatusCode, detail).ExecuteAsync(context);
    }
}
