using System.Security;
using System.Text;
using Microsoft.AspNetCore.Http;
using TgVault.Core.Staging.Folder;

namespace TgVault.Web.Staging;

/// <summary>
/// An error as blob storage tells it: a code that its clients look at, in a header and in XML, and a sentence for a person.
/// </summary>
internal sealed class BlobError(int status, string code, string message) : IResult
{
    /// <summary>So much of a refused body is read before the answer; a client that still sends would not read it.</summary>
    const long MostDrainedBytes = 64L << 20;

    public int Status => status;

    public string Code => code;

    public static BlobError NotPermitted { get; } =
        new(403, "AuthorizationPermissionMismatch", "An upload URL only permits to write its upload.");

    public static BlobError NotSigned { get; } =
        new(403, "AuthenticationFailed", "The upload URL is not signed by this vault for this upload. Use the URL as it was given.");

    public static BlobError Expired { get; } =
        new(403, "AuthenticationFailed", "The upload URL has expired. Ask for a new one: POST /api/uploads/{id}/renew.");

    public static BlobError NoSuchUpload { get; } = new(404, "BlobNotFound", "This upload was removed. Announce it anew.");

    public static BlobError Missing(string header) => new(400, "MissingRequiredHeader", $"The header {header} is missing.");

    public static BlobError Invalid(string header) =>
        new(400, "InvalidHeaderValue", $"The header {header} has a value that cannot be used.");

    /// <summary>Codes and statuses are those of Azure, where it has any.</summary>
    public static BlobError Of(UploadRefusedException refused)
    {
        var (status, code) = refused.Refusal switch
        {
            UploadRefusal.InvalidBlockId => (400, "InvalidBlockId"),
            UploadRefusal.InvalidBlock => (400, "InvalidBlobOrBlock"),
            UploadRefusal.InvalidBlockList => (400, "InvalidBlockList"),
            UploadRefusal.TooManyBlocks => (409, "BlockCountExceedsLimit"),
            UploadRefusal.TooLarge => (413, "RequestBodyTooLarge"),
            UploadRefusal.OtherLength => (400, "InvalidInput"),
            UploadRefusal.Incomplete => (400, "InvalidInput"),
            UploadRefusal.AlreadyExists => (409, "BlobAlreadyExists"),
            UploadRefusal.TakenUp => (409, "BlobAlreadyExists"),
            UploadRefusal.ConditionNotMet => (412, "ConditionNotMet"),
            UploadRefusal.Md5Mismatch => (400, "Md5Mismatch"),
            UploadRefusal.Crc64Mismatch => (400, "Crc64Mismatch"),
            UploadRefusal.Busy => (503, "ServerBusy"),
            // Clients of blob storage ask again on 500 and 503, for some seconds, and then say what went wrong. A full disk takes a person,
            // who is to hear of it at once; Azure's are never full, so there is no code of its.
            UploadRefusal.DiskFull => (507, "InsufficientStorage"),
            UploadRefusal.Gone => (404, "BlobNotFound"),
            _ => throw new InvalidOperationException($"bug: {refused.Refusal} has no code"),
        };
        return new BlobError(status, code, refused.Message);
    }

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        await DrainAsync(httpContext);
        var response = httpContext.Response;
        response.StatusCode = status;
        response.Headers["x-ms-error-code"] = code;
        response.Headers.CacheControl = "no-store";
        response.Headers.XContentTypeOptions = "nosniff";
        if (status == 503)
            response.Headers.RetryAfter = "1";
        var body = Encoding.UTF8.GetBytes(
            "<?xml version=\"1.0\" encoding=\"utf-8\"?>"
                + $"<Error><Code>{code}</Code><Message>{SecurityElement.Escape(message)}</Message></Error>"
        );
        response.ContentLength = body.Length;
        // Clients read XML wherever the type says so, also after HEAD.
        if (HttpMethods.IsHead(httpContext.Request.Method))
            return;
        response.ContentType = "application/xml";
        await response.Body.WriteAsync(body, httpContext.RequestAborted);
    }

    static async Task DrainAsync(HttpContext context)
    {
        // Who expects 100 Continue (RFC 9110 §10.1.1) sends nothing until the body is read.
        if (context.Request.ContentLength is not (> 0 and <= MostDrainedBytes) || context.Request.Headers.Expect.Count > 0)
            return;
        try
        {
            await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
        }
        catch (IOException)
        {
            // The client gave up sending; it may still read.
        }
    }
}
