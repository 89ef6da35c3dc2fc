using System.Collections.Immutable;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using TgVault.Core.Links;

namespace TgVault.Web.Http;

/// <summary>Lets scripts of other sites (players) read a stream: of any site, or of those a link names.</summary>
internal static class Cors
{
    // What is below it is there for players, and so is what is not.
    static readonly PathString PlayersPath = "/v";

    /// <summary>Allows the request's origin where <paramref name="origins"/> has it; null allows all.</summary>
    public static void Allow(HttpContext context, ImmutableArray<string>? origins)
    {
        var headers = context.Response.Headers;
        if (origins is not { } named)
        {
            headers.AccessControlAllowOrigin = "*";
        }
        else
        {
            headers.Append(HeaderNames.Vary, HeaderNames.Origin);
            var origin = context.Request.Headers.Origin.ToString();
            if (!named.Contains(origin, StringComparer.OrdinalIgnoreCase))
                return;
            headers.AccessControlAllowOrigin = origin;
        }

        headers.AccessControlExposeHeaders = "Content-Range, Accept-Ranges, ETag, Content-Length, Content-Disposition";
        // Pages that isolate themselves (COEP) may embed it too.
        headers["Cross-Origin-Resource-Policy"] = "cross-origin";
    }

    /// <summary>
    /// Lets scripts read that, and why, a stream is refused: a page can then tell an expired link from a broken network, and browsers that
    /// may not read a refusal ask again at once, a hundred times a second (Firefox does). A good link's sites are held to here too.
    /// </summary>
    public static void AllowRefusal(HttpContext context)
    {
        var isForPlayers =
            context.GetEndpoint()?.Metadata.GetMetadata<VaultRoute>()?.Kind is RouteKind.Playing or RouteKind.Ticketing
            || context.Request.Path.StartsWithSegments(PlayersPath);
        var headers = context.Response.Headers;
        if (isForPlayers && headers.AccessControlAllowOrigin.Count == 0 && !headers.Vary.Contains(HeaderNames.Origin))
            Allow(context, context.Features.Get<VideoLink>()?.Origins);
    }

    /// <summary>Answers the preflight of a page that has a ticket; JSON needs one.</summary>
    public static IResult PreflightOfTicket(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.AccessControlAllowMethods = "GET, POST, OPTIONS";
        headers.AccessControlAllowHeaders = "Content-Type";
        headers.AccessControlMaxAge = "86400";
        return TypedResults.NoContent();
    }

    /// <summary>Answers a preflight; suffix ranges need one.</summary>
    public static IResult Preflight(HttpContext context, ImmutableArray<string>? origins)
    {
        Allow(context, origins);
        var headers = context.Response.Headers;
        headers.AccessControlAllowMethods = "GET, HEAD, OPTIONS";
        headers.AccessControlAllowHeaders =
            "Range, If-Range, If-Match, If-None-Match, If-Modified-Since, If-Unmodified-Since, X-Api-Key, Authorization";
        headers.AccessControlMaxAge = "86400";
        return TypedResults.NoContent();
    }
}
