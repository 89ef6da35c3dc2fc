using System.ComponentModel;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using TgVault.Core.Videos;

namespace TgVault.Web.Http.Problems;

/// <summary>An error as RFC 9457 tells it: one sentence that a person can act on, and per field what is wrong with it.</summary>
internal sealed class Problem(int status, string detail, IReadOnlyDictionary<string, string>? errors = null) : IResult
{
    public int Status => status;

    /// <summary>What it is, for programs.</summary>
    public ProblemCode Code { get; init; } = errors is null ? ProblemCodes.Of(status) : ProblemCode.InvalidFields;

    public string Detail => detail;

    /// <summary>When asking again can help, a second or more; null where that is not known.</summary>
    public TimeSpan? RetryAfter { get; init; }

    public static Problem NoSuchVideo { get; } =
        new(StatusCodes.Status404NotFound, "There is no video with this id.") { Code = ProblemCode.NoSuchVideo };

    public static Problem BeingRemoved { get; } =
        new(StatusCodes.Status409Conflict, "This video is being removed.") { Code = ProblemCode.BeingRemoved };

    public static Problem InTrash { get; } =
        new(StatusCodes.Status409Conflict, "This video is in the trash. Restore it first.") { Code = ProblemCode.InTrash };

    /// <summary>Something is wanted of the video that it can have only once it is ready.</summary>
    /// <param name="detail">One sentence.</param>
    public static Problem NotReady(string detail) => new(StatusCodes.Status409Conflict, detail) { Code = ProblemCode.NotReady };

    /// <summary>Something is wanted of the video that what is kept as a file cannot have.</summary>
    /// <param name="detail">One sentence.</param>
    public static Problem NotPlayable(string detail) => new(StatusCodes.Status409Conflict, detail) { Code = ProblemCode.NotPlayable };

    /// <summary>Why nothing can be changed of this video now; null where it can.</summary>
    public static Problem? WhyFixed(Video video) =>
        video.Life.Status switch
        {
            VideoStatus.Trashed => InTrash,
            VideoStatus.Deleting => BeingRemoved,
            _ => null,
        };

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = status;
        response.ContentType = "application/problem+json";
        response.Headers.CacheControl = "no-store";
        response.Headers.XContentTypeOptions = "nosniff";
        if (RetryAfter is { } after)
            response.Headers.RetryAfter = ((int)Math.Ceiling(after.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        Cors.AllowRefusal(httpContext);
        var body = JsonSerializer.SerializeToUtf8Bytes(
            new ProblemView("about:blank", ReasonPhrases.GetReasonPhrase(status), status, Code, detail, RequestId.Of(httpContext), errors),
            VaultJson.Options
        );
        response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(httpContext.Request.Method))
            await response.Body.WriteAsync(body, httpContext.RequestAborted);
    }
}

/// <summary>A problem as it is written.</summary>
internal sealed record ProblemView(
    string Type,
    string Title,
    int Status,
    [Description("What it is, for programs. It stays the same; others may be added.")] ProblemCode Code,
    [Description("One sentence that a person can act on.")] string Detail,
    [Description("As in the header X-Request-Id: the vault's log names it where the vault itself failed.")] string RequestId,
    [Description("What is wrong with each field.")] IReadOnlyDictionary<string, string>? Errors
);
