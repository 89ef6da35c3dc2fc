using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace TgVault.Web.Pages;

/// <summary>Answers with a page of HTML under its policy: asked for anew each time, and sent only where it changed.</summary>
/// <param name="policy">Its Content-Security-Policy.</param>
/// <param name="status">What it is answered with.</param>
internal sealed class PageResult(string html, string policy, int status = StatusCodes.Status200OK) : IResult
{
    /// <summary>Whether it may be kept at all; what is in a link's page is its holder's.</summary>
    public bool IsKept { get; init; } = true;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var (request, response) = (httpContext.Request, httpContext.Response);
        var bytes = Encoding.UTF8.GetBytes(html);
        response.StatusCode = status;
        response.Headers.CacheControl = IsKept ? "no-cache" : "no-store";
        response.Headers.ContentSecurityPolicy = policy;
        response.Headers.XContentTypeOptions = "nosniff";
        // Addresses of pages hold links.
        response.Headers["Referrer-Policy"] = "same-origin";
        if (IsKept)
        {
            var tag = AppFiles.TagOf(SHA256.HashData(bytes));
            response.Headers.ETag = tag;
            if (Has(request, tag))
            {
                response.StatusCode = StatusCodes.Status304NotModified;
                return;
            }
        }

        response.ContentType = "text/html; charset=utf-8";
        response.ContentLength = bytes.Length;
        if (!HttpMethods.IsHead(request.Method))
            await response.Body.WriteAsync(bytes, httpContext.RequestAborted);
    }

    /// <summary>Whether the request already has what this validator stands for.</summary>
    public static bool Has(HttpRequest request, string tag) =>
        EntityTagHeaderValue.TryParseList(request.Headers.IfNoneMatch, out var known)
        && known.Any(one => one.Equals(EntityTagHeaderValue.Any) || one.Tag == tag);
}
