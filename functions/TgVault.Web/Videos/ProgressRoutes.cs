using System.Buffers;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using TgVault.Core;
using TgVault.Core.Library;
using TgVault.Core.Videos;
using TgVault.Core.Waiting;
using TgVault.Web.Http;
using TgVault.Web.Http.Problems;

namespace TgVault.Web.Videos;

/// <summary>
/// Live progress of one video as server-sent events: <c>video</c> with the whole video whenever it changed, once more as
/// <c>removed</c> if it goes. The stream ends when the video is ready, failed or gone.
/// </summary>
internal sealed class ProgressRoutes(ILibrary library, VideoWaits waits, TimeProvider time)
{
    static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    // Keeps proxies from ending a quiet connection.
    static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);
    static readonly byte[] StillHere = ": still here\n\n"u8.ToArray();

    public async Task<IResult> FollowVideo(HttpContext context)
    {
        if (VideoId.TryParse(context.GetRouteValue("id") as string) is not { } id)
            return Problem.NoSuchVideo;
        var video = await library.FindAsync(id, context.RequestAborted);
        return video is null ? Problem.NoSuchVideo : Follow(video, VideoView.Of);
    }

    /// <summary>Live progress of a video, for somebody who may be shown so much of it.</summary>
    public IResult Follow(Video video, Func<Video, VideoWait?, object> show) => new Events(this, video, show);

    async Task SendAsync(HttpContext context, Video video, Func<Video, VideoWait?, object> show)
    {
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-store";
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        var body = context.Response.Body;
        await SseFormatter.WriteAsync(FollowAsync(video, body, context.RequestAborted), body, Write, context.RequestAborted);

        void Write(SseItem<(Video Video, VideoWait? Wait)> item, IBufferWriter<byte> writer)
        {
            using var json = new Utf8JsonWriter(writer, new JsonWriterOptions { Encoder = VaultJson.Options.Encoder });
            JsonSerializer.Serialize(json, show(item.Data.Video, item.Data.Wait), VaultJson.Options);
        }
    }

    /// <summary>The events as they come. The formatter knows no comments, so those go to the body between two events.</summary>
    async IAsyncEnumerable<SseItem<(Video Video, VideoWait? Wait)>> FollowAsync(
        Video video,
        Stream body,
        [EnumeratorCancellation] CancellationToken leaving
    )
    {
        using var timer = new PeriodicTimer(Interval, time);
        var sent = time.GetTimestamp();
        var wait = await waits.FindAsync(video, leaving);
        yield return new SseItem<(Video, VideoWait?)>((video, wait), "video");
        while (!HasEnded(video))
        {
            await timer.WaitForNextTickAsync(leaving);
            if (await library.FindAsync(video.Id, leaving) is not { } now)
            {
                yield return new SseItem<(Video, VideoWait?)>((VideoLife.Remove(video, time.GetUtcNow()) ?? video, null), "removed");
                yield break;
            }

            var waitsNow = await waits.FindAsync(now, leaving);
            var hasChanged = now.RowVersion != video.RowVersion || !VideoEvents.IsSame(wait, waitsNow);
            (video, wait) = (now, waitsNow);
            if (hasChanged)
                yield return new SseItem<(Video, VideoWait?)>((video, wait), "video");
            else if (time.GetElapsedTime(sent) >= Heartbeat)
                await body.WriteAsync(StillHere, leaving);
            else
                continue;
            sent = time.GetTimestamp();
        }
    }

    static bool HasEnded(Video video) => video.IsStored || video.Life.Status == VideoStatus.Failed;

    sealed class Events(ProgressRoutes routes, Video video, Func<Video, VideoWait?, object> show) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext) => routes.SendAsync(httpContext, video, show);
    }
}
