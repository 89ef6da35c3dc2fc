using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using TgVault.Core;
using TgVault.Core.Library;
using TgVault.Core.Videos;

namespace TgVault.Web.Videos;

/// <summary>
/// Live progress of one video as server-sent events: <c>video</c> with the whole video whenever it changed, once more
/// as <c>removed</c> if it goes. The stream ends when the video is ready, failed or gone. Comments in between keep proxies from ending a quiet connection.
/// </summary>
internal sealed class ProgressRoutes(ILibrary library, TimeProvider time)
{
    static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    public async Task<IResult> FollowVideo(HttpContext context)
    {
        if (VideoId.TryParse(context.GetRouteValue("id") as string) is not { } id)
            return Problem.NoSuchVideo;
        var video = await library.FindAsync(id, context.RequestAborted);
        return video is null ? Problem.NoSuchVideo : new Events(this, video);
    }

    async Task SendAsync(HttpContext context, Video video)
    {
        var leaving = context.RequestAborted;
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-store";
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        using var timer = new PeriodicTimer(Interval, time);
        var sent = time.GetTimestamp();
        await WriteAsync(context, Event("video", video));
        while (!HasEnded(video))
        {
            await timer.WaitForNextTickAsync(leaving);
            if (await library.FindAsync(video.Id, leaving) is not { } now)
            {
                await WriteAsync(context, Event("removed", video with { Status = VideoStatus.Deleting }));
                return;
            }

            var text =
                now.RowVersion != video.RowVersion ? Event("video", now)
                : time.GetElapsedTime(sent) >= Heartbeat ? ": still here\n\n"
                : null;
            video = now;
            if (text is null)
                continue;
            await WriteAsync(context, text);
            sent = time.GetTimestamp();
        }
    }

    static bool HasEnded(Video video) => video.Status is VideoStatus.Ready or VideoStatus.Failed;

    // JSON holds no line break, so it is one data line.
    static string Event(string name, Video video) =>
        $"event: {name}\ndata: {JsonSerializer.Serialize(VideoView.Of(video), VaultJson.Options)}\n\n";

    static async Task WriteAsync(HttpContext context, string text)
    {
        await context.Response.WriteAsync(text, context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }

    sealed class Events(ProgressRoutes routes, Video video) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext) => routes.SendAsync(httpContext, video);
    }
}
