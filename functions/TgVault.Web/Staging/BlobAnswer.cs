using System.Globalization;
using Microsoft.AspNetCore.Http;
using TgVault.Core.Videos;

namespace TgVault.Web.Staging;

/// <summary>What blob storage answers where it took something.</summary>
internal sealed class BlobAnswer(Checksums checksums, StagedBlob? blob) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = StatusCodes.Status201Created;
        response.ContentLength = 0;
        response.Headers.CacheControl = "no-store";
        // Staged bytes lie as they came; what is stored in the end is sealed.
        response.Headers["x-ms-request-server-encrypted"] = "false";
        checksums.Tell(response);
        if (blob is not null)
        {
            response.Headers.ETag = blob.ETag;
            response.Headers.LastModified = blob.Modified.ToString("R", CultureInfo.InvariantCulture);
        }

        return Task.CompletedTask;
    }

    /// <summary>What every answer has, also an error.</summary>
    public static void Begin(HttpContext context)
    {
        var (request, headers) = (context.Request.Headers, context.Response.Headers);
        headers["x-ms-request-id"] = Guid.NewGuid().ToString();
        if (request["x-ms-version"] is [{ Length: 10 } version] && version.All(c => char.IsAsciiDigit(c) || c == '-'))
            headers["x-ms-version"] = version;
        // As Azure: printable, at most 1 KiB.
        if (request["x-ms-client-request-id"] is [{ Length: <= 1024 } id] && id.All(c => c is > ' ' and <= '~'))
            headers["x-ms-client-request-id"] = id;
    }
}
