using System.Collections.Immutable;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace TgVault.Web.Staging;

/// <summary>Lets pages of the sites that the settings name upload, as the rule does that an account of Azure is given.</summary>
internal static class StagingCors
{
    const int LongestHeaders = 4096;

    // What clients of blob storage look at in answers.
    const string Exposed =
        "ETag, Last-Modified, Content-MD5, Date, Retry-After, x-ms-client-request-id, x-ms-content-crc64, x-ms-error-code, "
        + "x-ms-request-id, x-ms-request-server-encrypted, x-ms-structured-body, x-ms-version";

    /// <summary>Whether a browser asks before it sends.</summary>
    public static bool IsPreflight(HttpRequest request) =>
        HttpMethods.IsOptions(request.Method) && request.Headers.Origin.Count == 1 && request.Headers.AccessControlRequestMethod.Count == 1;

    /// <summary>Allows the request's origin, where the settings have it.</summary>
    public static bool Allow(HttpContext context, ImmutableArray<string> origins)
    {
        var origin = context.Request.Headers.Origin.ToString();
        var headers = context.Response.Headers;
        headers.Append(HeaderNames.Vary, HeaderNames.Origin);
        var any = origins.Contains("*");
        if (origin.Length == 0 || (!any && !origins.Contains(origin, StringComparer.OrdinalIgnoreCase)))
            return false;
        headers.AccessControlAllowOrigin = any ? "*" : origin;
        headers.AccessControlExposeHeaders = Exposed;
        return true;
    }

    /// <summary>Answers a preflight.</summary>
    public static IResult Preflight(HttpContext context, ImmutableArray<string> origins)
    {
        var (request, response) = (context.Request.Headers, context.Response.Headers);
        var wanted = request.AccessControlRequestHeaders.ToString();
        if (
            !Allow(context, origins)
            || !HttpMethods.IsPut(request.AccessControlRequestMethod.ToString())
            || wanted.Length > LongestHeaders
            || !wanted.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or ',' or ' ')
        )
            return new BlobError(
                403,
                "CorsPreflightFailure",
                "Pages of this site may not upload here; TgVault__Uploads__Origins names those that may."
            );
        response.AccessControlAllowMethods = "PUT";
        if (wanted.Length > 0)
            response.AccessControlAllowHeaders = wanted;
        response.AccessControlMaxAge = "3600";
        return TypedResults.Ok();
    }
}
