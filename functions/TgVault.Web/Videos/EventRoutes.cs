using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace TgVault.Web.Videos;

/// <summary>What changes in the library, live, as server-sent events.</summary>
internal sealed class EventRoutes(VideoEvents events, TimeProvider time)
{
    // Keeps proxies from ending a quiet connection; the first tells the page that it is connected.
    static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);
    static readonly byte[] StillHere = ": still here\n\n"u8.ToArray();
    static readonly byte[] End = "\n\n"u8.ToArray();

    public Task<IResult> FollowLibrary(HttpContext context) => Task.FromResult<IResult>(new Events(this));

    async Task SendAsync(HttpContext context)
    {
        var leaving = context.RequestAborted;
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-store";
        // nginx would collect them otherwise.
        context.Response.Headers["X-Accel-Buffering"] = "no";
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        var body = context.Response.Body;
        var reader = events.Watch(leaving);
        await WriteAsync(StillHere);
        var more = reader.WaitToReadAsync(leaving).AsTask();
        while (true)
        {
            using var quiet = CancellationTokenSource.CreateLinkedTokenSource(leaving);
            if (await Task.WhenAny(more, Task.Delay(Heartbeat, time, quiet.Token)) != more)
            {
                await WriteAsync(StillHere);
                continue;
            }

            await quiet.CancelAsync();
            if (!await more)
                return;
            while (reader.TryRead(out var sent))
            {
                await body.WriteAsync(Encoding.ASCII.GetBytes($"event: {sent.Name}\ndata: "), leaving);
                await body.WriteAsync(sent.Json, leaving);
                await WriteAsync(End);
            }

            more = reader.WaitToReadAsync(leaving).AsTask();
        }

        async Task WriteAsync(byte[] bytes)
        {
            await body.WriteAsync(bytes, leaving);
            await body.FlushAsync(leaving);
        }
    }

    sealed class Events(EventRoutes routes) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext) => routes.SendAsync(httpContext);
    }
}
