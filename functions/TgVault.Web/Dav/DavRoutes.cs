using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using TgVault.Core.Playback.Open;
using TgVault.Web.Http.Problems;
using TgVault.Web.Streams;

namespace TgVault.Web.Dav;

/// <summary>
/// The library for apps that open a WebDAV address: folders, and the files that play. Class 1 of RFC 4918, for reading. Scripts of other
/// sites may read nothing here: a browser sends the password unasked.
/// </summary>
internal sealed class DavRoutes(DavLibrary library, OpenVideos videos, ILogger<DavRoutes> log)
{
    static readonly Problem NothingThere = new(StatusCodes.Status404NotFound, "There is no folder and no ready video at this path.");

    public Task<IResult> Answer(HttpContext context) =>
        context.Request.Method switch
        {
            "OPTIONS" => Task.FromResult<IResult>(new Capabilities()),
            "PROPFIND" => FindPropertiesAsync(context),
            _ => ReadAsync(context),
        };

    async Task<IResult> ReadAsync(HttpContext context)
    {
        var path = PathOf(context);
        if (await library.FindFileAsync(path, context.RequestAborted) is not { } video)
        {
            return await library.FindFolderAsync(path, context.RequestAborted) is null
                ? NothingThere
                : TypedResults.Text("A folder: open this address in an app that speaks WebDAV.\n");
        }

        if (await videos.OpenAsync(video, context.RequestAborted) is not { } stream)
            return NothingThere;
        return new ByteResult(stream, video, VideoHeaders.Set(context, video), "", log);
    }

    async Task<IResult> FindPropertiesAsync(HttpContext context)
    {
        // Without the header all levels are meant (§9.1); one is what clients expect of it.
        var depth = context.Request.Headers["Depth"].ToString();
        if (depth is not ("" or "0" or "1"))
            return new DepthRefusal();
        if (await PropertyRequest.ReadAsync(context.Request, context.RequestAborted) is not { } asked)
            return new Problem(StatusCodes.Status400BadRequest, "The body is not the XML of a PROPFIND (RFC 4918 §14.20).");
        var path = PathOf(context);
        if (await library.FindFolderAsync(path, context.RequestAborted) is { } folder)
            return new FolderAnswer(path, folder, asked, depth != "0");
        return await library.FindFileAsync(path, context.RequestAborted) is { } video
            ? new FileAnswer(path, DavFile.Of(video) with { Name = path.Name }, asked)
            : NothingThere;
    }

    static DavPath PathOf(HttpContext context) => DavPath.OfRequest(context.GetRouteValue("path") as string);

    static string RootOf(HttpContext context) => context.Request.PathBase + "/dav";

    sealed class FolderAnswer(DavPath path, DavFolder folder, PropertyRequest asked, bool withContent) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            var (root, ended) = (RootOf(httpContext), httpContext.RequestAborted);
            var answer = new Multistatus(httpContext.Response, asked);
            await answer.BeginAsync(ended);
            await answer.WriteFolderAsync(path.ToHref(root, isFolder: true), path.IsRoot ? "TgVault" : path.Name, ended);
            foreach (var name in withContent ? folder.Folders : [])
                await answer.WriteFolderAsync(path.With(name).ToHref(root, isFolder: true), name, ended);
            foreach (var file in withContent ? folder.Files : [])
                await answer.WriteFileAsync(path.With(file.Name).ToHref(root, isFolder: false), file, ended);
            await answer.EndAsync(ended);
        }
    }

    sealed class FileAnswer(DavPath path, DavFile file, PropertyRequest asked) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            var answer = new Multistatus(httpContext.Response, asked);
            await answer.BeginAsync(httpContext.RequestAborted);
            await answer.WriteFileAsync(path.ToHref(RootOf(httpContext), isFolder: false), file, httpContext.RequestAborted);
            await answer.EndAsync(httpContext.RequestAborted);
        }
    }

    /// <summary>What a client asks before all else; Windows looks for the last.</summary>
    sealed class Capabilities : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            var headers = httpContext.Response.Headers;
            headers.Allow = "OPTIONS, GET, HEAD, PROPFIND";
            headers["DAV"] = "1";
            headers["MS-Author-Via"] = "DAV";
            headers.CacheControl = "no-store";
            return Task.CompletedTask;
        }
    }

    /// <summary>RFC 4918 §9.1: all levels at once are refused with this condition.</summary>
    sealed class DepthRefusal : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = StatusCodes.Status403Forbidden;
            httpContext.Response.ContentType = "application/xml; charset=utf-8";
            return httpContext.Response.WriteAsync(
                "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<D:error xmlns:D=\"DAV:\"><D:propfind-finite-depth/></D:error>",
                httpContext.RequestAborted
            );
        }
    }
}
