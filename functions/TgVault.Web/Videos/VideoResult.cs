using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using TgVault.Core.Videos;
using TgVault.Core.Waiting;
using TgVault.Web.Http;

namespace TgVault.Web.Videos;

/// <summary>Answers with one video and its validator; with the validator alone where the client has it in this state already.</summary>
internal sealed class VideoResult(Video video, int status = StatusCodes.Status200OK) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var (request, response) = (httpContext.Request, httpContext.Response);
        var waits = httpContext.RequestServices.GetRequiredService<VideoWaits>();
        var wait = await waits.FindAsync(video, httpContext.RequestAborted);
        var tag = VideoTag.Of(video, wait);
        response.Headers.ETag = tag;
        if (!HttpMethods.IsGet(request.Method) || !VideoTag.IsKnown(request, tag))
        {
            await VaultJson.Answer(VideoView.Of(video, wait), status).ExecuteAsync(httpContext);
            return;
        }

        response.Headers.CacheControl = "no-store";
        response.StatusCode = StatusCodes.Status304NotModified;
    }
}
