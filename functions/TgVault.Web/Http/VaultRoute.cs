using System.Collections.Immutable;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using TgVault.Core.ApiKeys;
using TgVault.Core.Links;
using TgVault.Core.Playback.Budget;
using TgVault.Web.Http.Problems;

namespace TgVault.Web.Http;

/// <summary>What a request must bring.</summary>
internal enum Access
{
    None,

    /// <summary>The API key, as <c>X-Api-Key</c> or bearer token, or the session of a browser that signed in with it.</summary>
    ApiKey,

    /// <summary>A link in the path.</summary>
    Link,

    /// <summary>The API key, or a link as query parameter <c>link</c>.</summary>
    LinkOrApiKey,

    /// <summary>
    /// The API key, or a named one also as the password of basic authentication (RFC 7617), which is what apps on a TV can send. The
    /// vault's own is not taken so: it is not for TVs.
    /// </summary>
    NamedKey,

    /// <summary>A signature in the query, which the handler checks: its refusals have another form.</summary>
    UploadUrl,

    /// <summary>An upload ticket in the path, which the handler checks.</summary>
    Ticket,
}

/// <summary>What a route is for.</summary>
internal enum RouteKind
{
    /// <summary>What anyone may ask.</summary>
    Public,

    /// <summary>Looking after videos, with the API key.</summary>
    Managing,

    /// <summary>Taking uploads at a signed URL, in the words of blob storage; the handler answers preflights, too.</summary>
    Uploading,

    /// <summary>Uploads from pages of other sites, by a ticket: preflights are answered for it.</summary>
    Ticketing,

    /// <summary>The library as a file system, for apps that speak WebDAV.</summary>
    Mounting,

    /// <summary>Bytes for players, also on pages of other sites: preflights are answered for it.</summary>
    Playing,
}

/// <summary>One thing the vault answers.</summary>
/// <param name="Name">What the caller wants; unique.</param>
/// <param name="Kind">What it is for.</param>
/// <param name="Methods">HTTP methods.</param>
/// <param name="Pattern">The path without a leading slash; parameters are read from the request's route values.</param>
/// <param name="Access">What the request must bring.</param>
/// <param name="About">What the API's description says of it.</param>
/// <param name="Answer">Gives the result to execute; asked only for requests that may pass.</param>
internal sealed record VaultRoute(
    string Name,
    RouteKind Kind,
    ImmutableArray<string> Methods,
    string Pattern,
    Access Access,
    Operation About,
    Func<HttpContext, Task<IResult>> Answer
)
{
    /// <summary>Which named API keys are good for it, where the vault's own is.</summary>
    public ImmutableArray<KeyScope> Scopes { get; init; } = [KeyScope.All];

    /// <summary>What it is listed under in the API's description.</summary>
    public string Tag { get; init; } = "Vault";

    /// <summary>Checks access and answers.</summary>
    public async Task RunAsync(HttpContext context)
    {
        var gate = context.RequestServices.GetRequiredService<Gate>();
        if (Kind == RouteKind.Ticketing)
        {
            // The ticket is the permission, whichever site the page is on.
            Cors.Allow(context, origins: null);
            if (HttpMethods.IsOptions(context.Request.Method))
            {
                await Cors.PreflightOfTicket(context).ExecuteAsync(context);
                return;
            }
        }

        if (IsPreflight(context))
        {
            // A browser cannot send a key here or be told why it failed; the request that follows is checked.
            await Cors.Preflight(context, (await gate.FindLinkAsync(context))?.Origins).ExecuteAsync(context);
            return;
        }

        var refusal = await gate.RefuseAsync(context, this);
        // Here, since it is seen by what this method calls and by nothing else.
        if (context.Features.Get<VideoLink>() is { } link)
            LinkAllowance.Current = await context.RequestServices.GetRequiredService<FetchBudget>().FindAsync(link.Id, link.Video);
        if (Kind == RouteKind.Managing)
            refusal ??= KnownParameters.Refuse(context.Request, About);
        var result = refusal ?? await Answer(context);
        // Somebody opened it in a browser, where a player or a page would be.
        if (Kind == RouteKind.Playing && result is Problem problem && IsForPerson(context.Request))
            result = context.RequestServices.GetRequiredService<IWordsPage>().Of(problem.Detail, problem.Status);
        await result.ExecuteAsync(context);
    }

    // Browsers say what a request is for; those that do not say at least that they would like a page.
    static bool IsForPerson(HttpRequest request) =>
        request.Headers["Sec-Fetch-Dest"].ToString() switch
        {
            "document" or "iframe" or "frame" => true,
            "" => request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase),
            _ => false,
        };

    bool IsPreflight(HttpContext context) => Kind == RouteKind.Playing && HttpMethods.IsOptions(context.Request.Method);
}
