using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace TgVault.Web.Pages;

/// <summary>Answers with a file of the app in the best coding that the request takes.</summary>
/// <param name="isForever">Whether its address changes with its content, so that it need never be asked for again.</param>
internal sealed class AppFileResult(AppFile file, bool isForever) : IResult
{
    static readonly string[] Preferred = ["br", "gzip"];

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var (request, response) = (httpContext.Request, httpContext.Response);
        response.Headers.CacheControl = isForever ? "public, max-age=31536000, immutable" : "no-cache";
        response.Headers.XContentTypeOptions = "nosniff";
        // The embed page also runs in frames of an opaque origin, to which its own scripts are another site's.
        response.Headers.AccessControlAllowOrigin = "*";
        response.Headers["Cross-Origin-Resource-Policy"] = "cross-origin";
        response.Headers.Vary = HeaderNames.AcceptEncoding;
        var coding = Array.Find(Preferred, coding => file.Open.ContainsKey(coding) && Takes(request, coding)) ?? "";
        // RFC 9110 §8.8.3: another coding is another representation.
        var tag = coding.Length == 0 ? file.ETag : $"{file.ETag[..^1]}-{coding}\"";
        response.Headers.ETag = tag;
        if (PageResult.Has(request, tag))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        await using var content = file.Open[coding]();
        response.ContentType = file.ContentType;
        response.ContentLength = content.Length;
        if (coding.Length > 0)
            response.Headers.ContentEncoding = coding;
        if (!HttpMethods.IsHead(request.Method))
            await content.CopyToAsync(response.Body, httpContext.RequestAborted);
    }

    static bool Takes(HttpRequest request, string coding) =>
        StringWithQualityHeaderValue.TryParseList(request.Headers.AcceptEncoding, out var accepted)
        && accepted.Any(one => one.Value.Equals(coding, StringComparison.OrdinalIgnoreCase) && one.Quality is not 0);
}
