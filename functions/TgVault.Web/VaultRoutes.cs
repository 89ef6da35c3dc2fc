using System.Collections.Immutable;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Template;
using Microsoft.Extensions.DependencyInjection;
using TgVault.Web.Links;
using TgVault.Web.Streams;
using TgVault.Web.Uploads;
using TgVault.Web.Videos;

namespace TgVault.Web;

/// <summary>Everything the vault answers over HTTP, in one table. openapi.json describes the same; a test holds them together.</summary>
public static class VaultRoutes
{
    public static ImmutableArray<VaultRoute> All { get; } =
    [
        Route<UploadRoutes>("CreateUpload", ["POST"], "api/uploads", Access.ApiKey, (routes, context) => routes.CreateUpload(context)),
        Route<UploadRoutes>(
            "RenewUpload",
            ["POST"],
            "api/uploads/{id}/renew",
            Access.ApiKey,
            (routes, context) => routes.RenewUpload(context)
        ),
        Route<VideoRoutes>("ListVideos", ["GET"], "api/videos", Access.ApiKey, (routes, context) => routes.ListVideos(context)),
        Route<VideoRoutes>("ShowVideo", ["GET"], "api/videos/{id}", Access.ApiKey, (routes, context) => routes.ShowVideo(context)),
        Route<VideoRoutes>("ChangeVideo", ["PATCH"], "api/videos/{id}", Access.ApiKey, (routes, context) => routes.ChangeVideo(context)),
        Route<VideoRoutes>("RemoveVideo", ["DELETE"], "api/videos/{id}", Access.ApiKey, (routes, context) => routes.RemoveVideo(context)),
        Route<VideoRoutes>("RetryVideo", ["POST"], "api/videos/{id}/retry", Access.ApiKey, (routes, context) => routes.RetryVideo(context)),
        Route<ProgressRoutes>(
            "FollowVideo",
            ["GET"],
            "api/videos/{id}/events",
            Access.ApiKey,
            (routes, context) => routes.FollowVideo(context)
        ),
        Route<LinkRoutes>("LinkVideo", ["POST"], "api/videos/{id}/links", Access.ApiKey, (routes, context) => routes.LinkVideo(context)),
        Route<CaptionRoutes>(
            "PutCaptions",
            ["PUT"],
            "api/videos/{id}/captions/{language}",
            Access.ApiKey,
            (routes, context) => routes.PutCaptions(context)
        ),
        Route<CaptionRoutes>(
            "RemoveCaptions",
            ["DELETE"],
            "api/videos/{id}/captions/{language}",
            Access.ApiKey,
            (routes, context) => routes.RemoveCaptions(context)
        ),
        Route<StreamRoutes>(
            "StreamVideo",
            ["GET", "HEAD", "OPTIONS"],
            "v/{link}/video.mp4",
            Access.Link,
            (routes, context) => routes.StreamVideo(context)
        ),
        Route<AdaptiveRoutes>(
            "StreamHls",
            ["GET", "HEAD", "OPTIONS"],
            "v/{link}/hls/master.m3u8",
            Access.Link,
            (routes, context) => routes.StreamHls(context)
        ),
        Route<CaptionRoutes>(
            "StreamText",
            ["GET", "HEAD", "OPTIONS"],
            "v/{link}/captions/{file}",
            Access.Link,
            (routes, context) => routes.StreamText(context)
        ),
        Route<AdaptiveRoutes>(
            "StreamCaptions",
            ["GET", "HEAD", "OPTIONS"],
            "v/{link}/hls/captions/{language}/{file}",
            Access.Link,
            (routes, context) => routes.StreamCaptions(context)
        ),
        Route<AdaptiveRoutes>(
            "StreamSegment",
            ["GET", "HEAD", "OPTIONS"],
            "v/{link}/hls/{track}/{file}",
            Access.Link,
            (routes, context) => routes.StreamSegment(context)
        ),
        Route<AdaptiveRoutes>(
            "StreamRendition",
            ["GET", "HEAD", "OPTIONS"],
            "v/{link}/hls/{rendition}/{track}/{file}",
            Access.Link,
            (routes, context) => routes.StreamRendition(context)
        ),
        Route<AdaptiveRoutes>(
            "StreamDash",
            ["GET", "HEAD", "OPTIONS"],
            "v/{link}/dash/manifest.mpd",
            Access.Link,
            (routes, context) => routes.StreamDash(context)
        ),
        Route<AdaptiveRoutes>(
            "StreamFragmented",
            ["GET", "HEAD", "OPTIONS"],
            "v/{link}/fragmented.mp4",
            Access.Link,
            (routes, context) => routes.StreamFragmented(context)
        ),
        Route<StreamRoutes>(
            "StreamFile",
            ["GET", "HEAD", "OPTIONS"],
            "api/stream",
            Access.LinkOrApiKey,
            (routes, context) => routes.StreamFile(context)
        ),
        Route<HealthRoutes>("CheckHealth", ["GET", "HEAD"], "api/health", Access.None, (routes, context) => routes.CheckHealth(context)),
        Route<HealthRoutes>("DescribeApi", ["GET", "HEAD"], "api/openapi.json", Access.None, (routes, _) => routes.DescribeApi()),
        Route<HealthRoutes>("ShowHome", ["GET", "HEAD"], "", Access.None, (routes, _) => routes.ShowHome()),
    ];

    /// <summary>
    /// For a host whose router has a catch-all instead of an empty pattern and answers of its own: finds the route by path and method, and where
    /// there is none tells what is wrong as a problem (404, 405). Does not throw.
    /// </summary>
    public static Task RunOtherAsync(HttpContext context)
    {
        var here = All.Where(route => Matches(route, context.Request)).ToList();
        if (here.FirstOrDefault(route => route.Methods.Contains(context.Request.Method, StringComparer.OrdinalIgnoreCase)) is { } route)
            return route.RunAsync(context);
        return ProblemBoundary.RunAsync(
            context,
            inner =>
            {
                inner.Response.StatusCode = here.Count == 0 ? StatusCodes.Status404NotFound : StatusCodes.Status405MethodNotAllowed;
                if (here.Count > 0)
                    inner.Response.Headers.Allow = string.Join(", ", here.SelectMany(other => other.Methods).Order(StringComparer.Ordinal));
                return Task.CompletedTask;
            }
        );
    }

    static bool Matches(VaultRoute route, HttpRequest request)
    {
        var values = new RouteValueDictionary();
        if (!new TemplateMatcher(TemplateParser.Parse(route.Pattern), []).TryMatch(request.Path, values))
            return false;
        foreach (var (name, value) in values)
            request.RouteValues[name] = value;
        return true;
    }

    static VaultRoute Route<T>(
        string name,
        ImmutableArray<string> methods,
        string pattern,
        Access access,
        Func<T, HttpContext, Task<IResult>> answer
    )
        where T : notnull =>
        new(name, methods, pattern, access, context => answer(context.RequestServices.GetRequiredService<T>(), context));
}
