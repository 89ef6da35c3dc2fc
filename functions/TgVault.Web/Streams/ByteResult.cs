using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;
using TgVault.Core;
using TgVault.Core.Streams;
using TgVault.Core.Videos;
using TgVault.Web.Http.Problems;
using TgVault.Web.Telemetry;

namespace TgVault.Web.Streams;

/// <summary>
/// Answers with bytes of a video. The framework does conditions and ranges. What fails once it has begun cuts the connection: players
/// come back after a cut but give up for good at a 5xx.
/// </summary>
/// <param name="stream">Seekable; disposed with the answer.</param>
/// <param name="video">Whose bytes they are.</param>
/// <param name="contentType">Valid already.</param>
/// <param name="edition">
/// What the validator says besides video and attempt; changes with the bytes, and is the same on every instance.
/// </param>
internal sealed class ByteResult(Stream stream, Video video, string contentType, string edition, ILogger log) : IResult
{
    /// <summary>How much an open-ended range is answered with, in bytes; 0 = all that is left.</summary>
    public long WindowBytes { get; init; }

    /// <summary>How many bytes have to be fetched for each, where that follows from how the vault cut it; 1 or more.</summary>
    public double Cost { get; init; } = 1;

    /// <summary>How long it may be kept, and by whom.</summary>
    public string CacheControl { get; init; } = "private";

    /// <summary>When the video's bytes were made, as far as anybody knows.</summary>
    public static DateTimeOffset ModifiedOf(Video video) => video.Upload.Source?.Modified ?? video.Created;

    /// <summary>The same on every instance and after every deployment, and another one for other bytes.</summary>
    public static string ETagOf(Video video, string edition = "") => $"\"{video.Id}-{video.Life.Attempt}{edition}\"";

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        await using var owned = stream;
        httpContext.Response.Headers.CacheControl = CacheControl;
        httpContext.Response.Headers.XContentTypeOptions = "nosniff";
        log.Streaming(video.Id, httpContext.Request.Headers.Range.ToString());
        var trace = RequestTrace.Of(httpContext);
        var body = LinkedBody.Of(httpContext, stream, Cost);
        var end = RequestedRange.Prepare(httpContext.Request, stream.Length, WindowBytes);
        if (stream is ReadOnlyStream stored)
            stored.ReadEnd = end;
        try
        {
            await TypedResults
                .Stream(
                    trace?.Count(body, video.Id) ?? body,
                    contentType,
                    lastModified: ModifiedOf(video),
                    entityTag: new EntityTagHeaderValue(ETagOf(video, edition)),
                    enableRangeProcessing: true
                )
                .ExecuteAsync(httpContext);
            // The framework swallows the cancellation of a client that left.
            if (httpContext.RequestAborted.IsCancellationRequested)
                log.ViewerLeft(video.Id);
            else
                await DescribeRefusalAsync(httpContext);
        }
        catch (OperationCanceledException) when (httpContext.RequestAborted.IsCancellationRequested)
        {
            log.ViewerLeft(video.Id);
        }
        catch (BudgetException) when (!httpContext.Response.HasStarted)
        {
            // Nobody who plays meets it, so it may be said.
            throw;
        }
#pragma warning disable CA1031 // Whatever failed, the only right answer to a player is a cut connection.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            if (httpContext.RequestAborted.IsCancellationRequested)
            {
                log.ViewerLeft(video.Id);
            }
            else
            {
                log.ViewerCutOff(exception, video.Id);
                trace?.Cut();
            }

            httpContext.Abort();
        }
    }

    /// <summary>The framework refuses (412, 416) with headers only.</summary>
    static async Task DescribeRefusalAsync(HttpContext context)
    {
        var response = context.Response;
        if (response.HasStarted)
            return;
        var detail = response.StatusCode switch
        {
            StatusCodes.Status412PreconditionFailed => "The file is not the one that the request's conditions name.",
            StatusCodes.Status416RangeNotSatisfiable => "The file ends before the range begins; Content-Range has its length.",
            _ => null,
        };
        if (detail is null)
            return;
        response.Headers.Remove(HeaderNames.ContentDisposition);
        await new Problem(response.StatusCode, detail).ExecuteAsync(context);
    }
}
