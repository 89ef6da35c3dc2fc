using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace TgVault.Web.Http;

/// <summary>
/// What every answer says to browsers, whatever it is and whatever became of it: take it for what it is called, tell nobody the address,
/// which may hold a link, and let it load nothing. Pages say more, in their own words.
/// </summary>
internal static class AnswerHeaders
{
    // A browser that opens a film by its address makes a page around it, to which this applies.
    const string Media = "default-src 'none'; media-src 'self'; img-src 'self' data:; style-src 'unsafe-inline'";

    const string Others = "default-src 'none'; frame-ancestors 'none'";

    /// <summary>Sees to it that they are there when the answer begins. What an answer says itself stays.</summary>
    public static void Promise(HttpContext context)
    {
        RequestId.Give(context);
        context.Response.OnStarting(Add, context);
    }

    static Task Add(object state)
    {
        var context = (HttpContext)state;
        var headers = context.Response.Headers;
        var isMedia = context.GetEndpoint()?.Metadata.GetMetadata<VaultRoute>() is { Kind: RouteKind.Playing };
        headers.TryAdd("X-Content-Type-Options", "nosniff");
        headers.TryAdd("Referrer-Policy", "same-origin");
        headers.TryAdd(RequestId.Header, RequestId.Of(context));
        headers.TryAdd("Content-Security-Policy", new StringValues(isMedia ? Media : Others));
        return Task.CompletedTask;
    }
}
